/** Where something stands in a text; both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Answers where the parts of a text stand. */
export interface Places {
  /** The deepest existing part of a path: what it names, or the key before it if `key` is set or it begins on a later line. */
  find(path: readonly PropertyKey[], key?: boolean): Position | undefined;
  /** Keys that are written twice in one mapping; a strict reading refuses them. */
  repeatedKeys(): readonly RepeatedKey[];
}

/** A key that is written again. */
export interface RepeatedKey {
  readonly path: readonly PropertyKey[];
  readonly position: Position;
}
