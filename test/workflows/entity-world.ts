import { randomUUID } from 'node:crypto';
import { Client, type WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { type AddressedMail, ids, type Message } from '../../workflows/contract.ts';
import type { Decision, DecisionInput } from '../../workflows/domain/decision.ts';
import type { KeyedEffect } from '../../workflows/domain/effect.ts';
import type { CommentEvent, DomainEvent } from '../../workflows/domain/event.ts';
import type { PoolMember } from '../../workflows/domain/pool.ts';
import type { PullRequestRecord } from '../../workflows/domain/record.ts';
import type { RunRequest } from '../../workflows/domain/run.ts';
import type { Applied, Burial, RunPlan } from '../../workflows/ports.ts';
import { member } from '../domain/merging.ts';
import { workflowBundle } from './bundle.ts';

const SILENT = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** What the activities do, and what they were asked: plain functions that a test may replace. */
export interface EntityWorld {
  readonly client: Client;
  readonly queue: string;
  readonly repository: { readonly org: string; readonly repo: string };
  /** The script: how the next decisions come out. */
  decide: (input: DecisionInput) => Decision | Promise<Decision>;
  /** How effects go; one that throws is retried. */
  apply: (keyed: KeyedEffect) => Applied | Promise<Applied>;
  /** Runs before a message is taken. */
  beforeTell: (message: Message) => Promise<void>;
  /** Runs before solved conflicts are found. */
  beforeLook: () => Promise<void>;
  /** Keys of events, decision by decision, of decisions that came out well. */
  readonly decided: (readonly string[])[];
  readonly asked: DecisionInput[];
  readonly applied: KeyedEffect[];
  readonly buried: Burial[];
  readonly told: Message[];
  /** UUIDs of runs, each time one began. */
  readonly begun: string[];
  pullRequest(number: number): string;
  mail(number: number, events: readonly DomainEvent[]): Promise<WorkflowHandle>;
  /** Signals any message, starting its addressee. */
  send(message: Message): Promise<WorkflowHandle>;
  close(): Promise<void>;
}

/** Makes Temporal's own log silent; once per process. */
export function silence(): void {
  Runtime.install({ logger: SILENT });
}

/** A worker with scripted activities on a server, on a task queue of its own. */
export async function openEntityWorld(address: string): Promise<EntityWorld> {
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection });
  const queue = `entity-${randomUUID()}`;
  const repository = { org: 'org', repo: queue };
  const world: EntityWorld = {
    client,
    queue,
    repository,
    decide: (input) => decision(input),
    apply: () => done(),
    beforeTell: async () => {},
    beforeLook: async () => {},
    decided: [],
    asked: [],
    applied: [],
    buried: [],
    told: [],
    begun: [],
    pullRequest: (number) => ids.pullRequest(repository, number),
    mail: (number, events) => {
      const body: AddressedMail = { repository, repositoryId: 1, events };
      const input = { repository, repositoryId: 1, number };
      return world.send({ to: 'pullRequest', input, signal: 'mail', body });
    },
    send: (message) => signalWithStart(client, queue, message),
    close: async () => {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
  const worker = await Worker.create({
    connection,
    taskQueue: queue,
    workflowBundle: await workflowBundle(),
    activities: activitiesOf(world),
  });
  const running = worker.run();
  return world;
}

function activitiesOf(world: EntityWorld) {
  const effect = async (_target: unknown, keyed: KeyedEffect): Promise<Applied> => {
    const applied = await world.apply(keyed);
    world.applied.push(keyed);
    return applied;
  };
  const plan: RunPlan = {
    agent: 'kubernetes',
    executor: 'local',
    queue: world.queue,
    maxConcurrency: 0,
    jobQueue: '',
    jobQueueCapacity: 0,
    overallConcurrency: 0,
    pendingTimeout: 60_000,
    runningTimeout: 60_000,
    maxRevivals: 0,
    searchAttributes: false,
    refusal: 'nothing runs in this test',
  };
  return {
    decide: async (input: DecisionInput) => {
      world.asked.push(input);
      const answer = await world.decide(input);
      world.decided.push(input.items.map(({ event }) => event.key));
      return answer;
    },
    buryEvent: async (burial: Burial) => {
      world.buried.push(burial);
    },
    changeLabel: effect,
    changeComment: effect,
    changePeople: effect,
    writeStatus: effect,
    steerActions: effect,
    tell: async (message: Message) => {
      await world.beforeTell(message);
      world.told.push(message);
    },
    pullRequestsOfCommit: async () => [7, 8],
    findSolvedConflicts: async () => {
      await world.beforeLook();
      return [{ number: 9, headSha: 'solved' }];
    },
    prepareRun: async (run: RunRequest) => {
      world.begun.push(run.uuid);
      return plan;
    },
    vendBuildId: async () => ({ buildId: '1', url: '' }),
    publishRun: async () => {},
    archiveRun: async () => {},
  };
}

/** What the `tell` activity and the gateway do. */
export function signalWithStart(
  client: Client,
  taskQueue: string,
  message: Message,
): Promise<WorkflowHandle> {
  if (message.to === 'job') throw new Error('a message starts no job');
  return client.workflow.signalWithStart(message.to, {
    workflowId: addresseeOf(message),
    taskQueue,
    args: [message.input],
    signal: message.signal,
    signalArgs: [message.body],
  });
}

function addresseeOf(message: Exclude<Message, { to: 'job' }>): string {
  switch (message.to) {
    case 'pullRequest':
    case 'issue':
      return ids[message.to](message.input.repository, message.input.number);
    case 'commit':
      return ids.commit(message.input.repository, message.input.sha);
    case 'branch':
      return ids.branch(message.input.repository, message.input.ref);
    case 'mergePool':
      return ids.pool(message.input.repository, message.input.branch);
    case 'slots':
      return ids.slots(message.input.kind, message.input.name);
    case 'config':
      return ids.config;
  }
}

/** A comment that an entity hears; its key is all that a scripted decision looks at. */
export function heard(key: string): CommentEvent {
  return {
    kind: 'comment',
    key,
    guid: '',
    at: '2026-01-01T00:00:00Z',
    sender: 'somebody',
    action: 'created',
    source: 'comment',
    id: 1,
    author: 'somebody',
    authorType: 'User',
    body: { kind: 'inline', text: key },
    htmlUrl: '',
    createdAt: '2026-01-01T00:00:00Z',
    isPullRequest: true,
    state: 'open',
    issueAuthor: 'author',
  };
}

/** A decision that wants nothing but what is said. */
export function decision(input: DecisionInput, change: Partial<Decision> = {}): Decision {
  return {
    needsOrdinary: false,
    configNumber: 1,
    configHash: 'hash',
    effects: [],
    withdrawn: [],
    runs: [],
    aborts: [],
    undecided: [],
    heard: [],
    ...(input.scope === 'pull-request' ? { record: recordOf(input) } : {}),
    ...change,
  };
}

/** The record of an open pull request. */
export function recordOf(
  input: DecisionInput,
  change: Partial<PullRequestRecord> = {},
): PullRequestRecord {
  return {
    number: input.number,
    title: 'A change',
    author: 'author',
    authorType: 'User',
    state: 'open',
    merged: false,
    draft: false,
    headSha: 'head',
    headRef: 'feature',
    headRepository: 'fork/repo',
    baseRef: 'main',
    baseSha: 'base',
    mergeable: null,
    htmlUrl: '',
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
    labels: {},
    labelsComplete: true,
    assignees: [],
    milestone: '',
    comments: [],
    commentsComplete: true,
    statuses: {},
    statusesComplete: true,
    runs: {},
    adopted: false,
    generation: input.now,
    ...input.record,
    ...change,
  };
}

/** Its standing for merging. */
export function memberOf(input: DecisionInput, eligible: boolean): PoolMember {
  return member(input.number, {
    headSha: 'head',
    generation: input.now,
    eligible,
    explanation: eligible ? 'In merge pool.' : 'Not mergeable. It is held.',
  });
}

/** An effect on a label. */
export function labelled(label: string, on: boolean, cause: string): KeyedEffect {
  return {
    key: `label:${label}`,
    id: `${cause}/test/0`,
    plugin: 'test',
    cause,
    reason: '',
    effect: { kind: on ? 'add-label' : 'remove-label', label },
  };
}

/** An effect that says something. */
export function saying(body: string, cause: string): KeyedEffect {
  const id = `${cause}/test/1`;
  return {
    key: `comment:${id}`,
    id,
    plugin: 'test',
    cause,
    reason: '',
    effect: { kind: 'comment', body },
  };
}

/** A run that a decision starts. */
export function runOf(input: DecisionInput, uuid: string, cause: string): RunRequest {
  return {
    uuid,
    type: 'presubmit',
    job: 'unit',
    context: 'unit',
    refs: { org: 'org', repo: 'repo', base_ref: 'main' },
    configHash: 'hash',
    cause,
    guid: '',
    optional: false,
    report: true,
    rerunCommand: '/test unit',
    retest: false,
    byPool: false,
    createdAt: input.now,
    trusted: true,
    owner: input.entity,
  };
}

/** GitHub's answer to a write. */
export function done(): Applied {
  return { kind: 'done', at: '2026-01-01T00:00:01.000Z' };
}
