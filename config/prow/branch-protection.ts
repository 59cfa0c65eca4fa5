import { z } from 'zod';
import type { DeepReadonly } from './fields.ts';
import { count, flag, texts } from './fields.ts';

const people = { users: texts, teams: texts };

const reviews = z.object({
  dismissal_restrictions: z.object(people).optional().describe('Who may dismiss reviews.'),
  dismiss_stale_reviews: flag.optional().describe('A push dismisses approvals.'),
  require_code_owner_reviews: flag.optional().describe('CODEOWNERS must approve.'),
  required_approving_review_count: count.optional().describe('How many must approve.'),
  bypass_pull_request_allowances: z.object(people).optional().describe('Who need not ask.'),
});

const policy = z.object({
  unmanaged: flag.optional().describe('The protection here is left as it is.'),
  protect: flag.optional().describe('The branch is protected.'),
  required_status_checks: z
    .object({
      contexts: texts.describe('Contexts that must succeed, beside those of jobs.'),
      strict: flag.optional().describe('A pull request must contain the newest base.'),
    })
    .optional()
    .describe('What must be green.'),
  enforce_admins: flag.optional().describe('Administrators are bound too.'),
  restrictions: z
    .object({ apps: texts, ...people })
    .optional()
    .describe('Who may push.'),
  require_manually_triggered_jobs: flag
    .optional()
    .describe('Jobs that only a comment starts are required too.'),
  required_pull_request_reviews: reviews.optional().describe('Which reviews are needed.'),
  required_linear_history: flag.optional().describe('No merge commits.'),
  allow_force_pushes: flag.optional().describe('History may be rewritten.'),
  allow_deletions: flag.optional().describe('The branch may be deleted.'),
  require_signed_commits: flag.optional().describe('Commits must be signed.'),
  include: texts.describe('Branches that it is for, RE2.'),
  exclude: texts.describe('Branches that it is not for, RE2.'),
});

/** What one level of `branch-protection` says, as far as merging reads it. */
export type BranchPolicy = DeepReadonly<z.infer<typeof policy>>;

const repoPolicy = policy.extend({ branches: z.record(z.string(), policy).default({}) });
const orgPolicy = policy.extend({ repos: z.record(z.string(), repoPolicy).default({}) });

/** `branch-protection` (J§3.6). */
export const branchProtection = policy.extend({
  'protect-tested-repos': flag.default(false),
  allow_disabled_policies: flag.default(false),
  allow_disabled_job_policies: flag.default(false),
  protect_repos_with_optional_jobs: flag.default(false),
  orgs: z.record(z.string(), orgPolicy).default({}),
});
