import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  CancellationScope,
  log,
  proxyActivities,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { Message } from './contract.ts';
import { advance, newStatus, type RunStatus, reportOf } from './domain/job-state.ts';
import { fullName } from './domain/repository.ts';
import { type RunReport, type RunRequest, repositoryOf } from './domain/run.ts';
import { statusOfRun } from './domain/run-status.ts';
import type { RunPorts, RunPublication, TellPorts } from './ports.ts';
import { eventually } from './proxies.ts';

/** Reports may take a day; the run goes on meanwhile. */
const patient = proxyActivities<Pick<RunPorts, 'publishRun'> & TellPorts>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '1 minute' },
});

const RUN_JOB = defineSearchAttributeKey('RunJob', SearchAttributeType.KEYWORD);
const RUN_TYPE = defineSearchAttributeKey('RunType', SearchAttributeType.KEYWORD);
const REPO = defineSearchAttributeKey('Repo', SearchAttributeType.KEYWORD);
const PULL_NUMBER = defineSearchAttributeKey('PullNumber', SearchAttributeType.INT);
const RUN_STATE = defineSearchAttributeKey('RunState', SearchAttributeType.KEYWORD);

/** Keeps a run's status and sees that owner and pages hear of it. */
export interface JobDesk {
  readonly status: RunStatus;
  readonly publication: RunPublication;
  readonly report: RunReport;
  /** Changes the status; who must know is told beside the run's own progress. */
  change(change: Partial<Omit<RunStatus, 'version'>>): void;
  /** Tells everybody where the run stands. */
  announce(): void;
  /** From now on the owner hears nothing more: a newer run has taken its place. */
  mute(): void;
  /** From now on there are search attributes: the server must know them. */
  index(): void;
  /** A build cluster was chosen. */
  place(cluster: string | undefined): void;
  /** Resolves when all have been told, or nobody could be for a day. */
  told(): Promise<void>;
}

/** Opens the desk; nobody is told before `announce` or the first change. */
export function openDesk(run: RunRequest): JobDesk {
  let status = newStatus();
  let muted = false;
  let indexed = false;
  let cluster: string | undefined;
  const startTime = new Date(run.createdAt).toISOString();
  const publication = (): RunPublication => ({
    run,
    report: reportOf(run, status),
    startTime,
    pendingTime: status.pendingTime,
    completionTime: status.completionTime,
    ...(cluster === undefined ? {} : { cluster }),
  });
  const pages = openSink(publication, (news) => patient.publishRun(news));
  const owner = openSink(publication, async ({ report }) => {
    const message = muted ? undefined : ownerMessage(run, report);
    if (message !== undefined) await patient.tell(message);
  });
  const commit = openSink(publication, ({ report }) => writeCommitStatus(run, report));
  const announce = (): void => {
    if (indexed) upsertSearchAttributes([{ key: RUN_STATE, value: status.state }]);
    owner.wake();
    pages.wake();
    commit.wake();
  };
  return {
    get status() {
      return status;
    },
    get publication() {
      return publication();
    },
    get report() {
      return reportOf(run, status);
    },
    announce,
    change(change) {
      const next = advance(status, change);
      if (next === status) return;
      status = next;
      announce();
    },
    mute() {
      muted = true;
    },
    index() {
      indexed = true;
      upsertSearchAttributes(attributesOf(run));
    },
    place(chosen) {
      cluster = chosen;
    },
    async told() {
      await Promise.all([owner.idle(), pages.idle(), commit.idle()]);
    },
  };
}

interface Sink {
  wake(): void;
  idle(): Promise<void>;
}

/** Sends the newest state, one at a time: an older one never follows a newer one. */
function openSink(
  newest: () => RunPublication,
  send: (publication: RunPublication) => Promise<void>,
): Sink {
  let sent = 0;
  let busy: Promise<void> | undefined;
  const drain = async (): Promise<void> => {
    for (let news = newest(); news.report.version > sent; news = newest()) {
      await send(news).catch((error: unknown) => {
        log.warn('a report was given up', { version: news.report.version, reason: String(error) });
      });
      sent = news.report.version;
    }
    busy = undefined;
  };
  return {
    wake() {
      busy ??= CancellationScope.nonCancellable(drain);
    },
    idle: async () => busy,
  };
}

function attributesOf(run: RunRequest): Parameters<typeof upsertSearchAttributes>[0] {
  const pull = run.refs.pulls?.[0]?.number;
  return [
    { key: RUN_JOB, value: run.job },
    { key: RUN_TYPE, value: run.type },
    { key: REPO, value: fullName(repositoryOf(run.refs)) },
    ...(pull === undefined ? [] : [{ key: PULL_NUMBER, value: pull }]),
  ];
}

/** A postsubmit has no pull request that would write its status: it does so itself (DESIGN §3, `job`). */
async function writeCommitStatus(run: RunRequest, report: RunReport): Promise<void> {
  const sha = run.refs.base_sha ?? '';
  const effect = run.type === 'postsubmit' && sha !== '' ? statusOfRun(report, sha) : undefined;
  if (effect === undefined) return;
  await eventually.writeStatus(
    {
      repository: repositoryOf(run.refs),
      number: 0,
      entity: run.owner,
      configHash: run.configHash,
    },
    {
      key: `status:${sha}:${run.context}`,
      id: `run:${run.uuid}:${report.version}`,
      plugin: 'report',
      cause: run.cause,
      reason: `${run.job} is ${report.state}`,
      effect,
    },
  );
}

/** A run's owner is a pull request or a pool; a branch only starts runs. */
function ownerMessage(run: RunRequest, report: RunReport): Message | undefined {
  // The owner exists and knows its repository's number; this one is not looked at.
  const address = { repository: repositoryOf(run.refs), repositoryId: 0 };
  if (run.owner.startsWith('pool/')) {
    return {
      to: 'mergePool',
      input: { ...address, branch: run.refs.base_ref },
      signal: 'runChanged',
      body: report,
    };
  }
  const number = run.refs.pulls?.[0]?.number;
  if (!run.owner.startsWith('pr/') || number === undefined) return undefined;
  const event = {
    kind: 'run-changed' as const,
    key: `run:${report.uuid}:${report.version}`,
    guid: run.guid,
    at: new Date().toISOString(),
    sender: '',
    run: report,
  };
  return {
    to: 'pullRequest',
    input: { ...address, number },
    signal: 'mail',
    body: { ...address, events: [event] },
  };
}
