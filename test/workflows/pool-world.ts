import type { Client } from '@temporalio/client';
import { createPoolActivities } from '../../activities/pool.ts';
import { parseConfig } from '../../config/parse.ts';
import { ids, type JobInput, type Message, type PoolInput } from '../../workflows/contract.ts';
import type { PoolMember, PoolRecordEntry, PoolSnapshot } from '../../workflows/domain/pool.ts';
import type { RunReport, RunRequest } from '../../workflows/domain/run.ts';
import type { MergeOutcome, PoolPorts, TellPorts } from '../../workflows/ports.ts';
import { head, member } from '../domain/merging.ts';

/** A pull request of the world. */
interface WorldPull {
  readonly number: number;
  sha: string;
  generation: number;
  /** Its code makes every run that holds it fail. */
  bad: boolean;
  /** Somebody said `/hold`, and the pool has not heard of it. */
  held: boolean;
  merged: boolean;
}

/** A repository with pull requests, as the pool's ports see it. */
export interface World {
  readonly input: PoolInput;
  readonly poolId: string;
  readonly activities: PoolPorts & TellPorts & { runStarted(input: JobInput): Promise<void> };
  readonly pulls: Map<number, WorldPull>;
  base: string;
  /** What reading the base answers, newest last; the last one stays. */
  reads: string[];
  /** Merges that GitHub carried out, in order. */
  readonly merges: { readonly number: number; readonly onto: string }[];
  /** Every time that GitHub was asked to merge. */
  readonly asked: number[];
  /** GitHub's next answers for a number, before it merges. */
  readonly answers: Map<number, MergeOutcome[]>;
  /** Heads that do not merge onto the base. */
  readonly conflicts: Set<string>;
  /** Pull requests that were told that they do not. */
  readonly toldOfConflict: number[];
  /** Of events that were told of it: a pull request takes each once. */
  readonly keys: Set<string>;
  /** Runs of batches, as `1,2`. */
  readonly batches: string[];
  /** Serial tests that were asked for. */
  readonly retests: { readonly number: number; readonly base: string }[];
  readonly aborted: string[];
  readonly history: PoolRecordEntry[];
  snapshot: PoolSnapshot | undefined;
  /** While true, runs of batches give no verdict, until `finish`. */
  slow: boolean;
  readonly unfinished: RunRequest[];
  /** A pull request tells the pool of itself, its job green on `greenOn`. */
  join(number: number, change?: { bad?: boolean; greenOn?: string }): Promise<void>;
  leave(number: number): Promise<void>;
  push(sha: string): Promise<void>;
  /** Gives the verdicts that are due. */
  finish(): Promise<void>;
  /** Of the pool's present run. */
  runId(): Promise<string>;
}

/** Makes a world around a pool of its own. */
export function createWorld(client: Client, taskQueue: string, branch: string): World {
  const input: PoolInput = { repository: { org: 'acme', repo: 'app' }, repositoryId: 1, branch };
  const world: World = {
    input,
    poolId: ids.pool(input.repository, branch),
    activities: activitiesOf(
      () => world,
      (signal, body) => signalPool(signal, body),
    ),
    pulls: new Map(),
    base: 'base-0',
    reads: [],
    merges: [],
    asked: [],
    answers: new Map(),
    conflicts: new Set(),
    toldOfConflict: [],
    keys: new Set(),
    batches: [],
    retests: [],
    aborted: [],
    history: [],
    snapshot: undefined,
    slow: false,
    unfinished: [],
    async join(number, { bad = false, greenOn = '' } = {}) {
      const generation = (world.pulls.get(number)?.generation ?? 0) + 1;
      const pull = { number, sha: head(number), generation, bad, held: false, merged: false };
      world.pulls.set(number, pull);
      await signalPool('memberChanged', memberOf(pull, 'success', greenOn));
    },
    async leave(number) {
      const pull = pullOf(world, number);
      pull.generation += 1;
      const { generation } = pull;
      await signalPool('memberLeft', { number, generation, merged: false });
    },
    async push(sha) {
      world.base = sha;
      await signalPool('baseMoved', { after: sha });
    },
    async finish() {
      for (const run of world.unfinished.splice(0)) {
        await signalPool('runChanged', verdict(world, run));
      }
    },
    async runId() {
      return (await client.workflow.getHandle(world.poolId).describe()).runId;
    },
  };
  async function signalPool(signal: string, body: unknown): Promise<void> {
    await client.workflow.signalWithStart('mergePool', {
      workflowId: world.poolId,
      taskQueue,
      args: [input],
      signal,
      signalArgs: [body],
    });
  }
  return world;
}

type SignalPool = (signal: string, body: unknown) => Promise<void>;

function activitiesOf(get: () => World, signalPool: SignalPool): World['activities'] {
  const deciding = createPoolActivities({
    config: async () => ({
      number: 1,
      snapshot: parseConfig({ config: { name: 'config.yaml', text: '' } }),
    }),
    readBaseSha: async () => {
      const world = get();
      return world.reads.shift() ?? world.base;
    },
    git: {
      mergeTree: async (_repository, _base, sha) =>
        get().conflicts.has(sha) ? { kind: 'conflict', files: [] } : { kind: 'clean', tree: sha },
      pickBatch: async (_repository, { base, candidates, limit }) => ({
        pulls: limit === 0 ? candidates : candidates.slice(0, limit),
        tree: base,
        commit: base,
        skipped: [],
      }),
    },
    db: { query: async () => [] },
  });
  return {
    decidePool: deciding.decidePool,
    publishPool: async (snapshot) => {
      get().snapshot = snapshot;
    },
    recordMerge: async ({ entry }) => {
      get().history.push(entry);
    },
    mergePullRequest: async (order) => merge(get(), order),
    tell: async (message) => deliver(get(), message, signalPool),
    runStarted: async ({ run }) => {
      const world = get();
      world.batches.push((run.refs.pulls ?? []).map(({ number }) => number).join(','));
      if (world.slow) {
        world.unfinished.push(run);
        return;
      }
      await signalPool('runChanged', verdict(world, run));
    },
  };
}

function merge(
  world: World,
  { number, headSha, baseSha }: Parameters<PoolPorts['mergePullRequest']>[0],
): MergeOutcome {
  world.asked.push(number);
  const scripted = world.answers.get(number)?.shift();
  if (scripted !== undefined) return scripted;
  const pull = pullOf(world, number);
  if (world.base !== baseSha) return { kind: 'base-modified', message: 'the base moved' };
  if (pull.sha !== headSha) return { kind: 'refused', message: 'the head moved' };
  pull.merged = true;
  world.merges.push({ number, onto: baseSha });
  world.base = `merge-of-${number}`;
  return { kind: 'merged', sha: world.base, already: false };
}

async function deliver(world: World, message: Message, signalPool: SignalPool): Promise<void> {
  if (message.to === 'job') world.aborted.push(message.uuid);
  if (message.to !== 'pullRequest') return;
  const pull = pullOf(world, message.input.number);
  if ('token' in message.body) {
    const { token, headSha } = message.body;
    const reason = pull.held ? 'it is held' : '';
    const allowed = !pull.held;
    await signalPool('mergeAnswer', { token, number: pull.number, headSha, allowed, reason });
    return;
  }
  const events = 'events' in message.body ? message.body.events : [];
  for (const event of events) {
    if (event.kind === 'retest-asked') await retest(world, pull, event.baseSha, signalPool);
    if (event.kind === 'mergeability' && !world.keys.has(event.key)) {
      world.keys.add(event.key);
      world.toldOfConflict.push(pull.number);
      await world.leave(pull.number);
    }
  }
}

/** The pull request runs its job on a base and tells of both ends of it. */
async function retest(
  world: World,
  pull: WorldPull,
  base: string,
  signalPool: SignalPool,
): Promise<void> {
  world.retests.push({ number: pull.number, base });
  pull.generation += 1;
  await signalPool('memberChanged', memberOf(pull, 'pending', base));
  pull.generation += 1;
  const { number, generation } = pull;
  await (pull.bad
    ? signalPool('memberLeft', { number, generation, merged: false })
    : signalPool('memberChanged', memberOf(pull, 'success', base)));
}

function memberOf(
  { number, sha, generation }: WorldPull,
  state: 'success' | 'pending',
  baseSha: string,
): PoolMember {
  const contexts = [{ context: 'unit', job: 'unit', state, baseSha, anyBase: false }];
  return member(number, { headSha: sha, generation, contexts });
}

function verdict(world: World, run: RunRequest): RunReport {
  const pulls = (run.refs.pulls ?? []).map(({ number, sha }) => ({ number, sha }));
  const bad = pulls.some(({ number }) => pullOf(world, number).bad);
  return {
    uuid: run.uuid,
    version: 5,
    type: 'batch',
    job: run.job,
    context: run.context,
    state: bad ? 'failure' : 'success',
    description: '',
    url: '',
    buildId: '1',
    complete: true,
    createdAt: run.createdAt,
    headSha: '',
    baseRef: run.refs.base_ref,
    baseSha: run.refs.base_sha ?? '',
    pulls,
    optional: false,
    report: false,
    rerunCommand: '',
    cause: run.cause,
  };
}

/** A pull request that the test made. */
export function pullOf(world: World, number: number): WorldPull {
  const pull = world.pulls.get(number);
  if (pull === undefined) throw new Error(`the test made no pull request ${number}`);
  return pull;
}
