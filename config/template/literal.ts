import { TemplateError } from './error.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};
const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/gs;

/**
 * The value of a literal of Go: text, a character (its number), or a number.
 * @throws TemplateError
 */
export function literalOf(text: string): string | number {
  if (text.startsWith('`')) return text.slice(1, -1);
  if (text.startsWith('"')) return unescaped(text.slice(1, -1));
  if (text.startsWith("'")) return characterOf(text);
  return numberOf(text);
}

function characterOf(text: string): number {
  const [code, ...more] = [...unescaped(text.slice(1, -1))].map((one) => one.codePointAt(0));
  if (code === undefined || more.length > 0) throw new TemplateError(`{{${text}}} is no character`);
  return code;
}

function numberOf(text: string): number {
  const plain = text.replaceAll('_', '');
  const octal = /^([+-]?)0[oO]?([0-7]+)$/.exec(plain);
  if (octal !== null) return Number(`${octal[1]}${Number.parseInt(octal[2] ?? '0', 8)}`);
  const based = /^([+-]?)(0[xXbB].+)$/.exec(plain);
  return based === null ? Number(plain) : Number(based[2]) * (based[1] === '-' ? -1 : 1);
}

function unescaped(text: string): string {
  return text.replace(ESCAPE, (whole, x, u, long, octal, letter) => {
    const hex = x ?? u ?? long;
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const plain = ESCAPES[letter];
    if (plain === undefined) throw new TemplateError(`{{${whole}}}: there is no such escape`);
    return plain;
  });
}
