import { join } from 'node:path';
import type { RepositoryName } from '../../workflows/domain/repository.ts';

const SHA = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
const NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]+$/;

/** The SHA, if it is one: whatever else comes from outside never reaches git's command line. */
export function sha(text: string): string {
  const lower = text.toLowerCase();
  if (!SHA.test(lower)) throw new TypeError(`not a SHA: ${JSON.stringify(text.slice(0, 80))}`);
  return lower;
}

function name(text: string): string {
  if (!NAME.test(text)) throw new TypeError(`not a name: ${JSON.stringify(text.slice(0, 80))}`);
  return text.toLowerCase();
}

/** Where a repository's mirror is; GitHub's names do not tell upper from lower case. */
export function mirrorDirectory(cacheDir: string, { org, repo }: RepositoryName): string {
  return join(cacheDir, name(org), `${name(repo)}.git`);
}
