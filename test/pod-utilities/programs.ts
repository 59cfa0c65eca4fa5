import { join } from 'node:path';
import { buildGoProgram, type GoProgram, goProgramPath, isBuilt } from '../cluster/go-program.ts';

/** Prow's own programs inside the pod of a decorated job (J§1.4). */
const NAMES = ['clonerefs', 'initupload', 'entrypoint', 'sidecar'] as const;

/** A pod utility. */
export type PodUtility = (typeof NAMES)[number];

/** The version is that of the programs that Bowsprit is compared with. */
function sourceOf(name: PodUtility): GoProgram {
  const folder = join(import.meta.dirname, '..', 'conformance', 'prow');
  return { folder, package: `sigs.k8s.io/prow/cmd/${name}`, name };
}

/** Where the program is, once it was built. */
export function podUtilityPath(name: PodUtility): string {
  return goProgramPath(sourceOf(name));
}

/** Builds what is not in the cache. */
export async function buildPodUtilities(progress: (message: string) => void): Promise<void> {
  for (const name of NAMES) {
    if (await isBuilt(sourceOf(name))) continue;
    progress(`building ${name}`);
    await buildGoProgram(sourceOf(name));
  }
}

/** Why decorated pods cannot run on this machine, or nothing. */
export async function missingPodUtilities(): Promise<string | undefined> {
  const built = await Promise.all(NAMES.map((name) => isBuilt(sourceOf(name))));
  return built.every(Boolean)
    ? undefined
    : "build Prow's pod utilities once with `node --import tsx test/pod-utilities/main.ts` (Go, 1 min)";
}
