import type { Isolation } from './run-order.ts';

/** A command with everything that decides how it is started. */
export interface SandboxedCommand {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** As the command sees it. */
  readonly cwd: string;
  readonly scratch: string;
  readonly uid: number | undefined;
  readonly isolation: Isolation;
}

/** Program and arguments. */
export interface Invocation {
  readonly file: string;
  readonly argv: readonly string[];
}

/** Where a sandboxed command finds its scratch folder: over `/tmp`, so the host's `/tmp` is out of sight. */
export const SANDBOX_SCRATCH = '/tmp';

const SHARED_MEMORY = '512m';
const LARGEST_FILE_KIB = 4 * 1024 * 1024;
const MOST_PROCESSES = 4096;

/**
 * Wraps a command in namespaces of its own: mounts (private `/tmp`, hidden folders), processes (ending the
 * first one ends all, also those that left the process group) and, unless shared, a network that has only a
 * loopback. The first process writes `ready` to descriptor 3 just before the command starts.
 */
export function sandboxed(command: SandboxedCommand): Invocation {
  const { isolation, uid } = command;
  const user = uid === undefined ? ['--user', '--map-root-user'] : [];
  const network = isolation.network ? [] : ['--net'];
  const environment = Object.entries(command.environment).map(
    ([name, value]) => `${name}=${value}`,
  );
  return {
    file: 'unshare',
    argv: [
      ...user,
      ...network,
      ...['--mount', '--pid', '--ipc', '--fork', '--kill-child', '--mount-proc'],
      ...['--', 'bash', '-c', firstProcess(command), 'bowsprit-job'],
      ...['env', '-i', ...environment, ...command.argv],
    ],
  };
}

function firstProcess({ isolation, scratch, uid, cwd }: SandboxedCommand): string {
  const staged = isolation.expose.map((from, index) => ({ from, at: `.expose/${index}` }));
  return [
    'set -e',
    ...(isolation.network
      ? []
      : ['ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || true']),
    ...staged.map(({ from, at }) => {
      const target = quote(`${scratch}/${at}`);
      return `mkdir -p ${target} && mount --bind ${quote(from)} ${target}`;
    }),
    `if [ ${quote(scratch)} != /tmp ]; then mount --rbind ${quote(scratch)} /tmp; fi`,
    'if [ -d /var/tmp ]; then mount --bind /tmp /var/tmp; fi',
    `if [ -d /dev/shm ]; then mount -t tmpfs -o mode=1777,size=${SHARED_MEMORY} tmpfs /dev/shm; fi`,
    ...isolation.hide.map(hiding),
    ...staged.map(({ from, at }) => exposing(from, `${SANDBOX_SCRATCH}/${at}`)),
    `cd ${quote(cwd)}`,
    'if [ -e /proc/self/fd/3 ]; then echo ready >&3; fi',
    ...limits(uid),
    ...starting(privileges(uid)),
  ].join('\n');
}

function hiding(path: string): string {
  const at = quote(path);
  return [
    `if [ -d ${at} ]; then mount -t tmpfs -o mode=755,size=1m tmpfs ${at}`,
    `elif [ -e ${at} ]; then mount --bind /dev/null ${at}; fi`,
  ].join('; ');
}

function exposing(path: string, staged: string): string {
  const [to, from] = [quote(path), quote(staged)];
  return `mkdir -p ${to} && mount --bind ${from} ${to} && umount ${from} && rmdir ${from}`;
}

/**
 * What one run may take of the host: no core files, no endless file (its log is one of its files), and where it
 * is a user of its own, no endless number of processes.
 */
function limits(uid: number | undefined): readonly string[] {
  const processes = uid === undefined ? [] : [`ulimit -u ${MOST_PROCESSES}`];
  return ['ulimit -c 0', `ulimit -f ${LARGEST_FILE_KIB}`, ...processes];
}

/** No group, no capability, and no program that could give one back. */
function privileges(uid: number | undefined): string {
  const user = uid === undefined ? '--keep-groups' : `--reuid ${uid} --regid ${uid} --clear-groups`;
  return `setpriv ${user} --no-new-privs --inh-caps=-all --bounding-set=-all --`;
}

// `set -m` gives the command a process group of its own and signals with their usual effect.
function starting(prefix: string): readonly string[] {
  return [
    'set +e -m',
    `${prefix} "$@" </dev/null 3>&- &`,
    'child=$!',
    // What bash says about its children is none of the job's log.
    'set +m; exec 2>/dev/null',
    `trap 'kill -INT -$child' INT`,
    `trap 'kill -TERM -$child' TERM`,
    'while :; do wait $child; status=$?; kill -0 $child 2>/dev/null || break; done',
    'exit $status',
  ];
}

/** Quotes a text for the shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
