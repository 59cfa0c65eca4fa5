import { z } from 'zod';
import type { DeepReadonly } from '../prow/fields.ts';
import { flag, text, texts } from '../prow/fields.ts';

/** One of `lgtm` (W§1.3). */
export const lgtmEntry = z.object({
  repos: texts,
  /** An approving review is `/lgtm`, one that requests changes is `/lgtm cancel`. */
  review_acts_as_lgtm: flag.default(false),
  /** A push that leaves the tree as it was keeps the label. */
  store_tree_hash: flag.default(false),
  /** Name of the team whose members keep the label over pushes; empty for none. */
  trusted_team_for_sticky_lgtm: text.default(''),
});

/** Settings of the plugin `lgtm` for one repository. */
export type LgtmSettings = DeepReadonly<z.infer<typeof lgtmEntry>>;
