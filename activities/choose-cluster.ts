import { z } from 'zod';
import type { ProwConfig } from '../config/prow/config-file.ts';

/** Prow's section `scheduler`. */
export type Scheduler = NonNullable<ProwConfig['scheduler']>;

/** A job that looks for its cluster. */
export interface ClusterSeeker {
  readonly job: string;
  readonly agent: string;
  /** The job's own choice. */
  readonly cluster: string;
}

const answerSchema = z.object({ cluster: z.string() });
const LIMIT_MS = 10_000;

/**
 * The build cluster of a run, by the first strategy that is configured (J§1.3): failover by a table, or a
 * scheduler that is asked; one that does not answer changes nothing (P30, P31).
 */
export async function chooseCluster(
  seeker: ClusterSeeker,
  scheduler: Scheduler | undefined,
  warn: (reason: string) => void,
): Promise<string> {
  const { job, agent, cluster } = seeker;
  if (scheduler?.enabled !== true || agent !== 'kubernetes') return cluster;
  const { failover, external } = scheduler;
  if (failover !== undefined) return failover.mappings[cluster] ?? cluster;
  if (external === undefined || external.url === '') return cluster;
  try {
    return (await ask(external.url, job)) || cluster;
  } catch (error) {
    warn(`the scheduler at ${external.url} was no help: ${String(error)}`);
    return cluster;
  }
}

async function ask(url: string, job: string): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ job }),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (answer.status !== 200) throw new Error(`it answered ${answer.status}`);
  return answerSchema.parse(await answer.json()).cluster;
}
