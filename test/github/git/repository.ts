import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git, tryGit } from './run.ts';

/** Forty zeros: git's way to say "no commit". */
export const NO_COMMIT = '0'.repeat(40);

/** Nobody loses a test's repository to a power cut: waiting for the disk at each ref would cost seconds. */
const CONFIG = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
	fsync = none
[http]
	receivepack = true
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
[receive]
	hideRefs = refs/pull
[gc]
	auto = 0
`;

/** Refuses what `BOWSPRIT_PROTECTED` forbids: a line per branch with `closed`, `noforce`, `nodelete`. */
const UPDATE_HOOK = `#!/bin/sh
rule=$(printf '%s\\n' "$BOWSPRIT_PROTECTED" | while read -r ref words; do
  [ "$ref" = "$1" ] && printf ' %s ' "$words"; done)
refuse() { echo "error: GH006: Protected branch update failed for $1." >&2; echo "error: $2" >&2; exit 1; }
zero=0000000000000000000000000000000000000000
[ "$2" = $zero ] && exit 0
if [ "$3" = $zero ]; then
  case "$rule" in *' nodelete '*) refuse "$1" 'Cannot delete this protected branch';; esac
  exit 0
fi
case "$rule" in *' closed '*) refuse "$1" 'Changes must be made through a pull request.';; esac
case "$rule" in *' noforce '*)
  git merge-base --is-ancestor "$2" "$3" || refuse "$1" 'Cannot force-push to this branch';; esac
exit 0
`;

/** Makes a bare repository; a fork borrows the objects of its parent. */
export async function createBare(
  directory: string,
  defaultBranch: string,
  parent?: string,
): Promise<void> {
  await git(directory, [
    'init',
    '--bare',
    '--quiet',
    '--template=',
    `--initial-branch=${defaultBranch}`,
  ]);
  await writeFile(join(directory, 'config'), CONFIG);
  await mkdir(join(directory, 'hooks'), { recursive: true });
  await writeFile(join(directory, 'hooks', 'update'), UPDATE_HOOK, { mode: 0o755 });
  if (!parent) return;
  await mkdir(join(directory, 'objects', 'info'), { recursive: true });
  await writeFile(join(directory, 'objects', 'info', 'alternates'), `${parent}/objects\n`);
}

/** All refs with the commits they name. */
export async function readRefs(directory: string): Promise<Record<string, string>> {
  const out = await git(directory, ['for-each-ref', '--format=%(refname) %(objectname)']);
  const refs: Record<string, string> = {};
  for (const line of out.split('\n')) {
    const [ref, sha] = line.split(' ');
    if (ref && sha) refs[ref] = sha;
  }
  return refs;
}

/** Moves, creates (`before` is {@link NO_COMMIT}) or deletes (`after` is) a ref; false if it was not at `before`. */
export async function updateRef(
  directory: string,
  move: { readonly ref: string; readonly before?: string; readonly after: string },
): Promise<boolean> {
  const { ref, before, after } = move;
  const args = after === NO_COMMIT ? ['-d', ref] : [ref, after];
  const result = await tryGit(directory, ['update-ref', ...args, ...(before ? [before] : [])]);
  return result.code === 0;
}

/** From so many refs on, a file for each costs more than one file for all. */
const MANY = 50;

/** Sets refs; nobody else may write the repository meanwhile. */
export async function setRefs(
  directory: string,
  refs: Readonly<Record<string, string>>,
): Promise<void> {
  const entries = Object.entries(refs);
  if (entries.length >= MANY) return packRefs(directory, refs);
  const lines = entries.map(([ref, sha]) => `update ${ref} ${sha}\n`);
  if (lines.length > 0) await git(directory, ['update-ref', '--stdin'], { input: lines.join('') });
}

/** Writes refs into the one file that git packs them into. */
async function packRefs(directory: string, refs: Readonly<Record<string, string>>): Promise<void> {
  await git(directory, ['pack-refs', '--all']);
  const all = { ...(await readRefs(directory)), ...refs };
  const lines = Object.keys(all)
    .sort()
    .map((ref) => `${all[ref]} ${ref}\n`);
  const file = join(directory, 'packed-refs');
  await writeFile(`${file}.new`, `# pack-refs with: sorted \n${lines.join('')}`);
  await rename(`${file}.new`, file);
}

/** Deletes a ref without asking where it is. */
export async function forgetRef(directory: string, ref: string): Promise<void> {
  await tryGit(directory, ['update-ref', '-d', ref]);
}

/** The full SHA of a commit named in any way git knows, or undefined. */
export async function resolveCommit(directory: string, name: string): Promise<string | undefined> {
  if (name.startsWith('-')) return undefined;
  const result = await tryGit(directory, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${name}^{commit}`,
  ]);
  return result.code === 0 ? result.stdout.trim() : undefined;
}

/** Whether `ancestor` is reachable from `commit`. */
export async function isAncestor(
  directory: string,
  ancestor: string,
  commit: string,
): Promise<boolean> {
  return (await tryGit(directory, ['merge-base', '--is-ancestor', ancestor, commit])).code === 0;
}
