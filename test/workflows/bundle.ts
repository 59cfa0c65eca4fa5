import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeBundle } from '../../workers/bundle.ts';

const SOURCES = fileURLToPath(new URL('../../workflows/', import.meta.url));
const LOCK_FILE = fileURLToPath(new URL('../../package-lock.json', import.meta.url));

/**
 * The workflow code as it is now, bundled once per content: test files that run side by side and later runs
 * share it.
 */
export async function workflowBundle(): Promise<{ readonly codePath: string }> {
  const codePath = join(tmpdir(), 'bowsprit-bundles', `${await contentHash()}.cjs`);
  if (!existsSync(codePath)) await writeBundle(codePath);
  return { codePath };
}

async function contentHash(): Promise<string> {
  const hash = createHash('sha256');
  const names = await readdir(SOURCES, { recursive: true });
  const paths = names.filter((name) => name.endsWith('.ts')).map((name) => join(SOURCES, name));
  for (const path of [...paths.sort(), LOCK_FILE]) {
    hash
      .update(path)
      .update('\0')
      .update(await readFile(path))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 32);
}
