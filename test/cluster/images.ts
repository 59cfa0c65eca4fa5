import { execFileSync } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { debianRoot } from './debian.ts';
import { writeImage } from './image.ts';

/** The image of every pod's first process, and a small one with a shell; made once per user. */
export async function basicImages(): Promise<readonly string[]> {
  const busybox = join(debianRoot(), 'bin/busybox');
  const archive = (name: string): string => `${debianRoot()}-images/${name}.tar`;
  const pause = archive('pause');
  const shell = archive('busybox');
  if (!(await isThere(pause))) {
    await writeImage(pause, {
      name: 'localhost/pause:1',
      files: { 'bin/busybox': busybox },
      entrypoint: ['/bin/busybox', 'tail', '-f', '/dev/null'],
    });
  }
  if (!(await isThere(shell))) {
    const list = execFileSync(busybox, ['--list'], { encoding: 'utf8', timeout: 10_000 });
    const commands = list.split('\n').filter((name) => name !== '' && name !== 'busybox');
    await writeImage(shell, {
      name: 'localhost/busybox:1',
      files: { 'bin/busybox': busybox },
      links: Object.fromEntries(commands.map((name) => [`bin/${name}`, 'busybox'])),
    });
  }
  return [pause, shell];
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
