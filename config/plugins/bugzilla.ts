import { z } from 'zod';
import { flag, scalar } from '../prow/fields.ts';

const state = z.object({
  status: scalar.default('').describe('Status of the bug.'),
  resolution: scalar.default('').describe('Its resolution.'),
});

const branchOptions = z.object({
  exclude_defaults: flag.optional().describe('What wider levels say does not count.'),
  enable_backporting: flag.optional().describe('Cherry-picks get bugs of their own.'),
  validate_by_default: flag.optional().describe('Pull requests without a bug are told so.'),
  is_open: flag.optional().describe('A valid bug is open (or is not).'),
  target_release: scalar.optional().describe('The release that a valid bug is for.'),
  statuses: z.array(scalar).optional().describe('Statuses of a valid bug.'),
  valid_states: z.array(state).optional().describe('States of a valid bug.'),
  dependent_bug_statuses: z.array(scalar).optional().describe('Statuses of valid dependent bugs.'),
  dependent_bug_states: z.array(state).optional().describe('States of valid dependent bugs.'),
  dependent_bug_target_releases: z
    .array(scalar)
    .optional()
    .describe('Releases that valid dependent bugs are for.'),
  dependent_bug_target_release: scalar.optional().describe('Deprecated: one such release.'),
  status_after_validation: scalar.optional().describe('Status once the bug is valid.'),
  state_after_validation: state.optional().describe('State once the bug is valid.'),
  add_external_link: flag.optional().describe('The bug links to the pull request.'),
  status_after_merge: scalar.optional().describe('Status once everything has merged.'),
  state_after_merge: state.optional().describe('State once everything has merged.'),
  status_after_close: scalar.optional().describe('Status once nothing links to it any more.'),
  state_after_close: state.optional().describe('State once nothing links to it any more.'),
  allowed_groups: z.array(scalar).optional().describe('Groups whose bugs are dealt with.'),
});

const byBranch = z.record(z.string(), branchOptions);

/** `bugzilla`: what a valid bug is, by branch; narrower levels add to wider ones. */
export const bugzillaSection = z.object({
  default: byBranch.default({}).describe('For every organisation, by branch; `*` for all.'),
  orgs: z
    .record(
      z.string(),
      z.object({
        default: byBranch.default({}).describe('For the organisation, by branch.'),
        repos: z
          .record(
            z.string(),
            z.object({ branches: byBranch.default({}).describe('For the repository, by branch.') }),
          )
          .default({})
          .describe('For single repositories, by name.'),
      }),
    )
    .default({})
    .describe('For single organisations.'),
});
