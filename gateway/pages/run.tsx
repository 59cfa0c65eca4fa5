import type { FastifyInstance } from 'fastify';
import { type RunReported, readReports } from '../../activities/database/run-reports.ts';
import type { RunRecord } from '../../activities/database/runs.ts';
import { ids } from '../../workflows/contract.ts';
import { styleAnsi } from '../client/ansi.ts';
import type { PageDependencies } from '../dependencies.ts';
import { shownProwJob } from '../records.ts';
import type { RunFiles, StoredFile } from '../run-files.ts';
import { logOf, logsOf, type RunLog } from '../run-logs.ts';
import type { RenderPage } from './layout.tsx';
import { duration, Live, type OutsideLinks, Sha, State, Time, WorkflowLink } from './parts.tsx';
import type { FindRun } from './run-addresses.ts';

/** How much of a log the page brings along; the script reads on from there. */
const TAIL_BYTES = 64 * 1024;

/** What the page of a run needs. */
export interface RunPageDependencies extends PageDependencies {
  readonly files: RunFiles;
  readonly findRun: FindRun;
}

/** `/runs/UUID`: what a run is, where it stands, what it says. */
export function serveRun(app: FastifyInstance, deps: RunPageDependencies, render: RenderPage) {
  interface Asked {
    readonly Params: { readonly uuid: string };
    readonly Querystring: { readonly container?: unknown };
  }
  app.get<Asked>('/runs/:uuid', async (request, reply) => {
    const run = await deps.findRun(request.params.uuid);
    const shown = logOf(run, String(request.query.container ?? '')) ?? logsOf(run)[0];
    const [tail, stored, reports] = await Promise.all([
      readTail(deps.files, run, shown),
      deps.files.list(run).catch(() => []),
      readReports(deps.database, run.uuid),
    ]);
    const head = {
      title: `${run.job} ${run.state}`,
      section: 'runs',
      topics: [`run:${run.uuid}`],
    } as const;
    const log = { shown, tail };
    const content = <Run {...{ run, log, stored, reports }} links={deps.links} />;
    return reply.type('text/html; charset=utf-8').send(render(head, content));
  });
}

interface LogTail {
  readonly text: string;
  /** First byte that is shown, and first that is not. */
  readonly from: number;
  readonly to: number;
}

/** A log that cannot be read now does not take the page with it. */
async function readTail(
  files: RunFiles,
  run: RunRecord,
  log: RunLog,
): Promise<LogTail | undefined> {
  const size = await files.logSize(run, log).catch(() => undefined);
  if (size === undefined) return undefined;
  const start = Math.max(size - TAIL_BYTES, 0);
  const part = { start, length: size - start };
  const bytes = Buffer.from(await files.readLog(run, log, part).catch(() => new Uint8Array()));
  const skipped = start === 0 ? 0 : bytes.indexOf(10) + 1;
  // Half a line, and so half a character, is left for the script to read again whole.
  const end = run.completedAt === null ? bytes.lastIndexOf(10) + 1 : bytes.length;
  const shown = bytes.subarray(skipped, Math.max(end, skipped));
  return {
    text: shown.toString('utf8'),
    from: start + skipped,
    to: start + skipped + shown.length,
  };
}

interface RunProps {
  readonly run: RunRecord;
  readonly log: ShownLog;
  readonly stored: readonly StoredFile[];
  readonly reports: readonly RunReported[];
  readonly links: OutsideLinks;
}

interface ShownLog {
  readonly shown: RunLog;
  readonly tail: LogTail | undefined;
}

function Run({ run, log, stored, reports, links }: RunProps) {
  return (
    <>
      <Live id="run">
        <h1>
          {run.job} <State state={run.state} />
        </h1>
        <p class="lead">{run.description}</p>
        <Outline run={run} links={links} />
        <Timeline run={run} />
        <Troubles reports={reports} />
      </Live>
      <section aria-labelledby="log-title">
        <h2 id="log-title">Log</h2>
        <Log run={run} log={log} />
      </section>
      <Live id="artifacts">
        <Artifacts run={run} stored={stored} />
      </Live>
    </>
  );
}

function Outline({ run, links }: { readonly run: RunRecord; readonly links: OutsideLinks }) {
  const { spec } = shownProwJob(run.prowjob);
  const repository = run.org === '' ? undefined : `${run.org}/${run.repo}`;
  return (
    <dl class="outline">
      <dt>Type</dt>
      <dd>{run.type}</dd>
      {repository ? <dt>Repository</dt> : null}
      {repository ? (
        <dd>
          <a href={`${links.githubUrl}/${repository}`}>{repository}</a> at {run.baseRef}{' '}
          <Sha sha={spec.refs.base_sha} />
        </dd>
      ) : null}
      {spec.refs.pulls.map((pull) => (
        <PullOfRun run={run} pull={pull} links={links} />
      ))}
      <dt>Build</dt>
      <dd>
        <code>{run.buildId || '–'}</code>
      </dd>
      {spec.rerun_command ? <dt>Again</dt> : null}
      {spec.rerun_command ? (
        <dd>
          Comment <code>{spec.rerun_command}</code> on the pull request
        </dd>
      ) : null}
      <dt>Links</dt>
      <dd class="links">
        <WorkflowLink links={links} id={ids.job(run.uuid)} />
        <a href={`/prowjob?prowjob=${run.uuid}`}>ProwJob YAML</a>
        <a href={`/runs/${run.uuid}/log`}>Whole log</a>
        <a href={`/?job=${encodeURIComponent(run.job)}`}>All runs of this job</a>
      </dd>
    </dl>
  );
}

/** Whoever could not be told, and why. */
function Troubles({ reports }: Pick<RunProps, 'reports'>) {
  const troubles = reports.filter(({ problem }) => problem !== '');
  if (troubles.length === 0) return null;
  return (
    <ul class="troubles" aria-label="What could not be reported">
      {troubles.map(({ reporter, state, problem }) => (
        <li>
          <strong>{reporter}</strong> could not report “{state}”: {problem}
        </li>
      ))}
    </ul>
  );
}

interface PullOfRunProps {
  readonly run: RunRecord;
  readonly pull: { readonly number: number; readonly sha: string; readonly title: string };
  readonly links: OutsideLinks;
}

function PullOfRun({ run, pull, links }: PullOfRunProps) {
  const place = `${run.org}/${run.repo}`;
  return (
    <>
      <dt>Pull request</dt>
      <dd>
        <a href={`/pull/${place}/${pull.number}`}>
          #{pull.number} {pull.title}
        </a>{' '}
        at <Sha sha={pull.sha} /> (
        <a href={`${links.githubUrl}/${place}/pull/${pull.number}`}>GitHub</a>)
      </dd>
    </>
  );
}

function Timeline({ run }: { readonly run: RunRecord }) {
  const { status } = shownProwJob(run.prowjob);
  const steps = [
    { name: 'Asked for', at: run.createdAt, took: '' },
    { name: 'Started', at: status.pendingTime, took: duration(run.createdAt, status.pendingTime) },
    {
      name: 'Finished',
      at: run.completedAt,
      took: duration(status.pendingTime || run.createdAt, run.completedAt),
    },
  ];
  return (
    <ol class="timeline" aria-label="Timeline">
      {steps.map(({ name, at, took }) => (
        <li class={at ? 'reached' : 'ahead'}>
          <strong>{name}</strong> <Time at={at} />
          {at && took ? <small> after {took}</small> : null}
        </li>
      ))}
    </ol>
  );
}

function Log({ run, log: { shown, tail: log } }: Pick<RunProps, 'run' | 'log'>) {
  const logs = logsOf(run);
  const query = logs.length === 1 ? '' : `?container=${encodeURIComponent(shown.container)}`;
  const url = `/runs/${run.uuid}/log${query}`;
  return (
    <>
      {logs.length === 1 ? null : (
        <p class="links">
          {logs.map(({ container }) => (
            <a
              href={`/runs/${run.uuid}?container=${encodeURIComponent(container)}`}
              aria-current={container === shown.container ? 'page' : undefined}
            >
              {container}
            </a>
          ))}
        </p>
      )}
      {log && log.from > 0 ? (
        <p>
          The last {Math.round((log.to - log.from) / 1024)} KB of the log;{' '}
          <a href={url}>the whole log</a>.
        </p>
      ) : null}
      <pre
        class="log"
        id="log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Log of the run"
        data-log={url}
        data-offset={log?.to ?? 0}
      >
        {styleAnsi(log?.text ?? '').map(({ text, styles }) =>
          styles.length === 0 ? text : <span class={styles.join(' ')}>{text}</span>,
        )}
      </pre>
    </>
  );
}

function Artifacts({
  run,
  stored,
}: {
  readonly run: RunRecord;
  readonly stored: readonly StoredFile[];
}) {
  return (
    <section aria-labelledby="artifacts-title">
      <h2 id="artifacts-title">Artifacts</h2>
      {stored.length === 0 ? <p class="none">Nothing has been stored.</p> : null}
      <ul class="artifacts">
        {stored.map(({ path, size }) => (
          <li>
            <a
              href={`/runs/${run.uuid}/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`}
            >
              {path}
            </a>{' '}
            <small>{size.toLocaleString('en')} bytes</small>
          </li>
        ))}
      </ul>
    </section>
  );
}
