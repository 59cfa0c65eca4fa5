import { join } from 'node:path';
import { buildGoProgram, type GoProgram, goProgramPath, isBuilt } from '../cluster/go-program.ts';

const PACKAGES = {
  versitygw: 'github.com/versity/versitygw/cmd/versitygw',
  'fake-gcs-server': 'github.com/fsouza/fake-gcs-server',
} as const;

/** A server that speaks the protocol of S3, or of Google Cloud Storage, over a folder of this machine. */
export type ObjectStore = keyof typeof PACKAGES;

/** Where the server is, once it was built. */
export function objectStorePath(name: ObjectStore): string {
  return goProgramPath(sourceOf(name));
}

/** Builds both if they are not in the cache; a minute each the first time. */
export async function buildObjectStores(progress: (message: string) => void): Promise<void> {
  for (const name of ['versitygw', 'fake-gcs-server'] as const) {
    if (await isBuilt(sourceOf(name))) continue;
    progress(`building ${name}`);
    await buildGoProgram(sourceOf(name));
  }
}

/** Why the server cannot be had on this machine, or nothing. */
export async function missingObjectStore(name: ObjectStore): Promise<string | undefined> {
  return (await isBuilt(sourceOf(name)))
    ? undefined
    : `build ${name} once with \`node --import tsx test/object-stores/main.ts\` (Go, 1 min)`;
}

function sourceOf(name: ObjectStore): GoProgram {
  return { folder: join(import.meta.dirname, name), package: PACKAGES[name], name };
}
