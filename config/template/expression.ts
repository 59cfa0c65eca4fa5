import { TemplateError } from './error.ts';
import { isFunction } from './functions.ts';
import type { Word } from './lexer.ts';
import { literalOf } from './literal.ts';

/** A value in an action. */
export type Operand =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'call'; readonly name: string }
  | { readonly kind: 'path'; readonly from: Source; readonly fields: readonly string[] };

/** Where the fields of a path begin. */
export type Source =
  | { readonly kind: 'dot' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline };

/** Commands, each of which is given what the one before it yields. */
export interface Pipeline {
  /** Variables that take the value, and whether they are new. */
  readonly targets: readonly string[];
  readonly declares: boolean;
  readonly commands: readonly (readonly Operand[])[];
}

/** The variables that are known at a place of a template. */
export interface Scope {
  readonly variables: string[];
}

interface Reading {
  readonly words: readonly Word[];
  readonly scope: Scope;
  at: number;
}

/**
 * Reads the words of an action as a pipeline; variables that it declares join the scope.
 * @throws TemplateError
 */
export function parsePipeline(words: readonly Word[], scope: Scope, inRange = false): Pipeline {
  const reading: Reading = { words, scope, at: 0 };
  const { targets, declares } = readTargets(reading, inRange);
  const commands = readCommands(reading);
  if (reading.at < words.length) throw unexpected(reading);
  if (declares) scope.variables.push(...targets);
  return { targets, declares, commands };
}

function readTargets(reading: Reading, inRange: boolean) {
  const { words, scope } = reading;
  const names: string[] = [];
  let at = 0;
  while (words[at]?.kind === 'variable') {
    names.push(words[at]?.text ?? '');
    at++;
    if (words[at]?.text !== ',' || !inRange || names.length > 1) break;
    at++;
  }
  const sign = words[at]?.text;
  if (names.length === 0 || (sign !== ':=' && sign !== '='))
    return { targets: [], declares: false };
  if (sign === '=') for (const name of names) known(name, scope);
  reading.at = at + 1;
  return { targets: names, declares: sign === ':=' };
}

function readCommands(reading: Reading): readonly (readonly Operand[])[] {
  const commands: (readonly Operand[])[] = [];
  for (;;) {
    const command = readCommand(reading);
    const [first] = command;
    if (first?.kind === 'literal' && (commands.length > 0 || first.value === null)) {
      throw new TemplateError(`${shown(reading)}: a value is no command`);
    }
    commands.push(command);
    if (reading.words[reading.at]?.text !== '|') return commands;
    reading.at++;
  }
}

function readCommand(reading: Reading): readonly Operand[] {
  const operands: Operand[] = [];
  for (;;) {
    const word = reading.words[reading.at];
    const ends = word === undefined || (word.kind === 'mark' && word.text !== '(');
    if (ends) break;
    if (word.joined && operands.length > 0 && reading.words[reading.at - 1]?.kind !== 'mark') {
      throw unexpected(reading);
    }
    operands.push(readOperand(reading, word));
  }
  if (operands.length === 0) throw new TemplateError(`${shown(reading)}: a value is missing`);
  return operands;
}

function readOperand(reading: Reading, word: Word): Operand {
  reading.at++;
  switch (word.kind) {
    case 'literal':
      return { kind: 'literal', value: literalOf(word.text) };
    case 'name':
      return named(word.text, reading);
    case 'variable':
      known(word.text, reading.scope);
      return path({ kind: 'variable', name: word.text }, [], reading);
    case 'field':
      return path({ kind: 'dot' }, word.text === '.' ? [] : [word.text.slice(1)], reading);
    case 'mark':
      return path({ kind: 'pipeline', pipeline: readParenthesis(reading) }, [], reading);
  }
}

function readParenthesis(reading: Reading): Pipeline {
  const commands = readCommands(reading);
  if (reading.words[reading.at]?.text !== ')') throw unexpected(reading);
  reading.at++;
  return { targets: [], declares: false, commands };
}

function path(from: Source, first: readonly string[], reading: Reading): Operand {
  const fields = [...first];
  for (;;) {
    const word = reading.words[reading.at];
    if (word?.kind !== 'field' || !word.joined || word.text === '.') break;
    fields.push(word.text.slice(1));
    reading.at++;
  }
  return { kind: 'path', from, fields };
}

function named(name: string, reading: Reading): Operand {
  if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' };
  if (name === 'nil') return { kind: 'literal', value: null };
  if (isFunction(name)) return { kind: 'call', name };
  throw new TemplateError(`${shown(reading)}: there is no function ${name}`);
}

function known(name: string, { variables }: Scope): void {
  if (!variables.includes(name)) throw new TemplateError(`{{${name}}}: the variable is not set`);
}

function unexpected(reading: Reading): TemplateError {
  const word = reading.words[reading.at];
  const what = word === undefined ? 'a ) is missing' : `${word.text} is not expected here`;
  return new TemplateError(`${shown(reading)}: ${what}`);
}

function shown({ words }: Reading): string {
  const text = words.map((word) => (word.joined ? word.text : ` ${word.text}`)).join('');
  return `{{${text.trim()}}}`;
}
