import { git } from './run.ts';

/** One file that differs between two commits. */
export interface ChangedFile {
  readonly sha: string;
  readonly filename: string;
  readonly previousFilename?: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  readonly additions: number;
  readonly deletions: number;
  readonly patch?: string;
}

const STATUS: Readonly<Record<string, ChangedFile['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'added',
  T: 'changed',
};

interface RawLine {
  readonly status: ChangedFile['status'];
  readonly sha: string;
  readonly paths: readonly string[];
}

function readRaw(fields: string[]): readonly RawLine[] {
  const lines: RawLine[] = [];
  while (fields[0]?.startsWith(':')) {
    const [, , oldSha = '', newSha = '', letters = 'M'] = (fields.shift() ?? '').split(' ');
    const two = /^[RC]/.test(letters);
    const paths = fields.splice(0, two ? 2 : 1);
    const status = STATUS[letters.charAt(0)] ?? 'modified';
    lines.push({ status, paths, sha: status === 'removed' ? oldSha : newSha });
  }
  return lines;
}

function readNumbers(fields: string[], count: number): readonly (readonly [number, number])[] {
  return Array.from({ length: count }, () => {
    const [added, removed, path = ''] = (fields.shift() ?? '').split('\t');
    if (path === '') fields.splice(0, 2);
    return [Number(added) || 0, Number(removed) || 0];
  });
}

/** The hunks of one file's section, without its header; undefined for binary files. */
function hunks(section: string | undefined): string | undefined {
  const start = section?.search(/^@@ /m) ?? -1;
  return section && start >= 0 ? section.slice(start).replace(/\n$/, '') : undefined;
}

/** Compares by `git diff` arguments, such as `A...B`; files in git's order. */
export async function readChanges(
  directory: string,
  range: readonly string[],
): Promise<readonly ChangedFile[]> {
  const out = await git(directory, [
    'diff',
    '--no-color',
    '--no-ext-diff',
    '-M',
    '--full-index',
    '--raw',
    '--numstat',
    '--patch',
    '-z',
    ...range,
  ]);
  const fields = out.split('\0');
  const lines = readRaw(fields);
  const numbers = readNumbers(fields, lines.length);
  const sections = fields
    .join('\0')
    .replace(/^\0/, '')
    .split(/^(?=diff --git )/m);
  return lines.map((line, index) => {
    const [additions, deletions] = numbers[index] ?? [0, 0];
    const patch = hunks(sections[index]);
    const filename = line.paths.at(-1) ?? '';
    return {
      sha: line.sha,
      filename,
      ...(line.status === 'renamed' ? { previousFilename: line.paths[0] ?? '' } : {}),
      status: line.status,
      additions,
      deletions,
      ...(patch === undefined ? {} : { patch }),
    };
  });
}

/** The diff or the mailbox patch between two commits, as text. */
export function readDiff(
  directory: string,
  kind: 'diff' | 'patch',
  range: { readonly base: string; readonly head: string },
): Promise<string> {
  return kind === 'diff'
    ? git(directory, ['diff', '--no-color', '-M', `${range.base}...${range.head}`])
    : git(directory, ['format-patch', '--stdout', `${range.base}..${range.head}`]);
}

/** The changes of one commit against its first parent. */
export async function readCommitChanges(
  directory: string,
  sha: string,
  parent: string | undefined,
): Promise<readonly ChangedFile[]> {
  const empty = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
  return readChanges(directory, [parent ?? empty, sha]);
}

/** One commit as a diff or a mailbox patch, as text. */
export function readCommitText(
  directory: string,
  kind: 'diff' | 'patch',
  sha: string,
): Promise<string> {
  return kind === 'diff'
    ? git(directory, ['show', '--no-color', '--format=', '-M', sha])
    : git(directory, ['format-patch', '--stdout', '-1', sha]);
}
