import type { z } from 'zod';
import { quickFor, REFUSED } from './quick.ts';
import { tidyFor } from './tidy.ts';

/**
 * What a declaration makes of a value from a file.
 * @throws z.ZodError with all that it refuses
 */
export function parseDeclared<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const tidy = tidyFor(schema)(value);
  const quick = quickFor(schema)(tidy);
  // The quick reading yields what the declaration would; see `test/config/declared.test.ts`.
  return quick === REFUSED ? schema.parse(tidy) : (quick as z.output<Schema>);
}

/** The same, with what is refused as a value. */
export function tryDeclared<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.ZodSafeParseResult<z.output<Schema>> {
  return schema.safeParse(tidyFor(schema)(value));
}
