import { join } from 'node:path';
import { type GoProgram, goProgramPath, isBuilt } from '../cluster/go-program.ts';

/** A program of Prow that the scenarios run beside Bowsprit. */
export type ProwProgram = 'hook' | 'tide' | 'crier' | 'prow-controller-manager';

/** A tool of Prow's that ends by itself. */
export type ProwTool = 'peribolos' | 'branchprotector';

/** In the order in which they are started. */
export const PROW_NAMES: readonly ProwProgram[] = [
  'prow-controller-manager',
  'crier',
  'tide',
  'hook',
];

/** Prow as of June 2024: its `go.mod` here fixes the version; Prow is a tool of these tests, never a dependency. */
export function prowProgram(name: ProwProgram | ProwTool): GoProgram {
  const folder = join(import.meta.dirname, 'prow');
  return { folder, package: `sigs.k8s.io/prow/cmd/${name}`, name };
}

const TOOLS: readonly ProwTool[] = ['peribolos', 'branchprotector'];

/** All of them, to be built. */
export const PROW_PROGRAMS: readonly GoProgram[] = [...PROW_NAMES, ...TOOLS].map(prowProgram);

/** Where a program was built to. */
export function prowPath(name: ProwProgram | ProwTool): string {
  return goProgramPath(prowProgram(name));
}

/** Why Prow cannot run on this machine, or nothing. */
export function missingForProw(): Promise<string | undefined> {
  return missingOf(PROW_NAMES);
}

/** The same of the tools. */
export function missingProwTools(): Promise<string | undefined> {
  return missingOf(TOOLS);
}

async function missingOf(names: readonly (ProwProgram | ProwTool)[]): Promise<string | undefined> {
  const built = await Promise.all(names.map(prowProgram).map(isBuilt));
  return built.every(Boolean)
    ? undefined
    : "build Prow's programs once with `node --import tsx test/conformance/main.ts` (Go, 1 min)";
}
