/** A value as Go prints it: text as it is, lists in brackets, mappings as `map[key:value]`. */
export function printed(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return `[${value.map(printed).join(' ')}]`;
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `map[${entries.map(([key, item]) => `${key}:${printed(item)}`).join(' ')}]`;
}

// Go's is larger, and nobody's.
const WIDEST = 1_000;
const VERB = /%([-+# 0]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;

/** Go's `Sprintf`, as far as templates use it: width, precision, and the verbs `v s q d x t f g c`. */
export function printFormatted(format: string, parts: readonly unknown[]): string {
  let next = 0;
  return format.replace(VERB, (_, flags: string, width = '0', precision, verb: string) => {
    if (verb === '%') return '%';
    if (Number(width) > WIDEST || Number(precision ?? 0) > WIDEST) return '%!(BADWIDTH)';
    if (next >= parts.length) return `%!${verb}(MISSING)`;
    const text = byVerb(verb, parts[next++], precision);
    if (flags.includes('-')) return text.padEnd(Number(width));
    return text.padStart(Number(width), flags.includes('0') ? '0' : ' ');
  });
}

function byVerb(verb: string, value: unknown, precision: string | undefined): string {
  switch (verb) {
    case 'q':
      return JSON.stringify(printed(value));
    case 'x':
      return typeof value === 'number'
        ? value.toString(16)
        : Buffer.from(printed(value)).toString('hex');
    case 'f':
      return Number(value).toFixed(Number(precision ?? 6));
    case 'c':
      return String.fromCodePoint(Number(value));
    case 's':
      return printed(value).slice(0, precision === undefined ? undefined : Number(precision));
    default:
      return printed(value);
  }
}
