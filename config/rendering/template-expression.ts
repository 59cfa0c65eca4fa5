/** A template that is broken, or uses what is not supported. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** A value in a template action. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'field'; readonly path: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly parts: readonly Expression[] };

type Rule = (parts: readonly unknown[]) => unknown;

const FUNCTIONS: Readonly<Record<string, Rule>> = {
  eq: ([first, ...rest]) => rest.some((other) => other === first),
  ne: ([first, second]) => first !== second,
  and: (parts) => parts.find((part) => !isTrue(part)) ?? parts.at(-1),
  or: (parts) => parts.find(isTrue) ?? parts.at(-1),
  not: ([first]) => !isTrue(first),
  len: ([first]) =>
    typeof first === 'string' || Array.isArray(first)
      ? first.length
      : Object.keys(Object(first)).length,
  index: ([first, ...keys]) =>
    keys.reduce<unknown>((value, key) => Reflect.get(Object(value), String(key)), first),
  print: (parts) => parts.map(printed).join(''),
  urlquery: (parts) => encodeURIComponent(parts.map(printed).join('')).replaceAll('%20', '+'),
};

/** Reads what stands between `{{` and `}}`, control words aside. */
export function parseExpression(text: string): Expression {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|`[^`]*`|[()|]|[^\s()|]+/g) ?? [];
  const [expression, end] = parsePipeline(tokens, 0);
  if (end !== tokens.length || tokens.length === 0) throw unsupported(text);
  return expression;
}

/** The value of an expression, with `dot` as what `.` is. */
export function evaluate(expression: Expression, dot: unknown): unknown {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'field') return expression.path.reduce(field, dot);
  const parts = expression.parts.map((part) => evaluate(part, dot));
  return FUNCTIONS[expression.name]?.(parts);
}

/** Go's idea of truth: nothing, zero and empty are false. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** A value as text. */
export function printed(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function parsePipeline(tokens: readonly string[], start: number): readonly [Expression, number] {
  let [expression, position] = parseCommand(tokens, start);
  while (tokens[position] === '|') {
    const [next, end] = parseCommand(tokens, position + 1);
    if (next.kind !== 'call') throw unsupported(tokens.join(' '));
    expression = { ...next, parts: [...next.parts, expression] };
    position = end;
  }
  return [expression, position];
}

function parseCommand(tokens: readonly string[], start: number): readonly [Expression, number] {
  const word = tokens[start] ?? '';
  if (!Object.hasOwn(FUNCTIONS, word)) return parseOperand(tokens, start);
  const parts: Expression[] = [];
  let position = start + 1;
  while (position < tokens.length && tokens[position] !== ')' && tokens[position] !== '|') {
    const [part, end] = parseOperand(tokens, position);
    parts.push(part);
    position = end;
  }
  return [{ kind: 'call', name: word, parts }, position];
}

function parseOperand(tokens: readonly string[], start: number): readonly [Expression, number] {
  const word = tokens[start] ?? '';
  if (word === '(') {
    const [inner, end] = parsePipeline(tokens, start + 1);
    if (tokens[end] !== ')') throw unsupported(tokens.join(' '));
    return [inner, end + 1];
  }
  if (/^(\.\w+)+$|^\.$/.test(word)) {
    return [{ kind: 'field', path: word.split('.').filter((part) => part !== '') }, start + 1];
  }
  return [{ kind: 'literal', value: literal(word) }, start + 1];
}

function literal(word: string): string | number | boolean {
  if (/^-?\d+$/.test(word)) return Number(word);
  if (word === 'true' || word === 'false') return word === 'true';
  if (word.startsWith('`')) return word.slice(1, -1);
  if (!word.startsWith('"')) throw unsupported(word);
  try {
    return String(JSON.parse(word));
  } catch {
    throw unsupported(word);
  }
}

// Go's field names and our JSON keys differ in case and underscores only: BuildID is build_id.
function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const plain = name.toLowerCase();
  const key = Object.keys(value).find((one) => one.replaceAll('_', '').toLowerCase() === plain);
  return key === undefined ? undefined : Reflect.get(value, key);
}

function unsupported(text: string): TemplateError {
  return new TemplateError(
    `{{${text}}} is not supported: fields, if, with, else, end and the functions ${Object.keys(FUNCTIONS).join(', ')} are`,
  );
}
