import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { missingHierarchies } from './cgroups.ts';
import { hasDebianPackages } from './debian.ts';
import { API_PROGRAMS, missingPrograms, NODE_PROGRAMS } from './programs.ts';

const run = promisify(execFile);

/** Why there can be no API of Kubernetes on this machine, or nothing. */
export async function missingForApi(): Promise<string | undefined> {
  const programs = await missingPrograms(API_PROGRAMS);
  if (programs.length > 0) return advice(programs);
  return run('openssl', ['version'], { timeout: 10_000 }).then(
    ({ stdout }) => (/^OpenSSL [3-9]/.test(stdout) ? undefined : 'install OpenSSL 3'),
    () => 'install OpenSSL 3',
  );
}

/** Why no pod can run on this machine, or nothing. */
export async function missingForNode(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'a node runs on Linux only';
  if (process.getuid?.() !== 0) return 'a node makes namespaces and cgroups: run as root';
  const hierarchies = missingHierarchies();
  if (hierarchies.length > 0) return `no cgroup version 1 hierarchy ${hierarchies.join(', ')}`;
  const isolated = ['--mount', '--pid', '--fork', '--mount-proc', 'true'];
  const may = await run('unshare', isolated, { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
  if (!may) return '`unshare --mount --pid` is not allowed here';
  const programs: string[] = [...(await missingPrograms(NODE_PROGRAMS))];
  if (!(await hasDebianPackages())) programs.push('containerd');
  return programs.length > 0 ? advice(programs) : missingForApi();
}

function advice(programs: readonly string[]): string {
  return `build ${programs.join(', ')} once with \`node --import tsx test/cluster/main.ts build\` (Go, 10 min)`;
}
