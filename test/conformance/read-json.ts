/** What an address answers, as JSON. */
export async function readJson(url: string): Promise<unknown> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`GET ${url}: ${answer.status}`);
  return answer.json();
}
