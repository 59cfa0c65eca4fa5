import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { proxyActivities, upsertSearchAttributes } from '@temporalio/workflow';
import { commitStatus } from './domain/commit-status.ts';
import { advance, newStatus, type RunStatus, reportOf } from './domain/job-state.ts';
import { ownerMessage } from './domain/owner-message.ts';
import { fullName } from './domain/repository.ts';
import { type RunReport, type RunRequest, repositoryOf } from './domain/run.ts';
import { openReporting, openSink, type Sink } from './job-reporting.ts';
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
  /** From now on all are told in one activity: the worker that planned the run knows how. */
  reportTogether(): void;
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
    ...(muted ? { superseded: true } : {}),
  });
  let sinks = openOldSinks(publication, () => muted);
  const announce = (): void => {
    if (indexed) upsertSearchAttributes([{ key: RUN_STATE, value: status.state }]);
    for (const sink of sinks) sink.wake();
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
    reportTogether() {
      sinks = [openReporting(publication)];
    },
    async told() {
      await Promise.all(sinks.map((sink) => sink.idle()));
    },
  };
}

/** How runs report that were planned before there was `reportRun`, or were ended before they were planned. */
function openOldSinks(newest: () => RunPublication, muted: () => boolean): readonly Sink[] {
  return [
    openSink(newest, async ({ run, report }) => {
      const at = new Date().toISOString();
      const message = muted() ? undefined : ownerMessage(run, report, at);
      if (message !== undefined) await patient.tell(message);
    }),
    openSink(newest, (news) => patient.publishRun(news)),
    openSink(newest, async ({ run, report }) => {
      const status = commitStatus(run, report);
      if (status !== undefined) await eventually.writeStatus(status.target, status.keyed);
    }),
  ];
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
