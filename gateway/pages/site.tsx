import type { FastifyInstance } from 'fastify';
import { isNamedBucket, mayShow } from '../../config/rendering/shown-buckets.ts';
import { serveBadge } from '../api/badge.ts';
import { serveFiles } from '../api/files.ts';
import { servePluginHelp } from '../api/plugin-help.ts';
import { serveProwJobs } from '../api/prowjobs.ts';
import { serveTideJson } from '../api/tide.ts';
import { createBucketRuns } from '../bucket-runs.ts';
import type { PageDependencies } from '../dependencies.ts';
import { createChangeHub } from '../events/hub.ts';
import { serveEvents } from '../events/stream.ts';
import { serveAssets } from '../http/assets.ts';
import { NotFound } from '../http/errors.ts';
import { protectPages } from '../http/safety.ts';
import { createRunFiles } from '../run-files.ts';
import { serveConfiguration } from './configuration.tsx';
import { serveHelp } from './help.tsx';
import { createRenderer, type RenderPage } from './layout.tsx';
import { servePull } from './pull.tsx';
import { servePulls } from './pulls.tsx';
import { serveRun } from './run.tsx';
import { runFinder, serveOldAddresses } from './run-addresses.ts';
import { serveRuns } from './runs.tsx';
import { serveTide } from './tide.tsx';

/** The status site: pages, their JSON, the files of runs, the stream of changes. All of it is read only. */
export function serveSite(app: FastifyInstance, deps: PageDependencies): void {
  protectPages(app);
  const hub = createChangeHub(deps.database);
  const render = createRenderer(serveAssets(app), hub.lastId);
  answerErrors(app, render);
  serveEvents(app, hub);

  const bucketRuns = createBucketRuns({
    openStorage: deps.openStorage,
    isNamed: (location) => {
      const snapshot = deps.snapshot();
      return snapshot !== undefined && isNamedBucket(snapshot, location);
    },
  });
  const findRun = runFinder(deps.database, bucketRuns);
  const files = createRunFiles({
    openStorage: deps.openStorage,
    liveLogs: deps.liveLogs,
    mayShow: (location) => {
      const snapshot = deps.snapshot();
      return snapshot === undefined || mayShow(snapshot, location);
    },
  });
  const withFiles = { ...deps, findRun, files };
  serveRuns(app, deps, render);
  serveRun(app, withFiles, render);
  serveTide(app, deps, render);
  servePull(app, deps, render);
  servePulls(app, deps, render);
  serveHelp(app, deps, render);
  serveConfiguration(app, deps, render);
  serveFiles(app, withFiles);
  serveProwJobs(app, withFiles);
  serveTideJson(app, deps);
  servePluginHelp(app, deps);
  serveBadge(app, deps.database);
  serveOldAddresses(app, { database: deps.database, findRun, bucketRuns });
}

interface Failure {
  readonly status: number;
  readonly title: string;
  readonly message: string;
}

/** People get a page that says what to do, machines a line of text; nobody gets a stack. */
function answerErrors(app: FastifyInstance, render: RenderPage): void {
  app.setNotFoundHandler(() => {
    throw new NotFound('There is no page here. The navigation leads to all of them.');
  });
  app.setErrorHandler((error, request, reply) => {
    const failure = failureOf(error);
    if (failure.status >= 500) request.log.error({ err: error, url: request.url }, 'a page failed');
    if (!String(request.headers.accept ?? '').includes('text/html')) {
      return reply
        .code(failure.status)
        .type('text/plain; charset=utf-8')
        .send(`${failure.message}\n`);
    }
    const content = (
      <>
        <h1>{failure.title}</h1>
        <p>{failure.message}</p>
      </>
    );
    return reply
      .code(failure.status)
      .type('text/html; charset=utf-8')
      .send(render({ title: failure.title }, content));
  });
}

function failureOf(error: unknown): Failure {
  if (error instanceof NotFound) {
    return { status: 404, title: 'Not found', message: error.message };
  }
  if (error instanceof Error && error.name === 'DatabaseUnavailable') {
    const message =
      'The database is away, so there is nothing to show. Work goes on; look again soon.';
    return { status: 503, title: 'Not available', message };
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) {
    return { status, title: 'Not understood', message: 'The request was not understood.' };
  }
  return {
    status: 500,
    title: 'Failed',
    message: 'This page failed; the log of the gateway says why.',
  };
}
