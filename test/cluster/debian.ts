import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheDir } from '../../workers/provision/folders.ts';

const run = promisify(execFile);

/** The container runtime, its network plugins, and a shell for images. */
const PACKAGES = ['containerd', 'runc', 'containernetworking-plugins', 'busybox-static'];
const LIMIT_MS = 5 * 60_000;

/** The root of the unpacked packages: nothing is installed, no script of theirs is run. */
export function debianRoot(): string {
  const version = createHash('sha256').update(PACKAGES.join()).digest('hex').slice(0, 12);
  return join(defaultCacheDir(), `debian-${version}`);
}

/** Whether they have been fetched. */
export async function hasDebianPackages(): Promise<boolean> {
  return access(join(debianRoot(), 'usr/sbin/runc')).then(
    () => true,
    () => false,
  );
}

/** Fetches and unpacks them if they are not there yet. */
export async function fetchDebianPackages(progress: (message: string) => void): Promise<void> {
  if (await hasDebianPackages()) return;
  progress(`fetching ${PACKAGES.join(', ')}`);
  await mkdir(defaultCacheDir(), { recursive: true });
  const scratch = await mkdtemp(`${debianRoot()}-`);
  try {
    // As root, apt would want its own account to be able to write here.
    const options = ['-o', 'APT::Sandbox::User=root'];
    const where = { cwd: scratch, timeout: LIMIT_MS };
    const download = () => run('apt-get', [...options, 'download', ...PACKAGES], where);
    // A machine that never asked Debian knows of no package.
    await download().catch(async () => {
      await run('apt-get', [...options, 'update', '-qq'], where);
      await download();
    });
    const root = join(scratch, 'root');
    for (const file of (await readdir(scratch)).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg-deb', ['-x', file, root], where);
    }
    await rename(root, debianRoot()).catch(async (error: unknown) => {
      // Somebody else was quicker.
      if (!(await hasDebianPackages())) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
