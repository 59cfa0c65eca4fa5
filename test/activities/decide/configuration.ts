import { buildOwners, type RepoOwners } from '../../../config/owners.ts';
import { parseConfig } from '../../../config/parse.ts';
import type { ConfigSnapshot } from '../../../config/snapshot.ts';

/** What one play of a test varies in the configuration. */
export interface Settings {
  readonly storeTreeHash?: boolean;
  readonly lgtmActsAsApprove?: boolean;
  readonly reviewActsAsLgtm?: boolean;
}

const JOBS = [
  { name: 'unit', always_run: true },
  { name: 'lint', run_if_changed: '^src/' },
  { name: 'slow', optional: true },
];

/** The configuration of org/repo: three presubmits, all plugins, a query for merging. */
export function configuration(settings: Settings = {}): ConfigSnapshot {
  const spec = { containers: [{ image: 'test', command: ['true'] }] };
  const config = {
    tide: {
      queries: [
        {
          repos: ['org/repo'],
          labels: ['lgtm', 'approved'],
          missingLabels: ['do-not-merge/hold', 'needs-ok-to-test'],
        },
      ],
    },
    presubmits: { 'org/repo': JOBS.map((job) => ({ ...job, spec })) },
    postsubmits: { 'org/repo': [{ name: 'publish', spec }] },
  };
  const plugins = {
    plugins: { 'org/repo': { plugins: ['trigger', 'lgtm', 'approve', 'size', 'hold'] } },
    lgtm: [
      {
        repos: ['org/repo'],
        store_tree_hash: settings.storeTreeHash ?? false,
        review_acts_as_lgtm: settings.reviewActsAsLgtm ?? false,
      },
    ],
    approve: [
      {
        repos: ['org/repo'],
        require_self_approval: true,
        lgtm_acts_as_approve: settings.lgtmActsAsApprove ?? false,
      },
    ],
  };
  return parseConfig({
    config: { name: 'config.yaml', text: JSON.stringify(config) },
    plugins: { name: 'plugins.yaml', text: JSON.stringify(plugins) },
  });
}

/** OWNERS of org/repo: one owner for all, one more for `src/`. */
export function owners(): RepoOwners {
  return buildOwners({
    files: [
      { path: 'OWNERS', text: 'approvers: [owner]\nreviewers: [owner, collaborator]' },
      { path: 'src/OWNERS', text: 'approvers: [collaborator]' },
    ],
    settings: {
      markdown: true,
      skipCollaborators: false,
      ownersFile: 'OWNERS',
      aliasesFile: 'OWNERS_ALIASES',
    },
    denylist: [],
  });
}
