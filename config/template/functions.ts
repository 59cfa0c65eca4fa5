import { TemplateError } from './error.ts';
import { printed, printFormatted } from './print.ts';

type Rule = (parts: readonly unknown[]) => unknown;

const HTML: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&#34;',
  "'": '&#39;',
  '\u0000': '\uFFFD',
};

const FUNCTIONS: Readonly<Record<string, Rule>> = {
  and: (parts) => parts.find((part) => !isTrue(part)) ?? parts.at(-1),
  or: (parts) => parts.find(isTrue) ?? parts.at(-1),
  not: ([first]) => !isTrue(first),
  eq: ([first, ...rest]) => rest.some((other) => compared(first, other) === 0),
  ne: ([first, second]) => compared(first, second) !== 0,
  lt: ([first, second]) => compared(first, second) < 0,
  le: ([first, second]) => compared(first, second) <= 0,
  gt: ([first, second]) => compared(first, second) > 0,
  ge: ([first, second]) => compared(first, second) >= 0,
  len: ([first]) => lengthOf(first),
  index: ([first, ...keys]) => keys.reduce<unknown>(itemOf, first),
  slice: ([first, ...bounds]) => sliceOf(first, bounds),
  print: (parts) => parts.map(printed).join(''),
  println: (parts) => `${parts.map(printed).join(' ')}\n`,
  printf: ([format, ...parts]) => printFormatted(String(format), parts),
  html: (parts) =>
    parts
      .map(printed)
      .join('')
      .replace(/[<>&"'\0]/g, (one) => HTML[one] ?? one),
  js: (parts) => scriptText(parts.map(printed).join('')),
  urlquery: (parts) =>
    encodeURIComponent(parts.map(printed).join(''))
      .replaceAll('%20', '+')
      .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`),
  call: () => {
    throw new TemplateError('{{call}}: nothing here is a function');
  },
};

/** Whether a name is a function of Go's template language. */
export function isFunction(name: string): boolean {
  return Object.hasOwn(FUNCTIONS, name);
}

/**
 * What a function yields.
 * @throws TemplateError
 */
export function call(name: string, parts: readonly unknown[]): unknown {
  return FUNCTIONS[name]?.(parts);
}

/** Go's idea of truth: nothing, zero and empty are false. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

// A field that is not there is the empty value of whatever it is compared with.
function compared(one: unknown, other: unknown): number {
  const [left, right] = [one ?? zeroLike(other), other ?? zeroLike(one)];
  if (left === right) return 0;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return typeof left === 'string' && typeof right === 'string' && left < right ? -1 : 1;
}

function zeroLike(value: unknown): unknown {
  if (typeof value === 'string') return '';
  if (typeof value === 'number') return 0;
  return typeof value === 'boolean' ? false : undefined;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  return Array.isArray(value) ? value.length : Object.keys(Object(value)).length;
}

function itemOf(value: unknown, key: unknown): unknown {
  return Reflect.get(Object(value), String(key));
}

function sliceOf(value: unknown, bounds: readonly unknown[]): unknown {
  const [from, to] = bounds.map(Number);
  return typeof value === 'string' || Array.isArray(value) ? value.slice(from, to) : value;
}

function scriptText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: scripts may not hold them
  return text.replace(/[\\'"<>&=\0-\x1f]/g, (one) => {
    if (one === '\\' || one === "'" || one === '"') return `\\${one}`;
    return `\\u${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}
