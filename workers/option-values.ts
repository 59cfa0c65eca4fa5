import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

/** Flags or environment that cannot be worked with; the message says what to do, a line per problem. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

/** A file that can be read, as an absolute path. */
export const readable = z.string().transform((path, context) => {
  try {
    accessSync(path, constants.R_OK);
  } catch {
    context.addIssue(`${path} cannot be read: check the path and its permissions`);
  }
  return resolve(path);
});

/** A field that is left out when there is no value. */
export function optional<K extends string, V>(
  key: K,
  value: V | undefined,
): { readonly [P in K]?: V } | Record<never, never> {
  return value === undefined ? {} : { [key]: value };
}
