import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ClusterStates } from '../../config/checks/cluster-check.ts';
import { ConfigError } from '../../config/problem.ts';

const states = z.record(z.string(), z.string());

/**
 * Reads `plank.build_cluster_status_file`; undefined, with a note, if it is not there or lies in a bucket.
 * @throws ConfigError if it holds anything else than a state per cluster
 */
export async function readClusterStates(
  location: string,
  note: (sentence: string) => void,
): Promise<ClusterStates | undefined> {
  const path = location.replace(/^file:\/\//, '');
  if (/^[a-z0-9]+:\/\//.test(path)) {
    note(`${location} is not read from its bucket here, so clusters are not compared with it.`);
    return undefined;
  }
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    note(
      `${location} cannot be read, so clusters are not compared with it; plank may write it yet.`,
    );
    return undefined;
  }
  const parsed = states.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const why = 'this is no state per build cluster';
  throw new ConfigError([{ file: path, field: '', why, next: 'Let plank write the file.' }]);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
