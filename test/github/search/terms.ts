/** A qualifier such as `-label:"a","b"`: any of the values fulfils it. */
export interface Qualifier {
  readonly kind: 'qualifier';
  readonly key: string;
  readonly values: readonly string[];
  readonly negated: boolean;
}

/** A word or quoted phrase to be found in the text. */
export interface Word {
  readonly kind: 'word';
  readonly text: string;
  readonly negated: boolean;
}

/** One part of a search. */
export type Term = Qualifier | Word;

const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const TERM = new RegExp(`-?(?:[a-z-]+:)?(?:${QUOTED}|[^\\s"])+`, 'gi');
const QUALIFIER = /^(-?)([a-z][a-z-]*):(.*)$/is;
const VALUE = new RegExp(`${QUOTED}|[^,]+`, 'g');

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

function termOf(text: string): Term {
  const [, minus = '', key = '', rest = ''] = QUALIFIER.exec(text) ?? [];
  if (key === '' || rest === '') {
    const negated = text.startsWith('-') && text.length > 1;
    return { kind: 'word', text: unquoted(negated ? text.slice(1) : text), negated };
  }
  const values = (rest.match(VALUE) ?? []).map(unquoted);
  return { kind: 'qualifier', key: key.toLowerCase(), values, negated: minus === '-' };
}

/** Reads the text of a search as GitHub does. */
export function parseTerms(text: string): readonly Term[] {
  return (text.match(TERM) ?? []).map(termOf);
}
