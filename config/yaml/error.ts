/** Where something stands in a text; both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A text that is no YAML. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, position?: Position) {
    super(message);
    this.line = position?.line;
    this.column = position?.column;
  }
}
