import { z } from 'zod';
import { flag, scalar, scalars } from '../prow/fields.ts';

/** One of `welcome`. */
export const welcomeEntry = z.object({
  repos: scalars.describe('Organisations and repositories.'),
  message_template: scalar.default('').describe('Go template of the greeting.'),
  always_post: flag.default(false).describe('Everybody is greeted, not only newcomers.'),
});
