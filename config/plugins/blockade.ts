import { z } from 'zod';
import { scalar, scalars } from '../prow/fields.ts';

/** One of `blockades`: paths that must not change. */
export const blockadeEntry = z.object({
  repos: scalars.describe('Organisations and repositories that it is for.'),
  branchregexp: scalar.optional().describe('Branches that it is for, RE2; all unless given.'),
  blockregexps: scalars.describe('Paths that must not change, RE2.'),
  exceptionregexps: scalars.describe('Paths that may change all the same, RE2.'),
  explanation: scalar.default('').describe('Why; part of the comment.'),
});
