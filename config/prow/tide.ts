import { z } from 'zod';
import type { DeepReadonly } from './fields.ts';
import { count, duration, flag, raw, text, textByKey, texts, whole } from './fields.ts';

/** One of `tide.queries`: which pull requests may merge. */
export const tideQuery = z.object({
  orgs: texts,
  repos: texts,
  excludedRepos: texts,
  author: text.default(''),
  excludedBranches: texts,
  includedBranches: texts,
  labels: texts,
  missingLabels: texts,
  milestone: text.default(''),
  reviewApprovedRequired: flag.default(false),
});

/** See `tideQuery`. Entries of `labels` may hold alternatives, separated by commas. */
export type TideQuery = DeepReadonly<z.infer<typeof tideQuery>>;

const contextLayer = z.object({
  'skip-unknown-contexts': flag.optional(),
  'from-branch-protection': flag.optional(),
  'required-contexts': texts,
  'required-if-present-contexts': texts,
  'optional-contexts': texts,
  'optional-regex-contexts': texts,
  'overwrite-pending-contexts': flag.optional(),
});

/** What one level of `tide.context_options` says. */
export type ContextLayer = DeepReadonly<z.infer<typeof contextLayer>>;

const contextOptions = contextLayer.extend({
  orgs: z
    .record(
      z.string(),
      contextLayer.extend({
        repos: z
          .record(
            z.string(),
            contextLayer.extend({ branches: z.record(z.string(), contextLayer).default({}) }),
          )
          .default({}),
      }),
    )
    .default({}),
});

const method = z.enum(['merge', 'squash', 'rebase'], {
  error: 'this must be merge, squash or rebase',
});

/** How a pull request becomes commits of its base. */
export type MergeMethod = z.infer<typeof method>;

const methodByBranch = z.record(z.string(), method);
const METHODS = { error: 'this must be merge, squash or rebase, or a mapping to one of them' };
const methodByRepo = z.record(z.string(), z.union([method, methodByBranch], METHODS));

const blocksPolicy = z.enum(['permit', 'block', 'ignore'], {
  error: 'this must be permit, block or ignore',
});

/** `tide`: what merges, when and how (J§2, J§4.2). */
export const tide = z.object({
  sync_period: duration.default('1m0s'),
  status_update_period: duration.optional(),
  max_goroutines: count.default(20),
  max_query_concurrency: count.default(0),
  gerrit: raw.optional(),
  queries: z.array(tideQuery).default([]),
  merge_method: z.record(z.string(), z.union([method, methodByRepo], METHODS)).default({}),
  merge_commit_template: z
    .record(z.string(), z.object({ title: text.default(''), body: text.default('') }))
    .default({}),
  target_url: text.optional(),
  target_urls: textByKey.default({}),
  pr_status_base_url: text.optional(),
  pr_status_base_urls: textByKey.default({}),
  blocker_label: text.default(''),
  squash_label: text.default(''),
  rebase_label: text.default(''),
  merge_label: text.default(''),
  context_options: contextOptions.default(contextOptions.parse({})),
  batch_size_limit: z.record(z.string(), whole).default({}),
  prioritize_existing_batches: z.record(z.string(), flag).default({}),
  github_merge_blocks_policy: z
    .union([blocksPolicy, z.record(z.string(), blocksPolicy)], {
      error: 'this must be permit, block or ignore, or a mapping to one of them',
    })
    .default('permit'),
  priority: z.array(z.object({ labels: texts })).default([]),
  display_all_tide_queries_in_status: flag.default(false),
});

/** See `tide`. */
export type Tide = DeepReadonly<z.infer<typeof tide>>;
