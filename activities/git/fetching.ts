import { mkdir, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { sha as checkedSha } from './names.ts';
import { GitFailure, git, tryGit } from './run.ts';

/** A mirror on disk and where it is fetched from. */
export interface Source {
  readonly directory: string;
  readonly url: string;
  /** Token for HTTPS; asked for at each fetch, as it may change. */
  readonly token: () => Promise<string | undefined>;
}

const FETCH_TIMEOUT = 10 * 60_000;
const LOCKED = /cannot lock ref|unable to create .*\.lock|shallow\.lock|packed-refs\.lock/i;
const TRIES = 5;

/** All branches: nearly every commit builds on one of them. */
const BRANCHES = '+refs/heads/*:refs/heads/*';

/** The token as a header, in the environment: command lines can be read by everybody. */
async function credentials({ url, token }: Source): Promise<Record<string, string>> {
  const secret = await token();
  if (secret === undefined || !/^https?:/.test(url)) return {};
  const basic = Buffer.from(`x-access-token:${secret}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${url}.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Makes the mirror if there is none; several processes may do so at once. */
async function create({ directory }: Source): Promise<void> {
  if (await exists(`${directory}/HEAD`)) return;
  await mkdir(directory, { recursive: true });
  await git({ directory, args: ['init', '--quiet', '--bare'] });
}

async function fetch(source: Source, refspecs: readonly string[]): Promise<void> {
  // A branch `a` that became `a/b` is in the way until it is pruned.
  const prune = refspecs.includes(BRANCHES) ? ['--prune'] : [];
  const env = await credentials(source);
  const args = [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    '--force',
    ...prune,
    '--end-of-options',
  ];
  for (let tries = 1; ; tries += 1) {
    const { code, stderr } = await tryGit({
      directory: source.directory,
      args: [...args, source.url, ...refspecs],
      env,
      timeoutMs: FETCH_TIMEOUT,
    });
    if (code === 0) return;
    // Another process fetches into the same mirror.
    if (tries === TRIES || !LOCKED.test(stderr)) throw new GitFailure(`git fetch: ${stderr}`, code);
    await delay(100 * 2 ** tries);
  }
}

/** Which of these commits the mirror does not have. */
async function missing(directory: string, shas: readonly string[]): Promise<string[]> {
  const { stdout, code } = await tryGit({
    directory,
    args: ['cat-file', '--batch-check=%(objecttype)'],
    input: shas.map((sha) => `${sha}^{commit}\n`).join(''),
  });
  if (code !== 0) return [...shas];
  const lines = stdout.toString('utf8').split('\n');
  return shas.filter((_, index) => lines[index] !== 'commit');
}

/** By SHA; kept under a ref, so that the next fetch can build on it. */
function bySha(sha: string): string {
  return `${sha}:refs/kept/${sha}`;
}

/** Whether the mirror has all of these commits. */
export async function hasAll(directory: string, shas: readonly string[]): Promise<boolean> {
  if (!(await exists(`${directory}/HEAD`))) return false;
  return (await missing(directory, shas.map(checkedSha))).length === 0;
}

/** What a fetch shall bring. */
export interface Wanted {
  readonly shas: readonly string[];
  /** Pull requests whose heads these may be: for servers that do not give out commits by SHA. */
  readonly pulls: readonly number[];
}

/** Fetches commits that the mirror does not have; throws if a SHA cannot be had. */
export async function fetchMissing(source: Source, { shas, pulls }: Wanted): Promise<void> {
  const { directory } = source;
  const wanted = [...new Set(shas.map(checkedSha))];
  const fresh = !(await exists(`${directory}/HEAD`));
  await create(source);
  let lacking = fresh ? wanted : await missing(directory, wanted);
  if (lacking.length === 0) return;
  if (fresh) {
    await fetch(source, [BRANCHES]);
    lacking = await missing(directory, lacking);
  }
  if (lacking.length === 0) return;
  const failure = await fetch(source, lacking.map(bySha)).catch((error: unknown) => error);
  lacking = failure === undefined ? [] : await missing(directory, lacking);
  if (lacking.length === 0) return;
  const heads = pulls.map(
    (number) => `+refs/pull/${Math.trunc(number)}/head:refs/pull/${Math.trunc(number)}/head`,
  );
  await fetch(source, [BRANCHES, ...heads]);
  lacking = await missing(directory, lacking);
  if (lacking.length > 0)
    throw failure ?? new GitFailure(`not to be had: ${lacking.join(', ')}`, 1);
}
