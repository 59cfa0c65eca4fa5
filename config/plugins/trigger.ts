import { z } from 'zod';
import type { DeepReadonly } from '../prow/fields.ts';
import { count, flag, scalar, scalars } from '../prow/fields.ts';

/** One of `triggers`: whom a repository trusts, and what it says to strangers (W§1.1). */
export const triggerEntry = z.object({
  repos: scalars.describe('Organisations and repositories that it is for.'),
  trusted_apps: scalars.describe('GitHub apps whose pull requests are trusted, without `[bot]`.'),
  trusted_org: scalar
    .default('')
    .describe(
      'Deprecated in Prow: a second organisation whose members are trusted; empty for none.',
    ),
  /** Where to read how to join; empty: the organisation's page of people. */
  join_org_url: scalar.default(''),
  only_org_members: flag
    .default(false)
    .describe('Collaborators who are no members are not trusted.'),
  ignore_ok_to_test: flag
    .default(false)
    .describe('The `ok-to-test` command and label gate nothing.'),
  trigger_github_workflows: flag
    .default(false)
    .describe('`/ok-to-test`, `/retest` and `/test all` act on GitHub Actions too.'),
  org_invite: z
    .object({
      prominent: z
        .object({
          disabled: flag.default(false),
          merged_pr_threshold: count.default(3),
          message: scalar
            .default('')
            .describe('May hold `{join_org_url}`; empty: the built-in words.'),
        })
        .optional(),
    })
    .prefault({}),
});

/** Settings of the plugin `trigger` for one repository; `org_invite.prominent` is absent unless configured. */
export type TriggerSettings = DeepReadonly<z.infer<typeof triggerEntry>>;
