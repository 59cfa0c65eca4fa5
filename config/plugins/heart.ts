import { z } from 'zod';
import { text, texts } from '../prow/fields.ts';

/** `heart`: whose comments are liked. */
export const heartSection = z.object({
  adorees: texts.describe('Logins.'),
  commentregexp: text.default('').describe('Comments that are liked, RE2.'),
});
