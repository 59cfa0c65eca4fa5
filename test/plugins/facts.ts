import { automaticJobs, shouldRunAfterPush } from '../../config/matching.ts';
import {
  approvers,
  buildOwners,
  isAutoApproveUnownedSubfolders,
  isNoParentOwners,
  leafApprovers,
  ownersDirFor,
  reviewers,
  topLevelApprovers,
} from '../../config/owners.ts';
import { parseConfig } from '../../config/parse.ts';
import type { Postsubmit, Presubmit } from '../../config/prow/jobs.ts';
import { availableJobs, concernsTrigger, requestedJobs } from '../../config/requests.ts';
import {
  type ConfigSnapshot,
  pluginSettings,
  postsubmitsFor,
  presubmitsFor,
} from '../../config/snapshot.ts';
import type { ChangedFile, Facts, JobFacts, Owners } from '../../workflows/domain/facts.ts';
import type { PullRequestFacts } from '../../workflows/domain/pull-request-facts.ts';
import type { CommentNote, StatusFact } from '../../workflows/domain/record.ts';
import type { RunReport } from '../../workflows/domain/run.ts';

/** All that a test may say about the world; what it does not say is as plain as can be. */
export interface World {
  readonly pullRequest?: Partial<PullRequestFacts>;
  /** plugins.yaml. */
  readonly plugins?: object;
  /** Presubmits of org/repo; a pod is put in. */
  readonly jobs?: readonly object[];
  readonly postsubmits?: readonly object[];
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  readonly files?: readonly (string | ChangedFile)[];
  readonly comments?: readonly CommentNote[];
  readonly members?: readonly string[];
  readonly collaborators?: readonly string[];
  readonly team?: readonly string[];
  readonly merged?: number;
  /** Texts of OWNERS files by path. */
  readonly owners?: Readonly<Record<string, string>>;
  readonly generated?: readonly string[];
  readonly headTree?: string;
  readonly body?: string;
  readonly labelActor?: string;
  readonly runs?: readonly RunReport[];
  readonly statuses?: Readonly<Record<string, StatusFact['state']>>;
}

/** The account that we are in tests. */
export const BOT = 'prow-bot';

const PULL_REQUEST: PullRequestFacts = {
  number: 5,
  title: 'A change',
  author: 'author',
  authorType: 'User',
  state: 'open',
  merged: false,
  draft: false,
  headSha: 'a'.repeat(40),
  headRef: 'feature',
  baseRef: 'main',
  mergeable: null,
  htmlUrl: 'https://github.com/org/repo/pull/5',
  createdAt: '2026-01-01T00:00:00Z',
};

/** The facts of a world: matching and OWNERS by the real code, everything else by what the test says. */
export function factsOf(world: World = {}): Facts {
  const snapshot = configOf(world);
  const pullRequest = { ...PULL_REQUEST, ...world.pullRequest };
  const isBot = (login: string) => login === BOT || login === `${BOT}[bot]`;
  const isKnown = (login: string) =>
    isBot(login) || [...(world.members ?? []), ...(world.collaborators ?? [])].includes(login);
  return {
    repository: { org: 'org', repo: 'repo' },
    pullRequest,
    settings: pluginSettings(snapshot, 'org', 'repo'),
    githubUrl: 'https://github.com',
    isBot,
    labels: async () => new Set(world.labels),
    assignees: async () => world.assignees ?? [],
    changedFiles: async () => filesOf(world),
    comments: async () => world.comments ?? [],
    isMember: async (login) => world.members?.includes(login) ?? false,
    isCollaborator: async (login) => isKnown(login),
    trust: async (login) => ({
      trusted: isKnown(login),
      reason: isKnown(login) ? '' : 'User is not a member of the org.',
    }),
    mergedPullRequests: async () => {
      if (world.merged === undefined) throw new Error('the search failed');
      return world.merged;
    },
    owners: async () => ownersOf(world.owners ?? {}),
    fileAt: async () => undefined,
    generatedPaths: async () => new Set(world.generated),
    headTree: async () => world.headTree ?? 'tree',
    body: async () => world.body ?? '',
    labelActor: async () => world.labelActor,
    isTeamMember: async (_team, login) => world.team?.includes(login) ?? false,
    runs: async () => world.runs ?? [],
    statuses: async () => statusesOf(world),
    ...jobFactsOf(world, snapshot, pullRequest.baseRef),
  };
}

function jobFactsOf(world: World, snapshot: ConfigSnapshot, branch: string) {
  const presubmits = presubmitsFor(snapshot, 'org', 'repo');
  const files = async () => filesOf(world).map(({ filename }) => filename);
  const contexts = (...states: readonly string[]) =>
    Object.entries(world.statuses ?? {})
      .filter(([, state]) => states.length === 0 || states.includes(state))
      .map(([context]) => context);
  const requested: Facts['requestedJobs'] = async (body) => {
    const request = { presubmits, body, branch, changedFiles: files };
    const chosen = await requestedJobs({
      ...request,
      failedContexts: async () => contexts('error', 'failure'),
      allContexts: async () => contexts(),
      ignoreOkToTest: pluginSettings(snapshot, 'org', 'repo').trigger.ignore_ok_to_test,
    });
    const available = await availableJobs(request);
    return {
      matched: concernsTrigger(presubmits, body),
      jobs: chosen.map(({ presubmit }) => jobOf(presubmit)),
      requiredCommands: available.required,
      optionalCommands: available.optional,
      testAllNames: available.testAll,
      testAllRunsAll: available.testAllIsAll,
    };
  };
  return {
    hasPresubmits: async () => presubmits.length > 0,
    automaticJobs: async () => (await automaticJobs(presubmits, { branch, files })).map(jobOf),
    requestedJobs: requested,
    pushedJobs: async (ref: string, changed: readonly string[]) => {
      const jobs: JobFacts[] = [];
      for (const job of postsubmitsFor(snapshot, 'org', 'repo')) {
        const question = { branch: ref, files: async () => changed };
        if (await shouldRunAfterPush(job, question)) jobs.push(jobOf(job));
      }
      return jobs;
    },
  };
}

function jobOf(job: Presubmit | Postsubmit): JobFacts {
  return {
    name: job.name,
    context: job.context,
    optional: 'optional' in job && job.optional,
    rerunCommand: 'rerun_command' in job ? job.rerun_command : '',
  };
}

const POD = { spec: { containers: [{ image: 'test', command: ['true'] }] } };

function configOf({ jobs = [], postsubmits = [], plugins = {} }: World): ConfigSnapshot {
  const withPod = (job: object) => ({ ...POD, ...job });
  const files = {
    presubmits: { 'org/repo': jobs.map(withPod) },
    postsubmits: { 'org/repo': postsubmits.map(withPod) },
  };
  return parseConfig({
    config: { name: 'config.yaml', text: '{}' },
    jobs: [{ name: 'jobs.yaml', text: JSON.stringify(files) }],
    plugins: { name: 'plugins.yaml', text: JSON.stringify(plugins) },
  });
}

function filesOf({ files = [] }: World): readonly ChangedFile[] {
  return files.map((file) =>
    typeof file === 'string'
      ? { filename: file, status: 'modified', additions: 1, deletions: 0 }
      : file,
  );
}

function statusesOf({ statuses = {} }: World): Readonly<Record<string, StatusFact>> {
  return Object.fromEntries(
    Object.entries(statuses).map(([context, state]) => [
      context,
      { state, description: '', targetUrl: '', at: '2026-01-01T00:00:00Z' },
    ]),
  );
}

/** OWNERS by the real engine, from texts by path. */
export function ownersOf(texts: Readonly<Record<string, string>>): Owners {
  const owners = buildOwners({
    files: Object.entries(texts).map(([path, text]) => ({ path, text })),
    settings: {
      markdown: true,
      skipCollaborators: true,
      ownersFile: 'OWNERS',
      aliasesFile: 'OWNERS_ALIASES',
    },
    denylist: [],
  });
  return {
    approvers: (path) => new Set(approvers(owners, path)),
    leafApprovers: (path) => new Set(leafApprovers(owners, path)),
    reviewers: (path) => new Set(reviewers(owners, path)),
    approverDirFor: (path) => ownersDirFor(owners, path),
    isNoParentOwners: (dir) => isNoParentOwners(owners, dir),
    isAutoApproveUnownedSubfolders: (dir) => isAutoApproveUnownedSubfolders(owners, dir),
    topLevelApprovers: () => new Set(topLevelApprovers(owners)),
    filename: 'OWNERS',
  };
}
