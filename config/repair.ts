import type { z } from 'zod';
import { tidyFor } from './declared/tidy.ts';
import { listOf, recordOf } from './relocate.ts';

/**
 * What a declaration makes of a value without the parts that it refuses, so that one mistake does not hide or
 * cause others. Undefined if the rest is refused too.
 */
export function acceptedRest<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> | undefined {
  const tidy = tidyFor(schema)(value);
  const first = schema.safeParse(tidy);
  if (first.success) return first.data;
  const rest = first.error.issues.reduceRight<unknown>(
    (left, { path }) => without(left, path),
    tidy,
  );
  const second = schema.safeParse(rest);
  return second.success ? second.data : undefined;
}

/** A value without what stands at a path. */
function without(value: unknown, [key, ...deeper]: readonly PropertyKey[]): unknown {
  if (key === undefined) return undefined;
  if (Array.isArray(value)) {
    const changed = listOf(value).map((item, index) =>
      index === key ? without(item, deeper) : item,
    );
    return changed.filter((item) => item !== undefined);
  }
  const fields = recordOf(value);
  if (fields === undefined) return undefined;
  const changed = { ...fields, [key]: without(fields[String(key)], deeper) };
  return Object.fromEntries(Object.entries(changed).filter(([, item]) => item !== undefined));
}
