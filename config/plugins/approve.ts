import { z } from 'zod';
import type { DeepReadonly } from '../prow/fields.ts';
import { flag, scalar, scalars } from '../prow/fields.ts';

/** One of `approve` (W§1.2). */
export const approveEntry = z.object({
  repos: scalars.describe('Organisations and repositories that it is for.'),
  issue_required: flag
    .default(false)
    .describe('The pull request must name an issue, or an owner must say `/approve no-issue`.'),
  /** The author's own approval counts only if it is written. */
  require_self_approval: flag.default(false),
  lgtm_acts_as_approve: flag.default(false).describe('`/lgtm` is also `/approve`.'),
  ignore_review_state: flag.default(false).describe('Reviews are neither approvals nor refusals.'),
  commandHelpLink: scalar.default('https://go.k8s.io/bot-commands'),
  pr_process_link: scalar.default(
    'https://git.k8s.io/community/contributors/guide/owners.md#the-code-review-process',
  ),
});

/** Settings of the plugin `approve` for one repository. */
export type ApproveSettings = DeepReadonly<z.infer<typeof approveEntry>>;
