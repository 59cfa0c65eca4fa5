import type { ChangedFile } from '../../workflows/domain/facts.ts';
import { git } from './run.ts';

/** GitHub's word for a letter of `git diff --raw`. */
const STATUS: Readonly<Record<string, string>> = {
  A: 'added',
  C: 'copied',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
};

interface Counted {
  readonly additions: number;
  readonly deletions: number;
}

/** Reads NUL-separated fields one after the other. */
function fieldsOf(text: string) {
  const fields = text.split('\0');
  let at = 0;
  return {
    next: () => fields[at++] ?? '',
    peek: () => fields[at],
  };
}

type Fields = ReturnType<typeof fieldsOf>;

/** The raw half: one status per file; a rename has its old name too, which GitHub's list leaves out. */
function readStatuses(fields: Fields): Map<string, string> {
  const statuses = new Map<string, string>();
  while (fields.peek()?.startsWith(':')) {
    const letter = fields.next().split(' ')[4]?.[0] ?? 'M';
    const old = fields.next();
    const filename = letter === 'R' || letter === 'C' ? fields.next() : old;
    statuses.set(filename, STATUS[letter] ?? 'modified');
  }
  return statuses;
}

/** The numeric half: `added TAB deleted TAB name`, the name empty and two more fields for a rename. */
function readCounts(fields: Fields): Map<string, Counted> {
  const counts = new Map<string, Counted>();
  while (fields.peek()) {
    const [additions = '', deletions = '', ...rest] = fields.next().split('\t');
    const inline = rest.join('\t');
    if (inline === '') fields.next();
    const filename = inline === '' ? fields.next() : inline;
    // Binary files have dashes, and no lines as far as GitHub is concerned.
    counts.set(filename, { additions: Number(additions) || 0, deletions: Number(deletions) || 0 });
  }
  return counts;
}

/** What a commit changes against another one, as GitHub would list it. */
export async function diff(
  directory: string,
  from: string,
  to: string,
): Promise<readonly ChangedFile[]> {
  const args = [
    'diff-tree',
    '-r',
    '-z',
    '-M',
    '--raw',
    '--numstat',
    '--no-ext-diff',
    '--no-textconv',
  ];
  const fields = fieldsOf(await git({ directory, args: [...args, from, to, '--'] }));
  const statuses = readStatuses(fields);
  const counts = readCounts(fields);
  return [...statuses].map(([filename, status]) => ({
    filename,
    status,
    ...(counts.get(filename) ?? { additions: 0, deletions: 0 }),
  }));
}
