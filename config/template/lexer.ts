import { TemplateError } from './error.ts';

/** One word of an action. */
export interface Word {
  readonly kind: 'literal' | 'name' | 'field' | 'variable' | 'mark';
  readonly text: string;
  /** Nothing stands between it and the word before. */
  readonly joined: boolean;
}

/** A part of a template: text, or what stands between `{{` and `}}`. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly text: string; readonly words: readonly Word[] };

const QUOTED = String.raw`"(?:[^"\\\n]|\\.)*"|\x60[^\x60]*\x60|'(?:[^'\\\n]|\\.)+'`;
const ACTION = new RegExp(
  String.raw`(\s*\{\{-(?=\s)|\{\{)(\s*/\*[\s\S]*?\*/\s*?|(?:${QUOTED}|[^"'\x60}]|\}(?!\}))*?)((?<=\s)-\}\}\s*|\}\})`,
  'g',
);
const WORD = new RegExp(
  String.raw`(?<space>\s+)|(?<literal>${QUOTED}|[+-]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+(?![\d.])|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)(?!\w))|(?<mark>:=|[=|(),])|(?<variable>\$\w*)|(?<field>\.\w+)|(?<dot>\.)|(?<name>[A-Za-z_]\w*)`,
  'y',
);

/**
 * Cuts a template into text and actions; spaces beside `{{-` and `-}}` are gone.
 * @throws TemplateError
 */
export function partsOf(template: string): readonly Part[] {
  const parts: Part[] = [];
  let position = 0;
  for (const match of template.matchAll(ACTION)) {
    const [whole, , inside = ''] = match;
    addText(parts, template.slice(position, match.index));
    const text = inside.trim();
    if (!text.startsWith('/*')) parts.push({ kind: 'action', text, words: wordsOf(text) });
    position = match.index + whole.length;
  }
  const rest = template.slice(position);
  if (rest.includes('{{')) throw new TemplateError('an action {{ is not closed by }}');
  addText(parts, rest);
  return parts;
}

function addText(parts: Part[], text: string): void {
  if (text.includes('{{')) throw new TemplateError('an action {{ is not closed by }}');
  if (text !== '') parts.push({ kind: 'text', text });
}

function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  let joined = false;
  WORD.lastIndex = 0;
  while (WORD.lastIndex < text.length) {
    const at = WORD.lastIndex;
    const groups = WORD.exec(text)?.groups;
    if (groups === undefined) {
      WORD.lastIndex = 0;
      throw new TemplateError(`{{${text}}}: ${JSON.stringify(text.slice(at))} is not understood`);
    }
    const word = wordOf(groups, joined);
    if (word !== undefined) words.push(word);
    joined = word !== undefined;
  }
  return words;
}

function wordOf(groups: Readonly<Record<string, string>>, joined: boolean): Word | undefined {
  const { literal, name, field, dot, variable, mark } = groups;
  if (literal !== undefined) return { kind: 'literal', text: literal, joined };
  if (name !== undefined) return { kind: 'name', text: name, joined };
  if (field !== undefined) return { kind: 'field', text: field, joined };
  if (dot !== undefined) return { kind: 'field', text: '.', joined };
  if (variable !== undefined) return { kind: 'variable', text: variable, joined };
  return mark === undefined ? undefined : { kind: 'mark', text: mark, joined };
}
