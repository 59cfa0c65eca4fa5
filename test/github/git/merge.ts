import type { Identity } from './fast-import.ts';
import { git, tryGit } from './run.ts';

/** The committer of everything that the web side merges. */
const GITHUB: Identity = { name: 'GitHub', email: 'noreply@github.com' };

/** What to merge, and how. */
export interface MergeOrder {
  readonly base: string;
  /** The commit whose tree takes the base's place (a fault). */
  readonly treeBase?: string;
  readonly head: string;
  readonly method: 'merge' | 'squash' | 'rebase';
  readonly message: string;
  readonly author: Identity;
}

function identities(author: Identity, committer: Identity, date?: string): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    ...(date ? { GIT_AUTHOR_DATE: date } : {}),
  };
}

/** The tree that merging two commits gives, or undefined if they conflict. */
export async function mergeTree(
  directory: string,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  const result = await tryGit(directory, [
    'merge-tree',
    '--write-tree',
    '--no-messages',
    '--allow-unrelated-histories',
    ours,
    theirs,
  ]);
  if (result.code === 0) return result.stdout.trim().split('\n')[0];
  if (result.code === 1) return undefined;
  throw new Error(`git merge-tree: ${result.stderr.trim()}`);
}

interface TreeCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly env: Record<string, string>;
}

async function commitTree(directory: string, commit: TreeCommit): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  const out = await git(directory, ['commit-tree', commit.tree, ...parents, '-F', '-'], {
    input: commit.message,
    env: commit.env,
  });
  return out.trim();
}

interface Picked {
  readonly sha: string;
  readonly parent: string;
  readonly author: Identity;
  readonly date: string;
  readonly message: string;
}

async function commitsToPick(directory: string, order: MergeOrder): Promise<readonly Picked[]> {
  const out = await git(directory, [
    'log',
    '--reverse',
    '--topo-order',
    '--no-merges',
    '-z',
    '--format=%H%n%P%n%an%n%ae%n%aI%n%B',
    `${order.base}..${order.head}`,
  ]);
  return out
    .split('\0')
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const [sha = '', parent = '', name = '', email = '', date = '', ...message] =
        text.split('\n');
      return { sha, parent, author: { name, email }, date, message: message.join('\n') };
    });
}

/**
 * Puts one commit on top of another. Git of today's distributions cannot be told the merge base,
 * so `onto` is given the picked commit's parent as its own for the length of one merge.
 */
async function pick(directory: string, onto: string, commit: Picked): Promise<string | undefined> {
  const env = identities(commit.author, GITHUB, commit.date);
  const stand = await commitTree(directory, {
    tree: `${onto}^{tree}`,
    parents: [commit.parent],
    message: 'stand-in',
    env,
  });
  const tree = await mergeTree(directory, stand, commit.sha);
  if (!tree) return undefined;
  return commitTree(directory, { tree, parents: [onto], message: commit.message, env });
}

async function rebase(directory: string, order: MergeOrder): Promise<string | undefined> {
  let tip = order.base;
  for (const commit of await commitsToPick(directory, order)) {
    const next = await pick(directory, tip, commit);
    if (!next) return undefined;
    tip = next;
  }
  return tip;
}

/** Makes the commit that merging would make, without moving any ref; undefined on conflict. */
export async function makeMerge(directory: string, order: MergeOrder): Promise<string | undefined> {
  if (order.method === 'rebase') return rebase(directory, order);
  const tree = await mergeTree(directory, order.treeBase ?? order.base, order.head);
  if (!tree) return undefined;
  return commitTree(directory, {
    tree,
    parents: order.method === 'squash' ? [order.base] : [order.base, order.head],
    message: order.message,
    env: identities(order.author, GITHUB),
  });
}
