import { z } from 'zod';
import { text, texts } from '../prow/fields.ts';

/** One of `blockades`: paths that must not change. */
export const blockadeEntry = z.object({
  repos: texts.describe('Organisations and repositories that it is for.'),
  branchregexp: text.optional().describe('Branches that it is for, RE2; all unless given.'),
  blockregexps: texts.describe('Paths that must not change, RE2.'),
  exceptionregexps: texts.describe('Paths that may change all the same, RE2.'),
  explanation: text.default('').describe('Why; part of the comment.'),
});
