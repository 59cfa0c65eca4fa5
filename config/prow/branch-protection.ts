import { z } from 'zod';
import type { DeepReadonly } from './fields.ts';
import { flag, raw, texts } from './fields.ts';

const policy = z.object({
  unmanaged: flag.optional(),
  protect: flag.optional(),
  required_status_checks: z.looseObject({ contexts: texts, strict: flag.optional() }).optional(),
  require_manually_triggered_jobs: flag.optional(),
  include: texts,
  exclude: texts,
  required_pull_request_reviews: raw.optional(),
  restrictions: raw.optional(),
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
