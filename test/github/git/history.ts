import { git, tryGit } from './run.ts';

/** A person and a time in a commit. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

/** A commit as git stores it. */
export interface CommitRecord {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

const FORMAT = '%H%n%T%n%P%n%an%n%ae%n%aI%n%cn%n%ce%n%cI%n%B';

function utc(date: string): string {
  return `${new Date(date).toISOString().slice(0, 19)}Z`;
}

function parseCommit(text: string): CommitRecord {
  const [sha = '', tree = '', parents = '', ...rest] = text.replace(/^\n/, '').split('\n');
  const [name = '', email = '', date = '', cname = '', cemail = '', cdate = '', ...body] = rest;
  return {
    sha,
    tree,
    parents: parents.split(' ').filter(Boolean),
    author: { name, email, date: utc(date) },
    committer: { name: cname, email: cemail, date: utc(cdate) },
    message: body.join('\n').trimEnd(),
  };
}

/** Reads commits by `git log` arguments (ranges, SHAs, limits, paths). */
export async function readCommits(
  directory: string,
  args: readonly string[],
): Promise<readonly CommitRecord[]> {
  const out = await git(directory, ['log', '-z', `--format=${FORMAT}`, ...args]);
  return out.split('\0').filter(Boolean).map(parseCommit);
}

/** The best common ancestor of two commits. */
export async function mergeBase(
  directory: string,
  one: string,
  other: string,
): Promise<string | undefined> {
  const result = await tryGit(directory, ['merge-base', one, other]);
  return result.code === 0 ? result.stdout.trim() : undefined;
}

/** How many commits each side has that the other has not. */
export async function countApart(
  directory: string,
  base: string,
  head: string,
): Promise<{ readonly behind: number; readonly ahead: number }> {
  const out = await git(directory, ['rev-list', '--left-right', '--count', `${base}...${head}`]);
  const [behind = '0', ahead = '0'] = out.trim().split(/\s+/);
  return { behind: Number(behind), ahead: Number(ahead) };
}

/** The SHAs that `to` has and `from` has not. */
export async function newCommits(
  directory: string,
  from: string,
  to: string,
): Promise<ReadonlySet<string>> {
  const out = await git(directory, ['rev-list', `${from}..${to}`]);
  return new Set(out.split('\n').filter(Boolean));
}

/** An entry of a tree. */
export interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number | null;
  readonly path: string;
}

/** Lists a tree, or undefined when there is none of that name. */
export async function readTree(
  directory: string,
  tree: string,
  recursive: boolean,
): Promise<readonly TreeEntry[] | undefined> {
  const flags = recursive ? ['-r', '-t'] : [];
  const result = await tryGit(directory, ['ls-tree', '-z', '-l', ...flags, tree]);
  if (result.code !== 0) return undefined;
  return result.stdout
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', type = '', sha = '', size = '-'] = line.slice(0, tab).split(/\s+/);
      return {
        mode,
        type,
        sha,
        size: size === '-' ? null : Number(size),
        path: line.slice(tab + 1),
      };
    });
}

/** The content of a blob, or undefined when there is none of that name. */
export async function readBlob(directory: string, blob: string): Promise<Buffer | undefined> {
  const result = await tryGit(directory, ['cat-file', 'blob', blob]);
  return result.code === 0 ? result.bytes : undefined;
}
