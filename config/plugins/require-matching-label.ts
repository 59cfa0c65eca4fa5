import { z } from 'zod';
import { duration, flag, scalar } from '../prow/fields.ts';

/** One of `require_matching_label`. */
export const requireMatchingLabelEntry = z.object({
  org: scalar.default('').describe('The organisation.'),
  repo: scalar.default('').describe('The repository, without its organisation; all unless given.'),
  branch: scalar.default('').describe('The base of pull requests; all unless given.'),
  prs: flag.default(false).describe('It is for pull requests.'),
  issues: flag.default(false).describe('It is for issues.'),
  regexp: scalar.default('').describe('The labels one of which must be there, RE2.'),
  missing_label: scalar.default('').describe('The label that says that none is.'),
  missing_comment: scalar.default('').describe('The comment that says so; none unless given.'),
  grace_period: duration.default('5s').describe('How long other automation has time to label.'),
});
