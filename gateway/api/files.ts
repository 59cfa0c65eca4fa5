import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../activities/database/database.ts';
import type { RunRecord } from '../../activities/database/runs.ts';
import { ObjectPathError } from '../../activities/storage/object-path.ts';
import { NotFound } from '../http/errors.ts';
import { sendRange } from '../http/ranges.ts';
import { markForeign } from '../http/safety.ts';
import { type FindRun, findRunByBuild } from '../pages/run-addresses.ts';
import type { RunFiles } from '../run-files.ts';
import { logOf, logsOf, type RunLog } from '../run-logs.ts';

/** What serving files needs. */
export interface FileDependencies {
  readonly database: Database;
  readonly files: RunFiles;
  readonly findRun: FindRun;
}

type LogQuery = Readonly<Record<'container' | 'from' | 'job' | 'id', unknown>>;

/** Larger artifacts are handed out by the storage itself where it can: they need not pass through us. */
const DIRECT_BYTES = 32 * 1024 * 1024;

/** A run's logs and artifacts: bytes that a stranger wrote, so nothing in them may run. */
export function serveFiles(app: FastifyInstance, deps: FileDependencies): void {
  const { database, files, findRun } = deps;
  app.get<{ Params: { uuid: string }; Querystring: LogQuery }>(
    '/runs/:uuid/log',
    async (request, reply) =>
      sendLog(request, reply, askedLog(await findRun(request.params.uuid), request.query, files)),
  );
  app.get<{ Params: { uuid: string }; Querystring: LogQuery }>(
    '/runs/:uuid/log/after',
    async (request, reply) => {
      const from = Number(request.query.from ?? 0);
      const asked = askedLog(await findRun(request.params.uuid), request.query, files);
      return sendRest(reply, asked, Number.isSafeInteger(from) && from > 0 ? from : 0);
    },
  );
  app.get<{ Querystring: LogQuery }>('/log', async (request, reply) => {
    const { job = '', id = '' } = request.query;
    const run = await findRunByBuild(database, String(job), String(id));
    return sendLog(request, reply, askedLog(run, request.query, files));
  });
  app.get<{ Params: { uuid: string; '*': string } }>(
    '/runs/:uuid/artifacts/*',
    async (request, reply) =>
      sendArtifact(request, reply, {
        files,
        run: await findRun(request.params.uuid),
        path: request.params['*'],
      }),
  );
}

interface AskedLog {
  readonly files: RunFiles;
  readonly run: RunRecord;
  readonly log: RunLog;
}

/** As in Prow, `container` names one of several; without it, it is the first one's. */
function askedLog(run: RunRecord, { container }: LogQuery, files: RunFiles): AskedLog {
  const name = String(container ?? '');
  const log = logOf(run, name === 'test' && logsOf(run).length > 1 ? '' : name);
  if (log !== undefined) return { files, run, log };
  const names = logsOf(run).map((one) => one.container);
  throw new NotFound(`The run has no container of that name; it has ${names.join(', ')}.`);
}

interface AskedArtifact {
  readonly files: RunFiles;
  readonly run: RunRecord;
  readonly path: string;
}

async function sendArtifact(
  request: FastifyRequest,
  reply: FastifyReply,
  { files, run, path }: AskedArtifact,
): Promise<FastifyReply> {
  const size = await files.size(run, path).catch(absentPath);
  if (size === undefined) throw new NotFound(`The run has stored nothing under ${path}.`);
  const type = typeOf(path);
  if (type === OTHER && size > DIRECT_BYTES && request.headers.range === undefined) {
    const url = await files.directUrl(run, path);
    if (url !== undefined) return reply.header('cache-control', 'no-store').redirect(url, 302);
  }
  markForeign(reply).type(type);
  if (type === OTHER) reply.header('content-disposition', 'attachment');
  const read = (start: number, length: number): Promise<Uint8Array> =>
    files.read(run, path, { start, length });
  return sendRange(reply, { size, range: request.headers.range, read });
}

/** A path that cannot be is one where nothing lies. */
function absentPath(error: unknown): undefined {
  if (error instanceof ObjectPathError) return undefined;
  throw error;
}

async function sendLog(
  request: FastifyRequest,
  reply: FastifyReply,
  { files, run, log }: AskedLog,
): Promise<FastifyReply> {
  const complete = run.completedAt !== null;
  reply.header('x-run-complete', String(complete)).header('cache-control', 'no-cache');
  const size = await files.logSize(run, log);
  if (size === undefined) {
    throw new NotFound(complete ? 'The run left no log.' : 'The run has written no log yet.');
  }
  markForeign(reply).type('text/plain; charset=utf-8');
  const read = (start: number, length: number): Promise<Uint8Array> =>
    files.readLog(run, log, { start, length });
  return sendRange(reply, { size, range: request.headers.range, read });
}

const REST_BYTES = 256 * 1024;

/** What a log has gained, for who follows it: 204 while there is nothing new, which is no failure. */
async function sendRest(
  reply: FastifyReply,
  { files, run, log }: AskedLog,
  from: number,
): Promise<FastifyReply> {
  // The row was read before the log: a run that is over writes no more.
  reply.header('x-run-complete', String(run.completedAt !== null));
  reply.header('cache-control', 'no-store');
  const bytes = await files.readLog(run, log, { start: from, length: REST_BYTES });
  if (bytes.length === 0) return reply.code(204).send();
  return markForeign(reply).type('text/plain; charset=utf-8').send(Buffer.from(bytes));
}

const OTHER = 'application/octet-stream';

/** Text is shown, pictures too; the rest is only handed out. HTML and SVG are text here. */
const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

const TEXT = /\.(txt|log|json|xml|ya?ml|md|html?|svg|csv|js|ts|go|py|sh|diff|patch|out|err)$/i;

function typeOf(path: string): string {
  if (TEXT.test(path)) return 'text/plain; charset=utf-8';
  return TYPES[path.split('.').at(-1)?.toLowerCase() ?? ''] ?? OTHER;
}
