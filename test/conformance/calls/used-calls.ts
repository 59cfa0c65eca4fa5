import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '../../..');
/** The folders of the program that speak to GitHub. */
const FOLDERS = ['activities', 'workers', 'gateway'];

const VERBS = 'GET|POST|PUT|PATCH|DELETE';
const WRITTEN_OUT = new RegExp(`'((?:${VERBS}) /[^']*)'`, 'g');
const MADE_UP = new RegExp(`\`(?:${VERBS}) [/$]`);
const TYPED = /\.rest\s*\.(\w+)\s*\.(\w+)/g;
const defaults = z.object({ method: z.string(), url: z.string() });

/** What the sources ask of GitHub. */
export interface UsedCalls {
  /** `GET /repos/{owner}/{repo}`, each once. */
  readonly calls: readonly string[];
  /** Files that put a route together, so that nobody can tell which it is. */
  readonly madeUp: readonly string[];
}

/** The call behind a typed method of Octokit's. */
function callOf(area: string, method: string): string {
  const found: unknown = Reflect.get(Object(Reflect.get(new Octokit().rest, area)), method);
  const { method: verb, url } = defaults.parse(
    Reflect.get(Object(Reflect.get(Object(found), 'endpoint')), 'DEFAULTS'),
  );
  return `${verb} ${url}`;
}

/** Reads which calls of GitHub's REST API the program makes. */
export async function usedCalls(): Promise<UsedCalls> {
  const calls = new Set<string>();
  const madeUp: string[] = [];
  for (const folder of FOLDERS) {
    const names = await readdir(join(ROOT, folder), { recursive: true });
    for (const name of names.filter((file) => /\.tsx?$/.test(file))) {
      const text = await readFile(join(ROOT, folder, name), 'utf8');
      for (const [, call = ''] of text.matchAll(WRITTEN_OUT)) calls.add(call);
      for (const [, area = '', method = ''] of text.matchAll(TYPED))
        calls.add(callOf(area, method));
      if (MADE_UP.test(text)) madeUp.push(`${folder}/${name}`);
    }
  }
  return { calls: [...calls].sort(), madeUp };
}
