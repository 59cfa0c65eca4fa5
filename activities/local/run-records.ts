import type { CloneRecord } from './clone.ts';
import type { RunOrder } from './run-order.ts';

/** `result` of `finished.json`. */
export type FinishedResult = 'SUCCESS' | 'FAILURE' | 'ABORTED';

/** `started.json` (J§1.5). */
export function startedJson(order: RunOrder, clones: readonly CloneRecord[], at: Date): string {
  const commit = commitOf(order, clones);
  return JSON.stringify({
    timestamp: seconds(at),
    ...(order.pull === '' ? {} : { pull: order.pull }),
    ...(Object.keys(order.repos).length === 0 ? {} : { repos: order.repos }),
    ...(commit === '' ? {} : { 'repo-commit': commit, 'repo-version': commit }),
  });
}

/** `finished.json` (J§1.4.5). */
export function finishedJson(
  { at, result }: { readonly at: Date; readonly result: FinishedResult },
  revision: string,
): string {
  return JSON.stringify({
    timestamp: seconds(at),
    passed: result === 'SUCCESS',
    result,
    ...(revision === '' ? {} : { revision }),
  });
}

/** The commit under test: what the clone came to, else the first head, else the base. */
export function commitOf(order: RunOrder, clones: readonly CloneRecord[]): string {
  const main = order.clones[0];
  return clones[0]?.final_sha ?? main?.pulls[0]?.sha ?? main?.baseSha ?? main?.baseRef ?? '';
}

function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
