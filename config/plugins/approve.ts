import { z } from 'zod';
import type { DeepReadonly } from '../prow/fields.ts';
import { flag, text, texts } from '../prow/fields.ts';

/** One of `approve` (W§1.2). */
export const approveEntry = z.object({
  repos: texts,
  /** The pull request must name an issue, or an owner must say `/approve no-issue`. */
  issue_required: flag.default(false),
  /** The author's own approval counts only if it is written. */
  require_self_approval: flag.default(false),
  /** `/lgtm` is also `/approve`. */
  lgtm_acts_as_approve: flag.default(false),
  /** Reviews are neither approvals nor refusals. */
  ignore_review_state: flag.default(false),
  commandHelpLink: text.default('https://go.k8s.io/bot-commands'),
  pr_process_link: text.default(
    'https://git.k8s.io/community/contributors/guide/owners.md#the-code-review-process',
  ),
});

/** Settings of the plugin `approve` for one repository. */
export type ApproveSettings = DeepReadonly<z.infer<typeof approveEntry>>;
