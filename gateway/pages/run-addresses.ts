import type { FastifyInstance } from 'fastify';
import type { Database } from '../../activities/database/database.ts';
import { type RunRecord, readRun, readRunByBuild } from '../../activities/database/runs.ts';
import type { BucketRuns } from '../bucket-runs.ts';
import { NotFound } from '../http/errors.ts';

/** Finds a run by its UUID; throws `NotFound`. */
export type FindRun = (uuid: string) => Promise<RunRecord>;

/** Makes the finder. */
export function runFinder(database: Database, bucketRuns: BucketRuns): FindRun {
  return async (uuid) => {
    const run = (await readRun(database, uuid)) ?? (await bucketRuns.find(uuid));
    if (run === undefined) throw new NotFound(`There is no run ${uuid}, or it is too old.`);
    return run;
  };
}

/** A run by job and build id, the last two parts of Prow's addresses; throws `NotFound`. */
export async function findRunByBuild(
  database: Database,
  job: string,
  buildId: string,
): Promise<RunRecord> {
  const run = await readRunByBuild(database, { job, buildId });
  if (run === undefined) {
    throw new NotFound(`There is no run of ${job} with the build id ${buildId}, or it is too old.`);
  }
  return run;
}

interface OldAddresses {
  readonly database: Database;
  readonly findRun: FindRun;
  readonly bucketRuns: BucketRuns;
}

/** Prow's addresses of runs and pull requests lead to ours: statuses on GitHub live on. */
export function serveOldAddresses(
  app: FastifyInstance,
  { database, findRun, bucketRuns }: OldAddresses,
): void {
  const runAt = async (parts: readonly string[]): Promise<RunRecord> => {
    const [job = '', buildId = ''] = parts.slice(-2);
    const known = await readRunByBuild(database, { job, buildId });
    return known ?? (await findRun(bucketRuns.idOf(parts) ?? buildId));
  };
  app.get<{ Params: { '*': string } }>('/view/*', async (request, reply) => {
    const parts = request.params['*'].split('/').filter((part) => part !== '');
    const [provider = '', first = ''] = parts;
    const { uuid } = await (provider === 'prowjob' ? findRun(first) : runAt(parts));
    return reply.redirect(`/runs/${uuid}`, 302);
  });
  for (const path of ['/pr-history', '/pr-history/']) {
    app.get<{ Querystring: Record<string, string> }>(path, async (request, reply) => {
      const { org = '', repo = '', pr = '' } = request.query;
      const parts = [org, repo, pr].map((part) => encodeURIComponent(String(part)));
      if (parts.includes('')) throw new NotFound('The address must name org, repo and pr.');
      return reply.redirect(`/pull/${parts.join('/')}`, 302);
    });
  }
}
