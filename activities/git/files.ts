import { GitFailure, git, tryGit } from './run.ts';

/** A file of a commit. */
export interface FileRead {
  readonly path: string;
  readonly text: string;
}

/** Nobody writes an OWNERS file as large as this; a hostile branch may. */
const LARGEST_FILE = 1024 * 1024;
const FOUND = /^[0-9a-f]{40,64} blob (\d+)$/;

interface Blob {
  readonly path: string;
  readonly oid: string;
}

/** Regular files of a commit whose path is wanted; links and submodules are none. */
async function listBlobs(
  directory: string,
  sha: string,
  wanted: (path: string) => boolean,
): Promise<Blob[]> {
  const listing = await git({ directory, args: ['ls-tree', '-r', '-z', '--full-tree', sha] });
  return listing.split('\0').flatMap((line) => {
    const tab = line.indexOf('\t');
    const [mode = '', type, oid] = line.slice(0, tab).split(' ');
    const path = line.slice(tab + 1);
    const regular = type === 'blob' && mode.startsWith('100');
    return regular && oid !== undefined && wanted(path) ? [{ path, oid }] : [];
  });
}

async function withoutHuge(directory: string, blobs: readonly Blob[]): Promise<Blob[]> {
  const sizes = await git({
    directory,
    args: ['cat-file', '--batch-check=%(objectsize)'],
    input: blobs.map(({ oid }) => `${oid}\n`).join(''),
  });
  const lines = sizes.split('\n');
  return blobs.filter((_, index) => Number(lines[index]) <= LARGEST_FILE);
}

/** Takes the answers of `cat-file --batch` apart: a line with the size, the bytes, a line feed. */
function readBatch(output: Buffer, count: number): (string | undefined)[] {
  const texts: (string | undefined)[] = [];
  let at = 0;
  while (texts.length < count) {
    const end = output.indexOf(10, at);
    if (end < 0) throw new GitFailure('git cat-file stopped early', 1);
    const size = FOUND.exec(output.toString('utf8', at, end))?.[1];
    const start = end + 1;
    texts.push(
      size === undefined ? undefined : output.toString('utf8', start, start + Number(size)),
    );
    at = size === undefined ? start : start + Number(size) + 1;
  }
  return texts;
}

/** The regular files of a commit that the predicate wants, with their text; huge ones are left out. */
export async function filesNamed(
  directory: string,
  sha: string,
  wanted: (path: string) => boolean,
): Promise<readonly FileRead[]> {
  const found = await listBlobs(directory, sha, wanted);
  if (found.length === 0) return [];
  const blobs = await withoutHuge(directory, found);
  const { stdout } = await tryGit({
    directory,
    args: ['cat-file', '--batch'],
    input: blobs.map(({ oid }) => `${oid}\n`).join(''),
  });
  const texts = readBatch(stdout, blobs.length);
  return blobs.flatMap(({ path }, index) => {
    const text = texts[index];
    return text === undefined ? [] : [{ path, text }];
  });
}

/** The text of one file of a commit; undefined if there is no such file. */
export async function fileAt(
  directory: string,
  sha: string,
  path: string,
): Promise<string | undefined> {
  // Git takes `./` and `../` for relative to a work tree, which a mirror has not.
  if (path === '' || path.includes('\0') || /^\.{0,2}\//.test(path)) return undefined;
  const { stdout, code, stderr } = await tryGit({
    directory,
    args: ['cat-file', '--batch', '-z'],
    input: `${sha}:${path}\0`,
  });
  if (code !== 0) throw new GitFailure(`git cat-file: ${stderr}`, code);
  return readBatch(stdout, 1)[0];
}
