import { z } from 'zod';
import { flag, text, texts } from '../prow/fields.ts';

/** One of `welcome`. */
export const welcomeEntry = z.object({
  repos: texts.describe('Organisations and repositories.'),
  message_template: text.default('').describe('Go template of the greeting.'),
  always_post: flag.default(false).describe('Everybody is greeted, not only newcomers.'),
});
