import { z } from 'zod';
import { scalar, scalars } from '../prow/fields.ts';

/** `heart`: whose comments are liked. */
export const heartSection = z.object({
  adorees: scalars.describe('Logins.'),
  commentregexp: scalar.default('').describe('Comments that are liked, RE2.'),
});
