import { tryGit } from './run.ts';

/** Lines that one commit wrote last, counted from 1, both ends included. */
export interface BlameRange {
  readonly sha: string;
  readonly from: number;
  readonly to: number;
}

const LINE = /^([0-9a-f]{40}) \d+ (\d+) (\d+)$/;

/** Who wrote each line of a file last; undefined if there is no such file at that commit. */
export async function readBlame(
  directory: string,
  at: { readonly commit: string; readonly path: string },
): Promise<readonly BlameRange[] | undefined> {
  const { commit, path } = at;
  const result = await tryGit(directory, ['blame', '--incremental', commit, '--', path]);
  if (result.code !== 0) return undefined;
  const ranges = result.stdout.split('\n').flatMap((line): readonly BlameRange[] => {
    const [, sha = '', first, count] = LINE.exec(line) ?? [];
    if (first === undefined) return [];
    return [{ sha, from: Number(first), to: Number(first) + Number(count) - 1 }];
  });
  return ranges.sort((one, other) => one.from - other.from);
}
