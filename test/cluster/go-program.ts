import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheDir } from '../../workers/provision/folders.ts';

const run = promisify(execFile);

const BUILD_LIMIT_MS = 30 * 60_000;

/** A command that is built from the Go module proxy. */
export interface GoProgram {
  /** Folder with the `go.mod` and `go.sum` that fix its version. */
  readonly folder: string;
  readonly package: string;
  /** Name of the file. */
  readonly name: string;
  /** Values for the linker, by the full name of the variable. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Where the program is kept, per user: another version is another folder. */
export function goProgramPath({ folder, name }: GoProgram): string {
  const versions = readFileSync(join(folder, 'go.mod'));
  const version = createHash('sha256').update(versions).digest('hex').slice(0, 12);
  return join(defaultCacheDir(), `go-${basename(folder)}-${version}`, name);
}

/** Whether it was built on this machine. */
export async function isBuilt(program: GoProgram): Promise<boolean> {
  return access(goProgramPath(program)).then(
    () => true,
    () => false,
  );
}

/** Builds it if it is not in the cache, and returns its path. Several processes may do so at once. */
export async function buildGoProgram(program: GoProgram): Promise<string> {
  const target = goProgramPath(program);
  if (await isBuilt(program)) return target;
  await mkdir(dirname(target), { recursive: true });
  const scratch = await mkdtemp(`${target}-`);
  const file = join(scratch, program.name);
  const flags = ['-s', '-w', ...variableFlags(program)].join(' ');
  const environment = {
    ...process.env,
    CGO_ENABLED: '0',
    GOFLAGS: '-mod=readonly -buildvcs=false',
  };
  try {
    await run('go', ['build', '-trimpath', '-ldflags', flags, '-o', file, program.package], {
      cwd: program.folder,
      env: environment,
      timeout: BUILD_LIMIT_MS,
      maxBuffer: 16 * 1024 * 1024,
    });
    await rename(file, target);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return target;
}

function variableFlags({ variables = {} }: GoProgram): readonly string[] {
  return Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
}
