import type { Identity } from './fast-import.ts';
import { git, tryGit } from './run.ts';

/** Stores a blob; returns its SHA. */
export async function writeBlob(directory: string, content: Buffer): Promise<string> {
  return (await git(directory, ['hash-object', '-w', '--stdin'], { input: content })).trim();
}

/** An entry to put into a tree; `sha: null` takes it out. */
export interface TreeChange {
  readonly path: string;
  readonly mode: string;
  readonly sha: string | null;
}

/** Makes a tree from another (or from nothing) and changes; paths may contain folders. */
export async function writeTree(
  directory: string,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const index = `${directory}/index-${process.pid}-${changes.length}-${performance.now()}`;
  const env = { GIT_INDEX_FILE: index };
  const lines = changes.map(({ path, mode, sha }) =>
    sha === null ? `0 ${'0'.repeat(40)}\t${path}\0` : `${mode} ${sha}\t${path}\0`,
  );
  if (base !== undefined) await git(directory, ['read-tree', base], { env });
  await git(directory, ['update-index', '-z', '--index-info'], { env, input: lines.join('') });
  const tree = (await git(directory, ['write-tree'], { env })).trim();
  await tryGit(directory, ['read-tree', '--empty'], { env });
  return tree;
}

/** A commit to store. */
export interface CommitOrder {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Identity & { readonly date?: string | undefined };
  readonly committer: Identity & { readonly date?: string | undefined };
}

/** Stores a commit; returns its SHA. */
export async function writeCommit(directory: string, order: CommitOrder): Promise<string> {
  const { author, committer } = order;
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    ...(author.date ? { GIT_AUTHOR_DATE: author.date } : {}),
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    ...(committer.date ? { GIT_COMMITTER_DATE: committer.date } : {}),
  };
  const parents = order.parents.flatMap((parent) => ['-p', parent]);
  const args = ['commit-tree', order.tree, ...parents, '-F', '-'];
  return (await git(directory, args, { input: order.message, env })).trim();
}

/** What an object is (`commit`, `tree`, `blob`, `tag`), or undefined. */
export async function typeOf(directory: string, sha: string): Promise<string | undefined> {
  const result = await tryGit(directory, ['cat-file', '-t', sha]);
  return result.code === 0 ? result.stdout.trim() : undefined;
}

/** Stores an annotated tag; returns its SHA. */
export async function writeTag(
  directory: string,
  tag: {
    readonly name: string;
    readonly object: string;
    readonly type: string;
    readonly message: string;
    readonly tagger: Identity;
  },
): Promise<string> {
  const { name, object, type, message, tagger } = tag;
  const at = `${Math.floor(Date.now() / 1000)} +0000`;
  const input = `object ${object}\ntype ${type}\ntag ${name}\ntagger ${tagger.name} <${tagger.email}> ${at}\n\n${message}\n`;
  return (await git(directory, ['mktag'], { input })).trim();
}

/** The text of an object. */
export async function readObject(directory: string, sha: string): Promise<string | undefined> {
  const result = await tryGit(directory, ['cat-file', '-p', sha]);
  return result.code === 0 ? result.stdout : undefined;
}

/** The SHA of whatever git knows by this name (`main`, `main:OWNERS`, a SHA), or undefined. */
export async function resolveObject(directory: string, name: string): Promise<string | undefined> {
  if (name.startsWith('-')) return undefined;
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', name];
  const result = await tryGit(directory, args);
  return result.code === 0 ? result.stdout.trim() : undefined;
}
