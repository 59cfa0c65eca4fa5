import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What an image is made of. */
export interface ImageRecipe {
  /** Its full name: `localhost/busybox:1`. Never `latest`, which would be asked for at a registry. */
  readonly name: string;
  /** Files of this machine, by their path in the image. */
  readonly files: Readonly<Record<string, string>>;
  /** Links in the image: path to target. */
  readonly links?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
}

/** Writes an image as an archive that container runtimes import. */
export async function writeImage(archive: string, recipe: ImageRecipe): Promise<void> {
  await mkdir(dirname(archive), { recursive: true });
  const scratch = await mkdtemp(`${archive}-`);
  try {
    const root = join(scratch, 'root');
    await fill(root, recipe);
    const layer = join(scratch, 'layer.tar');
    await pack(root, layer, ['.']);
    const digest = createHash('sha256')
      .update(await readFile(layer))
      .digest('hex');
    await writeFile(join(scratch, 'config.json'), JSON.stringify(configOf(recipe, digest)));
    const manifest = [{ Config: 'config.json', RepoTags: [recipe.name], Layers: ['layer.tar'] }];
    await writeFile(join(scratch, 'manifest.json'), JSON.stringify(manifest));
    await pack(scratch, archive, ['manifest.json', 'config.json', 'layer.tar']);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function configOf({ entrypoint }: ImageRecipe, digest: string): object {
  return {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Env: ['PATH=/bin:/usr/bin'], ...(entrypoint ? { Entrypoint: entrypoint } : {}) },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
    history: [{ created: '1970-01-01T00:00:00Z' }],
  };
}

async function fill(root: string, { files, links = {} }: ImageRecipe): Promise<void> {
  for (const folder of ['etc', 'root', 'bin']) await mkdir(join(root, folder), { recursive: true });
  await mkdir(join(root, 'tmp'));
  await run('chmod', ['1777', join(root, 'tmp')]);
  const accounts = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n';
  await writeFile(join(root, 'etc/passwd'), accounts);
  for (const [path, source] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await cp(source, join(root, path), { recursive: true, dereference: true });
  }
  for (const [path, target] of Object.entries(links)) await symlink(target, join(root, path));
}

async function pack(folder: string, archive: string, names: readonly string[]): Promise<void> {
  const owner = ['--numeric-owner', '--owner=0', '--group=0', '--sort=name', '--mtime=@0'];
  await run('tar', [...owner, '-C', folder, '-cf', archive, ...names], { timeout: 120_000 });
}
