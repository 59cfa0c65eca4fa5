import { presubmitsFor } from '../../config/snapshot.ts';
import { absorb } from '../../workflows/domain/absorb.ts';
import { askedReport } from '../../workflows/domain/asked-report.ts';
import type { Decision, DecisionInput, MailItem } from '../../workflows/domain/decision.ts';
import type { RetestAskedEvent } from '../../workflows/domain/event.ts';
import type { Facts } from '../../workflows/domain/facts.ts';
import { type NetChange, netChange } from '../../workflows/domain/net-change.ts';
import type { PoolMember } from '../../workflows/domain/pool.ts';
import type { PullRequestRecord } from '../../workflows/domain/record.ts';
import { learn } from '../../workflows/domain/working-copy.ts';
import { type Batch, openBatch } from './batch.ts';
import { factsOf } from './facts.ts';
import { askPlugins, giveUp } from './handlers.ts';
import { writeDown } from './log.ts';
import { NeedsOrdinary } from './needs-ordinary.ts';
import { wishOwnJobsReport, wishPushReport, withOwnJobs } from './own-jobs.ts';
import { knowLabels } from './reading.ts';
import { wishAbortedStatuses, wishStatuses } from './reporting.ts';
import { type Push, postsubmitRuns, presubmitRuns, type RunChanges } from './runs.ts';
import { startOf } from './seed.ts';
import type { ActiveConfig, DecisionSources } from './sources.ts';
import { isTrustedPull, wishStanding } from './standing.ts';
import { wishTestReport } from './test-report.ts';

/**
 * Decides a mailbox: the events one after the other over one working copy, and out comes the net change
 * (DESIGN §2.4, §2.5). Asked quickly it gives up with `needsOrdinary` when a fact would take a clone.
 */
export async function decide(input: DecisionInput, sources: DecisionSources): Promise<Decision> {
  const config = await sources.config(input.configNumber);
  try {
    return input.scope === 'pull-request'
      ? await decidePullRequest(input, sources, config)
      : await decideOther(input, sources, config);
  } catch (error) {
    if (error instanceof NeedsOrdinary) return { ...nothing(config), needsOrdinary: true };
    throw error;
  }
}

function nothing(config: ActiveConfig): Decision {
  return {
    needsOrdinary: false,
    configNumber: config.number,
    configHash: config.snapshot.hash,
    effects: [],
    withdrawn: [],
    runs: [],
    aborts: [],
    undecided: [],
    heard: [],
  };
}

async function decidePullRequest(
  input: DecisionInput,
  sources: DecisionSources,
  config: ActiveConfig,
): Promise<Decision> {
  const start = await startOf(input, sources);
  const botLogin = await sources.github.botLogin();
  const batch = openBatch(input, sources, { config, botLogin, record: start.record });
  const facts = factsOf(batch);

  for (const item of start.items) await decideItem(batch, item, facts);
  batch.at = '';
  const changes = await runChanges(batch, facts);
  wishAbortedStatuses(batch);
  const runs = changes.runs.map(askedReport);
  batch.copy = learn(batch.copy, (record) => ({
    ...record,
    runs: { ...record.runs, ...Object.fromEntries(runs.map((run) => [run.job, run])) },
  }));
  wishStatuses(batch);
  wishTestReport(batch);
  await reportOwnJobs(batch);
  const member = await standing(batch, facts);
  await settleLabels(batch);
  const madeUp = start.items.filter((item) => !input.items.includes(item));
  const decision: Decision = {
    ...nothing(config),
    ...withSecondLook(netChange(batch.copy, input.waiting), madeUp),
    ...changes,
    record: nextRecord(batch),
    ...(member === undefined ? {} : { member }),
    undecided: batch.undecided,
    heard: madeUp.map(({ event }) => event.key),
    madeUp,
    ...(batch.lookAgain === undefined ? {} : { lookAgain: batch.lookAgain }),
  };
  await writeDown(batch, start.items, decision);
  return decision;
}

/**
 * What follows from an event that was made up may have been done long ago, by an entity that has ended since:
 * whoever carries it out looks before writing.
 */
function withSecondLook(change: NetChange, madeUp: readonly MailItem[]): NetChange {
  const causes = new Set(madeUp.map(({ event }) => event.key));
  const effects = change.effects.map((keyed) =>
    causes.has(keyed.cause) ? { ...keyed, again: true } : keyed,
  );
  return { ...change, effects };
}

/** What cannot be read just now keeps a pull request from merging, never from being steered (DESIGN §2.5). */
async function standing(batch: Batch, facts: Facts): Promise<PoolMember | undefined> {
  const before = batch.copy;
  try {
    return await wishStanding(batch, facts);
  } catch (error) {
    if (error instanceof NeedsOrdinary) throw error;
    batch.copy = before;
    giveUp(batch, { plugin: 'tide', event: batch.input.items.at(-1)?.event }, error);
    return undefined;
  }
}

/** As for the standing: what cannot be read now is looked at with the next event. */
async function reportOwnJobs(batch: Batch): Promise<void> {
  const before = batch.copy;
  try {
    await wishOwnJobsReport(batch);
  } catch (error) {
    if (error instanceof NeedsOrdinary) throw error;
    batch.copy = before;
    giveUp(batch, { plugin: 'in-repo-config', event: batch.input.items.at(-1)?.event }, error);
  }
}

/** A label that somebody ordered differs or not only from what is really there. */
async function settleLabels(batch: Batch): Promise<void> {
  const touched = [...batch.copy.touched.keys()].some((key) => key.startsWith('label:'));
  if (touched) await knowLabels(batch);
}

async function decideItem(batch: Batch, item: MailItem, facts: Facts): Promise<void> {
  const { event } = item;
  batch.at = event.at;
  if (item.plugins === undefined) {
    const spoken =
      event.kind === 'comment' || event.kind === 'review'
        ? { ...event, body: { kind: 'inline' as const, text: await textOf(batch, event) } }
        : event;
    batch.copy = learn(batch.copy, (record) => absorb(record, spoken, batch.isBot));
  }
  if (event.kind === 'retest-asked') await wantRetests(batch, event);
  await askPlugins(batch, item, facts);
}

function textOf(
  batch: Batch,
  event: Extract<MailItem['event'], { kind: 'comment' | 'review' }>,
): Promise<string> {
  return batch.sources.log.textOf(event.body);
}

/** The pool wants required jobs on its base; a question about another head comes too late. */
async function wantRetests(batch: Batch, event: RetestAskedEvent): Promise<void> {
  if (event.headSha !== batch.copy.wanted.headSha) return;
  const { org, repo } = batch.input.repository;
  const { snapshot } = await withOwnJobs(batch);
  const jobs = new Map(batch.copy.runs);
  for (const job of presubmitsFor(snapshot, org, repo)) {
    if (!event.contexts.includes(job.context)) continue;
    jobs.set(job.name, { job: job.name, retest: false, cause: event.key, baseSha: event.baseSha });
  }
  batch.copy = { ...batch.copy, runs: jobs };
}

async function runChanges(batch: Batch, facts: Facts): Promise<RunChanges> {
  if (batch.copy.runs.size === 0) return presubmitRuns(batch, false);
  return presubmitRuns(batch, await isTrustedPull(facts));
}

/** The record as GitHub is known to be; effects move it when they are carried out. */
function nextRecord(batch: Batch): PullRequestRecord {
  const { actual } = batch.copy;
  return { ...actual, generation: Math.max(actual.generation + 1, batch.input.now) };
}

async function decideOther(
  input: DecisionInput,
  sources: DecisionSources,
  config: ActiveConfig,
): Promise<Decision> {
  const botLogin = await sources.github.botLogin();
  const batch = openBatch(input, sources, { config, botLogin, record: noPullRequest(input) });
  const facts = factsOf(batch);
  const pushes: Push[] = [];
  for (const sent of input.items) {
    const item = await withPushedFiles(batch, sent);
    if (item.event.kind === 'push' && !item.event.deleted) batch.pushed = item.event;
    await askPlugins(batch, item, facts);
    if (item.event.kind !== 'push') continue;
    if (!item.event.deleted) await wishPushReport(batch, item.event.after);
    const jobs = [...batch.copy.runs.keys()];
    const { snapshot } = jobs.length === 0 ? batch : await withOwnJobs(batch);
    pushes.push({ push: item.event, jobs, snapshot });
    batch.copy = { ...batch.copy, runs: new Map() };
  }
  const decision: Decision = {
    ...nothing(config),
    ...netChange(batch.copy, input.waiting),
    runs: postsubmitRuns(batch, pushes),
    undecided: batch.undecided,
  };
  await writeDown(batch, input.items, decision);
  return decision;
}

/** A long push brings its files in its delivery only. */
async function withPushedFiles(batch: Batch, item: MailItem): Promise<MailItem> {
  const { event } = item;
  if (event.kind !== 'push' || event.deleted || event.changedFiles !== undefined) return item;
  const changedFiles = await batch.sources.log.pushedFiles(event.deliveryId);
  return { ...item, event: { ...event, changedFiles } };
}

/** Plugins that hear of issues and pushes find no pull request behind the facts. */
function noPullRequest({ number, repository }: DecisionInput): PullRequestRecord {
  return {
    number: 0,
    title: '',
    author: '',
    authorType: 'User',
    state: 'open',
    merged: false,
    draft: false,
    headSha: '',
    headRef: '',
    headRepository: '',
    baseRef: '',
    baseSha: '',
    mergeable: null,
    htmlUrl: `${repository.org}/${repository.repo}#${number}`,
    createdAt: '',
    updatedAt: '',
    labels: {},
    labelsComplete: true,
    assignees: [],
    milestone: '',
    comments: [],
    commentsComplete: true,
    statuses: {},
    statusesComplete: true,
    runs: {},
    adopted: true,
    generation: 0,
  };
}
