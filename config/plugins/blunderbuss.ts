import { z } from 'zod';
import { count, flag, scalar, scalars, whole } from '../prow/fields.ts';

const contextMatch = z.object({
  context: scalar.default('tide').describe('Name of the status.'),
  description: scalar
    .default(
      'Not mergeable. (PullRequest is missing sufficient approving GitHub review\\(s\\)|Needs (lgtm|approved|approved, lgtm) labels?)\\.?',
    )
    .describe('What its description must match, RE2.'),
  state: scalar.default('pending').describe('Its state.'),
});

/** `blunderbuss` and `rifle`: whom to ask for a review. */
export const reviewersSection = z.object({
  request_count: whole
    .min(1, { error: 'this must be positive' })
    .default(2)
    .describe('How many reviewers are asked.'),
  max_request_count: count.default(0).describe('The most that are asked; 0 for no limit.'),
  exclude_approvers: flag.default(false).describe('Approvers are not asked as reviewers.'),
  use_status_availability: flag
    .default(false)
    .describe('People whose GitHub status says that they are busy are not asked.'),
  ignore_drafts: flag.default(false).describe('Drafts wait.'),
  ignore_authors: scalars.describe('Authors for whose pull requests nobody is asked.'),
  wait_for_status: contextMatch.optional().describe('A status to wait for before anyone is asked.'),
});
