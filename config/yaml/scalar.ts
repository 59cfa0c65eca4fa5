const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word) => [word, true] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word) => [word, false] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (word) => [word, Number.POSITIVE_INFINITY] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

// What a plain scalar must start with to be anything but text.
const HINT = /^[-+.\d~yYnNtTfFoO]/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const DOTTED = /^\.\d[\d_]*(?:[eE][-+]?\d+)?$/;
const WHOLE = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;

/**
 * The value of a plain scalar as Go's YAML library reads it: the booleans and octals of YAML 1.1, but neither
 * numbers of base 60 nor dates, which stay text.
 */
export function resolvePlain(text: string): unknown {
  if (text !== '' && !HINT.test(text)) return text;
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const code = text.charCodeAt(0);
  if (code === 0x2e) return DOTTED.test(text) ? Number(text.replaceAll('_', '')) : text;
  const numeric = (code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2d;
  return numeric ? numberOf(text) : text;
}

function numberOf(text: string): number | string {
  const plain = text.replaceAll('_', '');
  const [, sign, hex, binary, octal, decimal] = WHOLE.exec(plain) ?? [];
  if (sign === undefined) return floatOf(plain) ?? text;
  const forms = [
    [decimal, 10],
    [hex, 16],
    [binary, 2],
    [octal, 8],
  ] as const;
  const [digits = '0', base] = forms.find(([found]) => found !== undefined) ?? ['0', 10];
  const value = Number.parseInt(digits, base);
  return sign === '-' && value !== 0 ? -value : value;
}

// What is too large to be a number is text.
function floatOf(plain: string): number | undefined {
  const value = FLOAT.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** The text of a scalar that is the key of a mapping; undefined if it may not be one. */
export function keyText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' ? numberText(value) : undefined;
}

/** A number as Go's loader writes it where text is asked for: floats in single precision, at most six digits before the exponent. */
export function numberText(value: number): string {
  if (Number.isInteger(value) || Number.isNaN(value)) return String(value);
  if (!Number.isFinite(value)) return value < 0 ? '-Inf' : '+Inf';
  const short = shortest(value);
  const [digits = '', exponent = ''] = short.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(short);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

// The shortest decimal that is the same number in single precision.
function shortest(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < 17; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === single) return candidate;
  }
  return value;
}
