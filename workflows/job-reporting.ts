import { CancellationScope, log, proxyActivities } from '@temporalio/workflow';
import type { ReportPorts, RunPublication } from './ports.ts';
import { WORKER_DIED } from './proxies.ts';

/** Reports may take a day; the run goes on meanwhile. */
const patient = proxyActivities<ReportPorts>({
  startToCloseTimeout: '20 seconds',
  scheduleToCloseTimeout: '24 hours',
  heartbeatTimeout: WORKER_DIED,
  retry: { initialInterval: '500 milliseconds', maximumInterval: '1 minute' },
});

/** Who has to be told of the newest state. */
export interface Sink {
  wake(): void;
  /** Resolves when all have been told, or nobody could be for a day. */
  idle(): Promise<void>;
}

/**
 * Tells all who listen to a run in one activity; whoever could not be told is told apart from the others from
 * then on, until it knows the newest state. Each hears one state at a time, never an older one after a newer.
 */
export function openReporting(newest: () => RunPublication): Sink {
  const late = new Map<string, Sink>();
  const insist = (name: string): void => {
    const send = (news: RunPublication) => patient.repeatReport(news, name);
    const sink = openSink(newest, send, () => late.delete(name));
    late.set(name, sink);
    sink.wake();
  };
  const first = openSink(newest, async (news) => {
    const left = await patient.reportRun(news, [...late.keys()]);
    for (const name of left) insist(name);
  });
  return {
    wake: first.wake,
    async idle() {
      await first.idle();
      await Promise.all([...late.values()].map((sink) => sink.idle()));
    },
  };
}

/**
 * Sends the newest state, one at a time: an older one never follows a newer one. `rest` is called when there is
 * nothing newer, at once: what changes after it is not sent any more before the next `wake`.
 */
export function openSink(
  newest: () => RunPublication,
  send: (publication: RunPublication) => Promise<void>,
  rest: () => void = () => undefined,
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
    rest();
  };
  return {
    wake() {
      busy ??= CancellationScope.nonCancellable(drain);
    },
    idle: async () => busy,
  };
}
