import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildGoProgram, type GoProgram, goProgramPath, isBuilt } from './go-program.ts';

const SOURCES = join(import.meta.dirname, 'kubernetes');

const PACKAGES = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
  kubelet: 'k8s.io/kubernetes/cmd/kubelet',
} as const;

/** A program of Kubernetes. */
export type Program = keyof typeof PACKAGES;

/** What the API alone needs. */
export const API_PROGRAMS: readonly Program[] = ['etcd', 'kube-apiserver'];

/** What a node and its controllers need besides. */
export const NODE_PROGRAMS: readonly Program[] = [
  'kubelet',
  'kube-scheduler',
  'kube-controller-manager',
];

/** Where the program is, once it was built. */
export function programPath(program: Program): string {
  return goProgramPath(sourceOf(program));
}

/** Those that were not built on this machine. */
export async function missingPrograms(programs: readonly Program[]): Promise<readonly Program[]> {
  const there = await Promise.all(programs.map((program) => isBuilt(sourceOf(program))));
  return programs.filter((_, index) => !there[index]);
}

/** Builds what is missing; minutes the first time. */
export async function buildPrograms(
  programs: readonly Program[],
  progress: (message: string) => void,
): Promise<void> {
  for (const program of await missingPrograms(programs)) {
    progress(`building ${program}`);
    await buildGoProgram(sourceOf(program));
  }
}

function sourceOf(program: Program): GoProgram {
  const version = versionVariables();
  return { folder: SOURCES, package: PACKAGES[program], name: program, variables: version };
}

/** Without these the servers would not know their own version. */
function versionVariables(): Readonly<Record<string, string>> {
  const file = readFileSync(join(SOURCES, 'go.mod'), 'utf8');
  const version = /^require k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\d+)$/m.exec(file);
  const [, whole = '', major = '', minor = ''] = version ?? [];
  const settings = { gitVersion: whole, gitMajor: major, gitMinor: minor };
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      `k8s.io/component-base/version.${name}`,
      value,
    ]),
  );
}
