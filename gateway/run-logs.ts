import { z } from 'zod';
import type { RunRecord } from '../activities/database/runs.ts';

/** A log of a run: of one of its containers. */
export interface RunLog {
  /** Name of the container. */
  readonly container: string;
  /** Name of the file beside `started.json`. */
  readonly file: string;
}

const containers = z.object({
  spec: z.object({
    pod_spec: z.object({ containers: z.array(z.object({ name: z.string().catch('') })) }),
  }),
});

const ONLY: RunLog = { container: 'test', file: 'build-log.txt' };

/** The logs that a run has or will have, the first one first (J§1.4.5). */
export function logsOf(run: RunRecord): readonly [RunLog, ...(readonly RunLog[])] {
  const parsed = containers.safeParse(run.prowjob);
  const names = parsed.success ? parsed.data.spec.pod_spec.containers.map(({ name }) => name) : [];
  const [first, ...rest] = names.map((name) => ({
    container: name,
    file: `${name}-build-log.txt`,
  }));
  return first === undefined || rest.length === 0 ? [ONLY] : [first, ...rest];
}

/** The log of a container, the first one's if none is named; nothing if there is no such container. */
export function logOf(run: RunRecord, container = ''): RunLog | undefined {
  const [first, ...rest] = logsOf(run);
  return container === '' ? first : [first, ...rest].find((log) => log.container === container);
}
