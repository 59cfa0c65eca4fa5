import { z } from 'zod';
import type { DeepReadonly } from './fields.ts';
import { count, duration, flag, raw, text, textByKey, texts, whole } from './fields.ts';

/** One of `tide.queries`: which pull requests may merge. */
export const tideQuery = z.object({
  orgs: texts.describe('Organisations.'),
  repos: texts.describe('Repositories.'),
  excludedRepos: texts.describe('Repositories of those organisations that are left out.'),
  author: text.default('').describe('Author of the pull request.'),
  excludedBranches: texts.describe('Bases that are left out.'),
  includedBranches: texts.describe('The only bases.'),
  labels: texts.describe('Labels that must be there; alternatives are separated by commas.'),
  missingLabels: texts.describe('Labels that must not.'),
  milestone: text.default('').describe('Milestone it must have.'),
  reviewApprovedRequired: flag.default(false).describe('GitHub must count it as approved.'),
});

/** See `tideQuery`. Entries of `labels` may hold alternatives, separated by commas. */
export type TideQuery = DeepReadonly<z.infer<typeof tideQuery>>;

const contextLayer = z.object({
  'skip-unknown-contexts': flag.optional().describe('Contexts that nobody names do not matter.'),
  'from-branch-protection': flag
    .optional()
    .describe('What branch protection requires is required.'),
  'required-contexts': texts.describe('Contexts that must succeed.'),
  'required-if-present-contexts': texts.describe('Contexts that must succeed where they are.'),
  'optional-contexts': texts.describe('Contexts that may fail.'),
  'optional-regex-contexts': texts.describe('The same, RE2.'),
  'overwrite-pending-contexts': flag
    .optional()
    .describe('A pending context of a pull request merged in a batch is set to success.'),
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
  sync_period: duration.default('1m0s').describe('How often everything is looked at.'),
  status_update_period: duration
    .optional()
    .describe('How often statuses are; as sync_period unless given.'),
  max_goroutines: count.default(20).describe('How many pools at once.'),
  max_query_concurrency: count.default(0).describe('How many searches at once; 0 for no limit.'),
  gerrit: raw.optional().describe('Gerrit: queries and ratelimit.'),
  queries: z.array(tideQuery).default([]).describe('Which pull requests may merge.'),
  merge_method: z
    .record(z.string(), z.union([method, methodByRepo], METHODS))
    .default({})
    .describe(
      'How, by organisation, repository or org/repo@branch, or nested with branches as RE2; merge unless given.',
    ),
  merge_commit_template: z
    .record(z.string(), z.object({ title: text.default(''), body: text.default('') }))
    .default({}),
  target_url: text.optional().describe('Deprecated: as target_urls, for all.'),
  target_urls: textByKey
    .default({})
    .describe('Where the status leads, by `*`, organisation or repository.'),
  pr_status_base_url: text.optional().describe('Deprecated: as pr_status_base_urls, for all.'),
  pr_status_base_urls: textByKey
    .default({})
    .describe('Page of pull requests that the status leads to; `*` is needed.'),
  blocker_label: text.default('').describe('Label of issues that block merging.'),
  squash_label: text.default('').describe('Label that asks for a squash.'),
  rebase_label: text.default('').describe('Label that asks for a rebase.'),
  merge_label: text.default('').describe('Label that asks for a merge commit.'),
  context_options: contextOptions
    .default(contextOptions.parse({}))
    .describe('Which contexts must succeed; narrower levels add to wider ones.'),
  batch_size_limit: z
    .record(z.string(), whole)
    .default({})
    .describe(
      'Most pull requests in a batch, by `*`, organisation or repository; 0 for no limit, -1 for no batches.',
    ),
  prioritize_existing_batches: z
    .record(z.string(), flag)
    .default({})
    .describe(
      'A batch under test is waited for, by `*`, organisation or repository; true unless given.',
    ),
  github_merge_blocks_policy: z
    .union([blocksPolicy, z.record(z.string(), blocksPolicy)], {
      error: 'this must be permit, block or ignore, or a mapping to one of them',
    })
    .default('permit'),
  priority: z.array(z.object({ labels: texts })).default([]),
  display_all_tide_queries_in_status: flag
    .default(false)
    .describe('The status tells what every query lacks, not only the nearest.'),
});

/** See `tide`. */
export type Tide = DeepReadonly<z.infer<typeof tide>>;
