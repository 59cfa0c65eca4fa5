import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Isolation } from './run-order.ts';
import { sandboxed } from './sandbox.ts';

/** What this host can do to keep jobs apart from it. */
export interface HostIsolation {
  readonly kind: Isolation['kind'];
  readonly ownUid: boolean;
  /** In words, for the log and for refusals; empty where nothing is missing. */
  readonly missing: string;
}

/** Finds out by trying, once per process: a kernel, a container or a policy may forbid any of it. */
export function probeIsolation(): HostIsolation {
  const ownUid = process.platform === 'linux' && process.getuid?.() === 0;
  const tried = tryNamespaces(ownUid);
  if (tried === '') return { kind: 'namespaces', ownUid, missing: '' };
  const reason = `jobs cannot get namespaces of their own here (${tried})`;
  if (ownUid) return { kind: 'uid', ownUid, missing: `${reason}; they share the host's network` };
  return { kind: 'none', ownUid, missing: `${reason}; they run as this user` };
}

function tryNamespaces(ownUid: boolean): string {
  if (process.platform !== 'linux') return 'only Linux has them';
  const { file, argv } = sandboxed({
    argv: ['true'],
    environment: {},
    cwd: '/',
    scratch: '/tmp',
    uid: ownUid ? 65_000 : undefined,
    isolation: { kind: 'namespaces', ownUid, network: false, hide: [], expose: [] },
  });
  const answer = spawnSync(file, argv, {
    stdio: ['ignore', 'ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    timeout: 10_000,
  });
  if (answer.status === 0) return '';
  return answer.error?.message ?? (answer.stderr.trim().split('\n')[0] || 'unshare failed');
}

/** The isolation of one run. `secrets` are the folders and files of this program that no job may see. */
export function isolationFor(
  host: HostIsolation,
  { network, secrets }: { readonly network: boolean; readonly secrets: readonly string[] },
): Isolation {
  const home = homedir();
  const wanted = ['/run', home, ...secrets].map((path) => resolve(path));
  const hide = [...new Set(wanted)].filter(canHide).filter(existsSync);
  const toolFolder = dirname(dirname(process.execPath));
  const hidden = hide.some((path) => isInside(toolFolder, path));
  return {
    kind: host.kind,
    ownUid: host.ownUid,
    network,
    // A shared network needs what /run holds to find names.
    hide: network ? hide.filter((path) => path !== '/run') : hide,
    expose: hidden ? [toolFolder] : [],
  };
}

/** Hiding one of these would leave nothing to run. */
function canHide(path: string): boolean {
  return !['/usr/bin', '/bin', '/tmp', '/proc', '/etc'].some((needed) => isInside(needed, path));
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}
