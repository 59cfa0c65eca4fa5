import type { Position } from './position.ts';

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
