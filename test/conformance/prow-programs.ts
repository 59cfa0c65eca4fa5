import { join } from 'node:path';
import { type GoProgram, goProgramPath, isBuilt } from '../cluster/go-program.ts';

/** A program of Prow that the scenarios run beside Bowsprit. */
export type ProwProgram = 'hook' | 'tide' | 'crier' | 'prow-controller-manager';

/** In the order in which they are started. */
export const PROW_NAMES: readonly ProwProgram[] = [
  'prow-controller-manager',
  'crier',
  'tide',
  'hook',
];

/** Prow as of June 2024: its `go.mod` here fixes the version; Prow is a tool of these tests, never a dependency. */
export function prowProgram(name: ProwProgram): GoProgram {
  const folder = join(import.meta.dirname, 'prow');
  return { folder, package: `sigs.k8s.io/prow/cmd/${name}`, name };
}

/** All of them, to be built. */
export const PROW_PROGRAMS: readonly GoProgram[] = PROW_NAMES.map(prowProgram);

/** Where a program was built to. */
export function prowPath(name: ProwProgram): string {
  return goProgramPath(prowProgram(name));
}

/** Why Prow cannot run on this machine, or nothing. */
export async function missingForProw(): Promise<string | undefined> {
  const built = await Promise.all(PROW_PROGRAMS.map(isBuilt));
  return built.every(Boolean)
    ? undefined
    : "build Prow's programs once with `node --import tsx test/conformance/main.ts` (Go, 1 min)";
}
