import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '../../workflows/contract.ts';
import { ownerMessage } from '../../workflows/domain/owner-message.ts';
import type { ReportPorts, RunPublication } from '../../workflows/ports.ts';
import { statusOf } from '../bucket-records.ts';
import type { Database } from '../database/database.ts';
import { readStanding, saveReported } from '../database/run-reports.ts';
import { within } from '../github/http/deadline.ts';
import type { RenderRun } from '../rendered-run.ts';
import { type Reporter, ReportRefused, type RunNews } from './reporter.ts';

/** Who is told of runs. */
export interface ReportSetting {
  readonly db: Database;
  readonly render: RenderRun;
  /** Writes the run's row and tells the pages. */
  readonly publish: (publication: RunPublication) => Promise<void>;
  readonly tell: (message: Message) => Promise<void>;
  readonly reporters: readonly Reporter[];
  readonly warn?: (reason: string) => void;
}

/** For so long the first try may take, all of them side by side; milliseconds. */
const FIRST_TRY_MS = 5_000;
/** What is still on its way to GitHub then is given up: it must not come after the next try, or after newer news. */
const FIRST_REQUESTS_MS = 4_500;
/** Prow's name of who writes to GitHub. */
const GITHUB = 'github-reporter';

/** Tells everybody of a run's transition. A run's page and its owner are told as reporters are, without a ledger. */
export function createReportActivities(setting: ReportSetting): ReportPorts {
  const tellings = new Map<string, Telling>([
    ['pages', (publication) => publish(publication, setting)],
    ['owner', (publication) => tellOwner(publication, setting)],
  ]);
  for (const reporter of setting.reporters) {
    tellings.set(reporter.name, (publication, again) =>
      tellReporter(reporter, { publication, again }, setting),
    );
  }
  return {
    reportRun: async (publication, except) => {
      const asked = [...tellings].filter(([name]) => !except.includes(name));
      const left = await Promise.all(
        asked.map(async ([name, telling]) => {
          const why = await firstTry(telling, publication);
          if (why === undefined) return [];
          setting.warn?.(`${name} is told of run ${publication.run.uuid} later: ${why}`);
          return [name];
        }),
      );
      return left.flat();
    },
    repeatReport: async (publication, name) => tellings.get(name)?.(publication, true),
  };
}

type Telling = (publication: RunPublication, again: boolean) => Promise<void>;

/** Why it was not told, if so. */
async function firstTry(
  telling: Telling,
  publication: RunPublication,
): Promise<string | undefined> {
  const late = delay(FIRST_TRY_MS, 'it takes too long', { ref: false });
  const told = within(FIRST_REQUESTS_MS, () => telling(publication, false)).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return Promise.race([told, late]);
}

async function publish(publication: RunPublication, setting: ReportSetting): Promise<void> {
  await setting.publish(publication);
  const { uuid, version, state } = publication.report;
  if (!publication.superseded) return;
  // As Prow marks it, so that nobody writes the end of the older run over the newer one (J§1.2.1).
  const note = { reporter: GITHUB, version, state, mark: state, problem: '' };
  await saveReported(setting.db, uuid, note);
}

async function tellOwner(publication: RunPublication, { tell }: ReportSetting): Promise<void> {
  if (publication.superseded) return;
  const message = ownerMessage(publication.run, publication.report, new Date().toISOString());
  if (message !== undefined) await tell(message);
}

async function tellReporter(
  reporter: Reporter,
  { publication, again }: Pick<RunNews, 'publication' | 'again'>,
  setting: ReportSetting,
): Promise<void> {
  const found = await setting.render(publication.run);
  const rendered = typeof found === 'string' ? undefined : found;
  const prowjob = rendered?.prowjob(statusOf(publication));
  const news: RunNews = { publication, rendered, prowjob, again };
  if (!reporter.wants(news)) return;
  const { uuid, version, state } = publication.report;
  const mark = reporter.mark?.(news) ?? state;
  const { last, newest } = await readStanding(setting.db, uuid, reporter.name);
  // A newer state is on its way, or was told: this one comes too late.
  if (newest > version || (last !== undefined && last.version >= version)) return;
  if (last?.mark === mark) return;
  const problem = await refusal(() => reporter.report(news));
  if (problem !== '') setting.warn?.(`${reporter.name} does not take run ${uuid}: ${problem}`);
  await saveReported(setting.db, uuid, { reporter: reporter.name, version, state, mark, problem });
}

/** Why the other side refuses; empty if it does not. */
async function refusal(report: () => Promise<void>): Promise<string> {
  try {
    await report();
    return '';
  } catch (error) {
    if (error instanceof ReportRefused) return error.message;
    throw error;
  }
}
