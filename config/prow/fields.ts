import { z } from 'zod';
import { typeProblems } from '../declared/kubernetes-check.ts';
import type { TypeName } from '../declared/kubernetes-types.ts';
import { marks } from '../declared/marks.ts';
import { formatDuration, parseDuration } from '../duration.ts';
import { quantityProblem } from '../quantity.ts';

/** A type with all its parts read-only. */
export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/**
 * Text. In config.yaml and in most of a job an unquoted number or boolean is refused, as by Prow: it reads both
 * into types within types, where its loader does not see that text is asked for.
 */
export const text = z.string({ error: 'this must be text; quote it' });

/** Text that may be an unquoted number or boolean, which is read as its text. */
export const scalar = z.string({ error: 'this must be text' });
marks.add(scalar, { scalars: true });

/** A list of texts, empty if it is not written. */
export const texts = z.array(text, { error: 'this must be a list' }).default([]);

/** A list of such texts, empty if it is not written. */
export const scalars = z.array(scalar, { error: 'this must be a list' }).default([]);

/** Text by key. */
export const textByKey = z.record(z.string(), text);

/** Such text by key. */
export const scalarByKey = z.record(z.string(), scalar);

/** True or false. */
export const flag = z.boolean({ error: 'this must be true or false' });

/** A whole number. */
export const whole = z.int({ error: 'this must be a whole number' });

/** A whole number that is not negative. */
export const count = whole.min(0, { error: 'this must not be negative' });

const DURATION = { error: 'this must be a duration such as 1h30m' };

/** A duration in Go's notation; kept as Go writes it (`2h0m0s`). */
export const duration = z.string(DURATION).transform(readDuration);

/** The same, or nanoseconds. */
export const durationOrNumber = z.union([z.string(), z.int()], DURATION).transform(readDuration);

function readDuration(value: string | number, context: z.core.$RefinementCtx): string {
  const nanoseconds = typeof value === 'number' ? value : parseDuration(value);
  if (nanoseconds !== undefined) return formatDuration(nanoseconds);
  context.addIssue({ code: 'custom', message: `${value} is no duration such as 1h30m` });
  return z.NEVER;
}

/** A quantity of Kubernetes, kept as it is written; a number is its text. */
export const quantity = z
  .union([z.string(), z.number()], { error: 'this must be a quantity such as 500m or 1Gi' })
  .transform((value, context) => {
    const message = quantityProblem(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
    return String(value);
  });

/** Anything that this program only passes on. */
export const raw = z.record(z.string(), z.unknown());
marks.add(raw, { opaque: true });

/** A value of one of the listed types of Kubernetes and Prow; what the type does not know passes. */
export function typed<Shape extends z.core.$ZodLooseShape>(
  type: TypeName,
  shape: Shape,
  options: { readonly scalars?: true } = {},
) {
  const schema = z
    .looseObject(shape, { error: 'this must be a mapping' })
    .superRefine((value, context) => {
      for (const { path, why } of typeProblems(type, value)) {
        context.addIssue({ code: 'custom', path: [...path], message: why });
      }
    });
  marks.add(schema, { type, ...options });
  return schema;
}
