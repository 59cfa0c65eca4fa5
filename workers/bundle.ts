import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const QUIET = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} };

/** Where the prebuilt workflow code of this build lies. */
export function bundlePath(): string {
  const inSource = import.meta.url.endsWith('.ts');
  const path = inSource ? '../dist/workflow-bundle.cjs' : '../workflow-bundle.cjs';
  return fileURLToPath(new URL(path, import.meta.url));
}

/** Bundles the workflow code into a file; other processes never see half of it. */
export async function writeBundle(path: string): Promise<void> {
  const here = new URL('../workflows/', import.meta.url);
  const compiled = fileURLToPath(new URL('index.js', here));
  const workflowsPath = existsSync(compiled) ? compiled : fileURLToPath(new URL('index.ts', here));
  // Shared by all workflows of a thread: our modules keep no state, and a copy for each would be most of its memory.
  const preloadModules = [workflowsPath];
  const { code } = await bundleWorkflowCode({ workflowsPath, preloadModules, logger: QUIET });
  await mkdir(dirname(path), { recursive: true });
  const scratch = `${path}.${process.pid}`;
  await writeFile(scratch, code);
  await rename(scratch, path);
}
