/** A moment as GitHub writes it. */
export function timestampOf(moment: string | number): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}
