import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE = 100;
const ROOT = '/sys/fs/cgroup';

/** The hierarchies of version 1 that the kubelet and the runtime want. */
const HIERARCHIES = [
  'cpu',
  'cpuacct',
  'cpuset',
  'memory',
  'devices',
  'freezer',
  'blkio',
  'pids',
  'systemd',
  'unified',
];

/** Those that this machine lacks. */
export function missingHierarchies(): readonly string[] {
  // Only where the machine has both versions is there a `unified` one.
  return HIERARCHIES.filter((name) => name !== 'unified' && !existsSync(join(ROOT, name)));
}

/** Makes the parent of all of a cluster's cgroups in every hierarchy. */
export function makeCgroups(parent: string): void {
  for (const hierarchy of present()) mkdirSync(join(ROOT, hierarchy, parent), { recursive: true });
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const whole = readFileSync(join(ROOT, 'cpuset', file), 'utf8');
    writeFileSync(join(ROOT, 'cpuset', parent, file), whole);
  }
}

/** Removes them from the leaves up, waiting a while for the last process in them to be gone. */
export async function removeCgroups(parent: string): Promise<void> {
  const tops = present().map((hierarchy) => join(ROOT, hierarchy, parent));
  for (let tries = 0; tries < PATIENCE; tries += 1) {
    for (const top of tops) if (existsSync(top)) removeTree(top);
    if (!tops.some((top) => existsSync(top))) return;
    await delay(100);
  }
  throw new Error(`the cgroups of ${parent} are still in use`);
}

function present(): readonly string[] {
  return HIERARCHIES.filter((name) => existsSync(join(ROOT, name)));
}

function removeTree(folder: string): void {
  const inner = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory());
  for (const { name } of inner) removeTree(join(folder, name));
  try {
    rmdirSync(folder);
  } catch {
    // A last process is still on its way out.
  }
}
