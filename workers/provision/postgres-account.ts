import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import {
  copyPostgresPrograms,
  findPostgresPrograms,
  PostgresNotFound,
  type PostgresPrograms,
} from './postgres-programs.ts';

const run = promisify(execFile);

/** A system account by numbers. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Where the server runs from, where it keeps its files, and as whom. */
export interface PostgresPlace {
  readonly programs: PostgresPrograms;
  /** Folder that will hold the database. */
  readonly home: string;
  /** Only where we are root: PostgreSQL refuses to run as root. */
  readonly account?: Account;
}

/** For root only: folders that another account can reach whatever the modes of root's own are. */
const SHARED = '/var/lib/bowsprit';

/** Settles where the embedded server lives; as root, also as whom, since that account must reach it all. */
export async function placePostgres(stateDir: string, cacheDir: string): Promise<PostgresPlace> {
  const home = resolve(stateDir);
  const programs = await findPostgresPrograms(cacheDir);
  if (process.getuid?.() !== 0) return { programs, home };

  const account = await databaseAccount();
  const usable = await can(account, '-x', programs.postgres);
  return {
    account,
    programs: usable ? programs : await copyPostgresPrograms(SHARED),
    home: (await canReach(account, home)) ? home : sharedHome(home),
  };
}

function sharedHome(home: string): string {
  return join(SHARED, createHash('sha256').update(home).digest('hex').slice(0, 16));
}

async function canReach(account: Account, folder: string): Promise<boolean> {
  return can(account, '-x', folder);
}

async function can(account: Account, test: '-x', path: string): Promise<boolean> {
  return run('test', [test, path], { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** The account `postgres`, made if the machine has none. */
async function databaseAccount(): Promise<Account> {
  const existing = await accountOf('postgres');
  if (existing !== undefined) return existing;
  await run('useradd', ['--system', '--no-create-home', '--user-group', 'postgres'])
    .catch(() => run('adduser', ['-S', '-D', '-H', 'postgres']))
    .catch(() => {});
  const made = await accountOf('postgres');
  if (made !== undefined) return made;
  throw new PostgresNotFound(
    'PostgreSQL does not run as root, there is no account `postgres`, and none could be made: make one (useradd --system postgres), start as another user than root, or set DATABASE_URL',
  );
}

async function accountOf(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}
