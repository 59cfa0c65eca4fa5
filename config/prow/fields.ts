import { z } from 'zod';
import { formatDuration, parseDuration } from '../duration.ts';

/** A type with all its parts read-only. */
export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** Text; an unquoted number or boolean is read as its text, and an empty item of a list as "", as Prow's loader does. */
export const text = z.union(
  [
    z.string(),
    z.number().transform(String),
    z.boolean().transform(String),
    z.null().transform(() => ''),
  ],
  { error: 'this must be text' },
);

/** A list of texts, empty if it is not written. */
export const texts = z.array(text, { error: 'this must be a list' }).default([]);

/** Text by key. */
export const textByKey = z.record(z.string(), text);

/** True or false. */
export const flag = z.boolean({ error: 'this must be true or false' });

/** A whole number. */
export const whole = z.int({ error: 'this must be a whole number' });

/** A whole number that is not negative. */
export const count = whole.min(0, { error: 'this must not be negative' });

/** A duration in Go's notation, or nanoseconds; kept as Go writes it (`2h0m0s`). */
export const duration = z
  .union([z.string(), z.number()], { error: 'this must be a duration such as 1h30m' })
  .transform((value, context) => {
    const nanoseconds = typeof value === 'number' ? value : parseDuration(value);
    if (nanoseconds !== undefined) return formatDuration(nanoseconds);
    context.addIssue({ code: 'custom', message: `${value} is no duration such as 1h30m` });
    return z.NEVER;
  });

/** Anything that this program only passes on. */
export const raw = z.record(z.string(), z.unknown());
