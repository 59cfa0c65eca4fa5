import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../activities/database/database.ts';
import type { RunRecord } from '../../activities/database/runs.ts';
import { NotFound } from '../http/errors.ts';
import { sendRange } from '../http/ranges.ts';
import { markForeign } from '../http/safety.ts';
import { type FindRun, findRunByBuild } from '../pages/run-addresses.ts';
import type { RunFiles } from '../run-files.ts';

/** What serving files needs. */
export interface FileDependencies {
  readonly database: Database;
  readonly files: RunFiles;
  readonly findRun: FindRun;
}

/** A run's log and artifacts: bytes that a stranger wrote, so nothing in them may run. */
export function serveFiles(app: FastifyInstance, deps: FileDependencies): void {
  const { database, files, findRun } = deps;
  app.get<{ Params: { uuid: string } }>('/runs/:uuid/log', async (request, reply) =>
    sendLog(request, reply, { files, run: await findRun(request.params.uuid) }),
  );
  app.get<{ Params: { uuid: string }; Querystring: { from?: unknown } }>(
    '/runs/:uuid/log/after',
    async (request, reply) => {
      const from = Number(request.query.from ?? 0);
      const run = await findRun(request.params.uuid);
      return sendRest(reply, {
        files,
        run,
        from: Number.isSafeInteger(from) && from > 0 ? from : 0,
      });
    },
  );
  app.get<{ Querystring: { job?: unknown; id?: unknown } }>('/log', async (request, reply) => {
    const { job = '', id = '' } = request.query;
    const run = await findRunByBuild(database, String(job), String(id));
    return sendLog(request, reply, { files, run });
  });
  app.get<{ Params: { uuid: string; '*': string } }>(
    '/runs/:uuid/artifacts/*',
    async (request, reply) => {
      const run = await findRun(request.params.uuid);
      const path = request.params['*'];
      const size = await files.size(run, path).catch(() => undefined);
      if (size === undefined) throw new NotFound(`The run has stored nothing under ${path}.`);
      markForeign(reply).type(typeOf(path));
      if (typeOf(path) === OTHER) reply.header('content-disposition', 'attachment');
      const read = (start: number, length: number): Promise<Uint8Array> =>
        files.read(run, path, start, length);
      return sendRange(reply, { size, range: request.headers.range, read });
    },
  );
}

async function sendLog(
  request: FastifyRequest,
  reply: FastifyReply,
  { files, run }: { readonly files: RunFiles; readonly run: RunRecord },
): Promise<FastifyReply> {
  const complete = run.completedAt !== null;
  reply.header('x-run-complete', String(complete)).header('cache-control', 'no-cache');
  const size = await files.logSize(run);
  if (size === undefined) {
    throw new NotFound(complete ? 'The run left no log.' : 'The run has written no log yet.');
  }
  markForeign(reply).type('text/plain; charset=utf-8');
  const read = (start: number, length: number): Promise<Uint8Array> =>
    files.readLog(run, start, length);
  return sendRange(reply, { size, range: request.headers.range, read });
}

const REST_BYTES = 256 * 1024;

/** What a log has gained, for who follows it: 204 while there is nothing new, which is no failure. */
async function sendRest(
  reply: FastifyReply,
  {
    files,
    run,
    from,
  }: { readonly files: RunFiles; readonly run: RunRecord; readonly from: number },
): Promise<FastifyReply> {
  // The row was read before the log: a run that is over writes no more.
  reply.header('x-run-complete', String(run.completedAt !== null));
  reply.header('cache-control', 'no-store');
  const bytes = await files.readLog(run, from, REST_BYTES);
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
