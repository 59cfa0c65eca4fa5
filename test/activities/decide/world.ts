import { decide } from '../../../activities/decide/decide.ts';
import type { DecisionSources } from '../../../activities/decide/sources.ts';
import type { ConfigSnapshot } from '../../../config/snapshot.ts';
import { withApplied } from '../../../workflows/domain/apply-result.ts';
import type { Decision, MailItem } from '../../../workflows/domain/decision.ts';
import type { KeyedEffect } from '../../../workflows/domain/effect.ts';
import type { DomainEvent } from '../../../workflows/domain/event.ts';
import type { PullRequestRecord } from '../../../workflows/domain/record.ts';
import type { RunReport, RunRequest } from '../../../workflows/domain/run.ts';
import { type Mailbox, newsOf, openMailbox, post, takeBatch } from '../../../workflows/mailbox.ts';
import { configuration, owners } from './configuration.ts';
import { carryOut, type GitHubState, isoOf, millisOf, snapshotOf, urlOf } from './github-state.ts';

/** Who is who in org. */
const MEMBERS = ['member', 'owner'];
const COLLABORATORS = ['collaborator', 'owner', 'member'];

/** A run as the world knows it. */
export interface WorldRun {
  readonly request: RunRequest;
  aborted: boolean;
}

/** One bot on one pull request: what the entity remembers, without Temporal. */
export interface Entity {
  readonly bot: string;
  readonly github: GitHubState;
  readonly sources: DecisionSources;
  readonly mailbox: Mailbox;
  /** Effects that wait to be carried out, by key, with the batches that they still wait. */
  readonly parked: Map<string, { readonly keyed: KeyedEffect; left: number }>;
  readonly runs: WorldRun[];
  readonly decisions: Decision[];
  record: PullRequestRecord | undefined;
}

/** Opens an entity that has seen nothing yet. */
export function openEntity(
  github: GitHubState,
  {
    bot = 'bowsprit',
    config = configuration(),
    adoptedSince = isoOf(0),
  }: {
    readonly bot?: string;
    readonly config?: ConfigSnapshot;
    readonly adoptedSince?: string;
  } = {},
): Entity {
  return {
    bot,
    github,
    sources: sourcesOf(github, { bot, config, adoptedSince }),
    mailbox: openMailbox(),
    parked: new Map(),
    runs: [],
    decisions: [],
    record: undefined,
  };
}

function sourcesOf(
  github: GitHubState,
  { bot, config, adoptedSince }: { bot: string; config: ConfigSnapshot; adoptedSince: string },
): DecisionSources {
  const files = [
    { filename: 'src/code.ts', status: 'modified', additions: 30, deletions: 4 },
    { filename: 'README.md', status: 'modified', additions: 1, deletions: 0 },
  ];
  return {
    config: async () => ({ number: 1, snapshot: config }),
    warn: (message, fields) => {
      throw new Error(`${message}: ${JSON.stringify(fields)}`);
    },
    github: {
      botLogin: async () => bot,
      pullRequest: async () => snapshotOf(github),
      body: async () => '',
      labels: async () => [...github.labels],
      comments: async () => github.said.map(noteOf),
      statuses: async (_repository, sha) => github.statuses.get(sha) ?? {},
      isMember: async (_org, login) => MEMBERS.includes(login),
      isCollaborator: async (_repository, login) => COLLABORATORS.includes(login),
      collaborators: async () => new Set(COLLABORATORS),
      isTeamMember: async () => false,
      mergedPullRequests: async () => 0,
      labelActor: async (_repository, _number, label) => github.labelActors.get(label),
      branchHead: async () => 'b'.repeat(40),
      mergeMethods: async () => github.mergeMethods,
    },
    git: {
      changedFiles: async () => files,
      knownChangedFiles: () => files,
      fileAt: async () => undefined,
      // Two heads in a row have one tree.
      treeOf: async (_repository, sha) => `tree-${Math.floor(Number(sha.replace(/^a+/, '')) / 2)}`,
      owners: async () => owners(),
      generatedPaths: async () => new Set<string>(),
    },
    log: {
      textOf: async (text) => (text.kind === 'inline' ? text.text : ''),
      adoptedSince: async () => adoptedSince,
      pushedFiles: async () => [],
      record: async () => {},
      publish: async () => {},
    },
  };
}

function noteOf(said: GitHubState['said'][number]) {
  return {
    id: said.id,
    source: said.reviewState === undefined ? ('comment' as const) : ('review' as const),
    author: said.author,
    authorType: 'User',
    createdAt: said.at,
    updatedAt: said.at,
    htmlUrl: urlOf(said.id),
    body: said.body,
    ...(said.reviewState === undefined ? {} : { reviewState: said.reviewState }),
  };
}

/** Delivers events as one burst and decides them, as the entity's workflow does. */
export async function receive(
  entity: Entity,
  events: readonly DomainEvent[],
  isStuck: (keyed: KeyedEffect) => boolean = () => false,
): Promise<void> {
  post(entity.mailbox, events);
  while (entity.mailbox.items.length > 0) {
    const news = newsOf(takeBatch(entity.mailbox), entity.record);
    if (news.length > 0) await decideBatch(entity, news, isStuck);
  }
}

/** What is decided of events, and nothing of it carried out. */
export function decideOnly(entity: Entity, events: readonly DomainEvent[]): Promise<Decision> {
  const sources = { ...entity.sources, warn: () => {} };
  return ask(
    { ...entity, sources },
    events.map((event) => ({ event, attempt: 1 })),
  );
}

function ask(entity: Entity, items: readonly MailItem[]): Promise<Decision> {
  return decide(
    {
      entity: 'pr/org/repo/5',
      scope: 'pull-request',
      repository: { org: 'org', repo: 'repo' },
      repositoryId: 1,
      number: 5,
      ...(entity.record === undefined ? {} : { record: entity.record }),
      items,
      waiting: [...entity.parked.values()].map(({ keyed }) => keyed),
      now: millisOf(entity.github),
      configNumber: 1,
      quick: false,
    },
    entity.sources,
  );
}

async function decideBatch(
  entity: Entity,
  items: readonly MailItem[],
  isStuck: (keyed: KeyedEffect) => boolean,
): Promise<void> {
  const decision = await ask(entity, items);
  entity.decisions.push(decision);
  if (decision.undecided.length > 0) throw new Error(JSON.stringify(decision.undecided));
  entity.record = decision.record;
  for (const key of decision.heard) entity.mailbox.seen.add(key);
  for (const key of decision.withdrawn) entity.parked.delete(key);
  for (const keyed of decision.effects) {
    entity.parked.delete(keyed.key);
    if (isStuck(keyed)) entity.parked.set(keyed.key, { keyed, left: 2 });
    else applyNow(entity, keyed);
  }
  for (const { uuid } of decision.aborts) abort(entity, uuid);
  for (const request of decision.runs) {
    const known = entity.runs.some((run) => run.request.uuid === request.uuid);
    if (!known) entity.runs.push({ request, aborted: false });
  }
}

function abort(entity: Entity, uuid: string): void {
  const run = entity.runs.find(({ request }) => request.uuid === uuid);
  if (run !== undefined) run.aborted = true;
}

function applyNow(entity: Entity, keyed: KeyedEffect): void {
  const applied = carryOut(entity.github, keyed, entity.bot);
  if (entity.record !== undefined) entity.record = withApplied(entity.record, keyed, applied);
}

/** Lets parked effects through: those that waited long enough, or all. */
export function letThrough(entity: Entity, all = false): void {
  for (const [key, parked] of [...entity.parked]) {
    parked.left -= 1;
    if (parked.left > 0 && !all) continue;
    entity.parked.delete(key);
    applyNow(entity, parked.keyed);
  }
}

/** The newest run of each job that nobody aborted. */
export function newestRuns(entity: Entity): readonly RunRequest[] {
  const newest = new Map<string, WorldRun>();
  for (const run of entity.runs) if (!run.aborted) newest.set(run.request.job, run);
  return [...newest.values()].map((run) => run.request);
}

/** What a run tells its owner. */
export function reportOf(
  run: RunRequest,
  state: 'pending' | 'success' | 'failure',
  version: number,
): RunReport {
  return {
    uuid: run.uuid,
    version,
    type: run.type,
    job: run.job,
    context: run.context,
    state,
    description: `Job ${state}.`,
    url: `https://ci.example/${run.job}`,
    buildId: '1',
    complete: state !== 'pending',
    createdAt: run.createdAt,
    headSha: run.refs.pulls?.[0]?.sha ?? '',
    baseRef: run.refs.base_ref,
    baseSha: run.refs.base_sha ?? '',
    pulls: (run.refs.pulls ?? []).map(({ number, sha }) => ({ number, sha })),
    optional: run.optional,
    report: run.report,
    rerunCommand: run.rerunCommand,
    cause: run.cause,
  };
}

/** The event that brings a run's report. */
export function runChanged({ clock }: GitHubState, run: RunReport): DomainEvent {
  const at = new Date(clock * 1000).toISOString();
  return {
    kind: 'run-changed',
    key: `run:${run.uuid}:${run.version}`,
    guid: '',
    at,
    sender: '',
    run,
  };
}
