import { own } from './own.ts';
import type { MergeMethod, TideQuery } from './prow/tide.ts';
import { found } from './re2.ts';
import type { ConfigSnapshot } from './snapshot.ts';

/** What GitHub's own refusal to merge counts for. */
export type MergeBlocksPolicy = 'permit' | 'block' | 'ignore';

/** `tide` for one repository. */
export interface TideSettings {
  /** Most pull requests in a batch; 0 for no limit, negative for no batches. */
  readonly batchSizeLimit: number;
  readonly prioritizeExistingBatches: boolean;
  readonly mergeBlocksPolicy: MergeBlocksPolicy;
  /** Label of issues that block merging; empty for none. */
  readonly blockerLabel: string;
  /** Labels that override the merge method; empty for none. */
  readonly methodLabels: Readonly<Record<MergeMethod, string>>;
  /** Each entry's labels must all be there (one may be alternatives, separated by commas); first come, first served. */
  readonly priority: readonly { readonly labels: readonly string[] }[];
  readonly displayAllQueries: boolean;
  /** Where the status `tide` links to; empty for nowhere. */
  readonly targetUrl: string;
  /** Page of pull requests that the status links to if there is no target; empty for none. */
  readonly prStatusBaseUrl: string;
  /** Go templates on the pull request, as configured. */
  readonly commitTemplate?: { readonly title: string; readonly body: string };
  /** Go duration. */
  readonly syncPeriod: string;
}

/** How a pull request shall be merged, or the labels that contradict each other. */
export type MergeMethodChoice =
  | { readonly kind: 'method'; readonly method: MergeMethod }
  | { readonly kind: 'conflict'; readonly labels: readonly string[] };

/** All queries, in configured order. */
export function tideQueries({ prow }: ConfigSnapshot): readonly TideQuery[] {
  return prow.tide.queries;
}

/** The queries that are for a repository. */
export function queriesFor(
  snapshot: ConfigSnapshot,
  org: string,
  repo: string,
): readonly TideQuery[] {
  const name = `${org}/${repo}`;
  return tideQueries(snapshot).filter(
    ({ orgs, repos, excludedRepos }) =>
      repos.includes(name) || (orgs.includes(org) && !excludedRepos.includes(name)),
  );
}

/** `tide` for one repository; narrower keys win. */
export function tideSettings(snapshot: ConfigSnapshot, org: string, repo: string): TideSettings {
  const { tide } = snapshot.prow;
  const narrowest = <Value>(values: Readonly<Record<string, Value>>) =>
    own(values, `${org}/${repo}`) ?? own(values, org) ?? values['*'];
  const policy = tide.github_merge_blocks_policy;
  const commitTemplate =
    own(tide.merge_commit_template, `${org}/${repo}`) ?? own(tide.merge_commit_template, org);
  return {
    batchSizeLimit: narrowest(tide.batch_size_limit) ?? 0,
    prioritizeExistingBatches: narrowest(tide.prioritize_existing_batches) ?? true,
    mergeBlocksPolicy: (typeof policy === 'string' ? policy : narrowest(policy)) ?? 'permit',
    blockerLabel: tide.blocker_label,
    methodLabels: {
      squash: tide.squash_label,
      rebase: tide.rebase_label,
      merge: tide.merge_label,
    },
    priority: tide.priority,
    displayAllQueries: tide.display_all_tide_queries_in_status,
    targetUrl: narrowest(tide.target_urls) ?? tide.target_url ?? '',
    prStatusBaseUrl: narrowest(tide.pr_status_base_urls) ?? tide.pr_status_base_url ?? '',
    ...(commitTemplate === undefined ? {} : { commitTemplate }),
    syncPeriod: tide.sync_period,
  };
}

/** A repository's branch, and the labels of a pull request on it. */
export interface MergeTarget {
  readonly org: string;
  readonly repo: string;
  readonly branch: string;
  readonly labels: readonly string[];
}

/** The merge method of a pull request (J§2.4): its labels, else the narrowest configured, else `merge`. */
export function mergeMethod(snapshot: ConfigSnapshot, target: MergeTarget): MergeMethodChoice {
  const { methodLabels } = tideSettings(snapshot, target.org, target.repo);
  const overrides = (['squash', 'rebase', 'merge'] as const).filter(
    (method) => methodLabels[method] !== '' && target.labels.includes(methodLabels[method]),
  );
  if (overrides.length > 1) {
    return { kind: 'conflict', labels: overrides.map((method) => methodLabels[method]) };
  }
  return { kind: 'method', method: overrides[0] ?? configuredMethod(snapshot, target) };
}

function configuredMethod(
  { prow }: ConfigSnapshot,
  { org, repo, branch }: MergeTarget,
): MergeMethod {
  const configured = prow.tide.merge_method;
  const plain = (key: string) => {
    const value = own(configured, key);
    return typeof value === 'string' ? value : undefined;
  };
  const ofOrg = own(configured, org);
  const ofRepo = typeof ofOrg === 'object' ? (own(ofOrg, repo) ?? ofOrg['*']) : undefined;
  return (
    plain(`${org}/${repo}@${branch}`) ??
    (typeof ofRepo === 'object' ? byBranch(ofRepo, branch) : undefined) ??
    plain(`${org}/${repo}`) ??
    (typeof ofRepo === 'string' ? ofRepo : undefined) ??
    plain(org) ??
    'merge'
  );
}

function byBranch(
  methods: Readonly<Record<string, MergeMethod>>,
  branch: string,
): MergeMethod | undefined {
  const pattern = Object.keys(methods)
    .sort()
    .find((pattern) => found(pattern, branch));
  return pattern === undefined ? undefined : methods[pattern];
}
