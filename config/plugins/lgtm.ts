import { z } from 'zod';
import type { DeepReadonly } from '../prow/fields.ts';
import { flag, scalar, scalars } from '../prow/fields.ts';

/** One of `lgtm` (W§1.3). */
export const lgtmEntry = z.object({
  repos: scalars.describe('Organisations and repositories that it is for.'),
  review_acts_as_lgtm: flag
    .default(false)
    .describe('An approving review is `/lgtm`, one that requests changes is `/lgtm cancel`.'),
  store_tree_hash: flag
    .default(false)
    .describe('A push that leaves the tree as it was keeps the label.'),
  trusted_team_for_sticky_lgtm: scalar
    .default('')
    .describe('Name of the team whose members keep the label over pushes; empty for none.'),
});

/** Settings of the plugin `lgtm` for one repository. */
export type LgtmSettings = DeepReadonly<z.infer<typeof lgtmEntry>>;
