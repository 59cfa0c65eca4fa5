/**
 * A value as PostgreSQL's `jsonb` takes it. JSON may name the character NUL and halves of surrogate
 * pairs, `jsonb` refuses both, and a stranger's comment must not be able to stop a write.
 */
export function toJson(value: unknown): string {
  // Half a pair is the only surrogate that is written as an escape.
  return JSON.stringify(value ?? null).replace(
    /\\(?:u([0-9a-f]{4})|.)/g,
    (written, code?: string) => (code === '0000' || code?.startsWith('d') ? '\\ufffd' : written),
  );
}

/** A parameter as PostgreSQL takes it: text has no NUL. */
export function toParameter(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value;
}
