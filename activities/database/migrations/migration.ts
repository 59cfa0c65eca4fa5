/** One step of the schema: applied once, in order, never edited after a release. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}
