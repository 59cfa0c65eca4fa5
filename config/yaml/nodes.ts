import type { Document, ParsedNode } from 'yaml';
import { Composer, LineCounter, Parser } from 'yaml';
import type { Position } from './position.ts';

/** The nodes of a text's first document; scalars are text still. */
export interface Nodes {
  readonly document: Document<ParsedNode> | undefined;
  positionOf(offset: number): Position;
}

/** Reads a text's first document into nodes. */
export function readNodes(text: string): Nodes {
  const lines = new LineCounter();
  const composer = new Composer({
    version: '1.1',
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    lineCounter: lines,
  });
  const [document] = composer.compose(new Parser(lines.addNewLine).parse(text), true, text.length);
  return {
    document,
    positionOf(offset) {
      const { line, col } = lines.linePos(offset);
      return { line, column: col };
    },
  };
}
