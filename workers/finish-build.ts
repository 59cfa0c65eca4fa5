import { chmod, mkdir, rm, symlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundlePath, writeBundle } from './bundle.ts';

/**
 * Links the command where npx looks first: npm does not link a package's own commands, and its way around
 * that fails with an empty cache.
 */
async function linkCommand(): Promise<void> {
  const command = fileURLToPath(new URL('./cli/main.js', import.meta.url));
  const bin = fileURLToPath(new URL('../../node_modules/.bin/', import.meta.url));
  await chmod(command, 0o755);
  await mkdir(bin, { recursive: true });
  await rm(`${bin}bowsprit`, { force: true });
  await symlink('../../dist/workers/cli/main.js', `${bin}bowsprit`);
}

await writeBundle(bundlePath());
await linkCommand();
