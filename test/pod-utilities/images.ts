import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { debianRoot } from '../cluster/debian.ts';
import { type ImageRecipe, writeImage } from '../cluster/image.ts';
import { type PodUtility, podUtilityPath } from './programs.ts';

const run = promisify(execFile);

/** The images that `utility_images` of a test's configuration names. */
export const UTILITY_IMAGES = {
  clonerefs: 'localhost/clonerefs:1',
  initupload: 'localhost/initupload:1',
  entrypoint: 'localhost/entrypoint:1',
  sidecar: 'localhost/sidecar:1',
} as const satisfies Record<PodUtility, string>;

/**
 * Archives of the images of the pod utilities, for `startCluster`; made once per user. Each holds its program,
 * that of `clonerefs` also this machine's git. Needs the tool `pod-utilities`.
 */
export async function utilityImages(): Promise<readonly string[]> {
  const archives: string[] = [];
  for (const name of ['clonerefs', 'initupload', 'entrypoint', 'sidecar'] as const) {
    const program = podUtilityPath(name);
    const git = name === 'clonerefs' ? await gitFiles() : { files: {}, links: {} };
    const recipe: ImageRecipe = {
      name: UTILITY_IMAGES[name],
      files: { [`bin/${name}`]: program, ...git.files },
      links: git.links,
      entrypoint: [`/bin/${name}`],
    };
    const version = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12);
    const archive = join(dirname(program), 'images', `${name}-${version}.tar`);
    if (!(await isThere(archive))) await writeImage(archive, recipe);
    archives.push(archive);
  }
  return archives;
}

const TOOLS = ['mkdir', 'sh', 'sed', 'basename', 'ln', 'cat', 'uname', 'rm'];

interface ImageFiles {
  readonly files: Readonly<Record<string, string>>;
  readonly links: Readonly<Record<string, string>>;
}

/** Git that clones by http, with the libraries that it needs, all in their places. */
async function gitFiles(): Promise<ImageFiles> {
  const { stdout } = await run('git', ['--exec-path'], { timeout: 10_000 });
  const home = stdout.trim();
  const programs = [join(home, 'git'), join(home, 'git-remote-http')];
  const libraries = new Set((await Promise.all(programs.map(librariesOf))).flat());
  const scripts = ['git-submodule', 'git-sh-setup', 'git-sh-i18n'].map((name) => join(home, name));
  const files = [...programs, ...scripts, ...libraries];
  return {
    files: {
      'bin/busybox': join(debianRoot(), 'bin/busybox'),
      ...Object.fromEntries(
        await Promise.all(
          files.map(async (path) => [path.slice(1), await realpath(path)] as const),
        ),
      ),
    },
    links: {
      // What clonerefs and git's scripts call besides git.
      ...Object.fromEntries(TOOLS.map((tool) => [`bin/${tool}`, 'busybox'])),
      'bin/git': join(home, 'git'),
      [join(home, 'git-remote-https').slice(1)]: 'git-remote-http',
    },
  };
}

async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await run('ldd', [program], { timeout: 10_000 });
  const paths = stdout.split('\n').map((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? '');
  return paths.filter((path) => path !== '' && basename(path) !== basename(program));
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
