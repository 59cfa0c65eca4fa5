import { mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfigFiles } from '../../config/load.ts';
import { parseConfig } from '../../config/parse.ts';
import { ConfigError, describeProblem } from '../../config/problem.ts';
import type { ConfigSnapshot } from '../../config/snapshot.ts';
import { type WatchHandle, watchConfig } from '../../config/watch.ts';

const SOON = { timeout: 10_000, interval: 20 };
const SHORT = 400;

let folder = '';
let watch: WatchHandle | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowsprit-watch-'));
});
afterEach(async () => {
  watch?.close();
  await rm(folder, { recursive: true, force: true });
});

const jobs = (...names: readonly string[]) =>
  `presubmits:\n  o/r:\n${names.map((name) => `  - name: ${name}\n    spec: {containers: [{command: [x]}]}\n`).join('')}`;

async function write(path: string, text: string): Promise<string> {
  const full = join(folder, path);
  await mkdir(join(full, '..'), { recursive: true });
  await writeFile(full, text);
  return full;
}

interface Followed {
  /** Job names of each snapshot that came, the first one included. */
  readonly seen: string[];
  readonly errors: string[];
  recovered: number;
}

/** Follows the configuration of the folder, looking often. */
async function follow(poll = 150): Promise<Followed> {
  const paths = { configPath: join(folder, 'config.yaml'), jobConfigPath: join(folder, 'jobs') };
  const files = await readConfigFiles(paths);
  const first = parseConfig(files);
  const namesOf = (snapshot: ConfigSnapshot) =>
    (snapshot.jobs.presubmits['o/r'] ?? []).map(({ name }) => name).join(' ');
  const followed: Followed = { seen: [namesOf(first)], errors: [], recovered: 0 };
  watch = watchConfig({
    ...paths,
    files,
    hash: first.hash,
    settle: 10,
    poll,
    shortenedFor: SHORT,
    onChange: (snapshot) => followed.seen.push(namesOf(snapshot)),
    onRecovered: () => {
      followed.recovered += 1;
    },
    onError: (error) =>
      followed.errors.push(
        error instanceof ConfigError
          ? error.problems.map(describeProblem).join('\n')
          : String(error),
      ),
  });
  return followed;
}

test('a file that is cut at any byte is never taken, and is good again when it is whole', async () => {
  await write('config.yaml', 'log_level: info\n');
  const text = jobs('one', 'two', 'three', 'four');
  const path = await write('jobs/all.yaml', text);
  const followed = await follow();
  const cuts = [0, 1, 30, 60, text.length - 2, text.length - 1].filter(
    (at) => text[at - 1] !== '\n',
  );

  for (const at of cuts) {
    const before = followed.errors.length;
    await truncate(path, at);
    await expect.poll(() => followed.errors.length, SOON).toBeGreaterThan(before);
    const recovered = followed.recovered;
    await writeFile(path, text);
    await expect.poll(() => followed.recovered, SOON).toBeGreaterThan(recovered);
  }

  expect(followed.seen).toEqual(['one two three four']);
  expect(followed.errors[0]).toContain('jobs/all.yaml: the file was emptied');
  expect(followed.errors.at(-1)).toMatch(/jobs\/all\.yaml:\d+: .*middle of a line/);
});

test('a file that is written slowly is taken once, whole', async () => {
  await write('config.yaml', 'log_level: info\n');
  const path = await write('jobs/all.yaml', jobs('one', 'two'));
  const followed = await follow(30);
  const after = jobs('zero', 'one', 'two', 'three');

  await writeFile(path, after.slice(0, 50));
  await expect.poll(() => followed.errors.length, SOON).toBe(1);
  await writeFile(path, after);

  await expect.poll(() => followed.seen.at(-1), SOON).toBe('zero one two three');
  expect(followed.seen).toHaveLength(2);
});

test('a file that only became shorter counts when it stays so', async () => {
  await write('config.yaml', 'log_level: info\n');
  const path = await write('jobs/all.yaml', jobs('one', 'two', 'three'));
  const followed = await follow(30);

  await writeFile(path, jobs('one', 'two'));
  await writeFile(path, jobs('one', 'two', 'three', 'four'));
  await expect.poll(() => followed.seen.at(-1), SOON).toBe('one two three four');
  await writeFile(path, jobs('one'));
  await expect.poll(() => followed.seen.at(-1), SOON).toBe('one');

  expect(followed.seen).toEqual(['one two three', 'one two three four', 'one']);
  expect(followed.errors).toEqual([]);
});

test('a fault is told once, with its line, and what was before stays', async () => {
  await write('config.yaml', 'log_level: info\n');
  const path = await write('jobs/all.yaml', jobs('one'));
  const followed = await follow(20);

  await writeFile(path, `${jobs('one')}periodics: 7\n`);
  await expect.poll(() => followed.errors.length, SOON).toBe(1);
  await writeFile(path, jobs('one'));
  await expect.poll(() => followed.recovered, SOON).toBe(1);

  expect(followed.errors).toHaveLength(1);
  expect(followed.errors[0]).toMatch(/all\.yaml:5:\d+: periodics: /);
  expect(followed.seen).toEqual(['one']);
});

/** A mounted ConfigMap as the kubelet has it: files are links through `..data`, a link to a folder with a time. */
async function mount(path: string, version: string, files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) {
    await write(join(path, `..${version}`, name), text);
  }
  await symlink(`..${version}`, join(folder, path, '..data_tmp'));
  await rename(join(folder, path, '..data_tmp'), join(folder, path, '..data'));
  for (const name of Object.keys(files)) {
    await symlink(join('..data', name), join(folder, path, name)).catch(() => undefined);
  }
}

test('mounted ConfigMaps change by the swap of ..data, files that come and go included', async () => {
  await mount('.', '2026_1', { 'config.yaml': 'log_level: info\n' });
  await mount('jobs', '2026_1', { 'a.yaml': jobs('one'), 'b.yaml': '# nothing' });
  // Events alone: no poll would come in time.
  const followed = await follow(600_000);

  await mount('jobs', '2026_2', { 'a.yaml': jobs('one', 'two').trimEnd(), 'b.yaml': '# nothing' });
  await expect.poll(() => followed.seen.at(-1), SOON).toBe('one two');
  await rm(join(folder, 'jobs', '..2026_1'), { recursive: true });
  await rm(join(folder, 'jobs', 'b.yaml'));
  await mount('jobs', '2026_3', { 'a.yaml': jobs('one'), 'c.yaml': jobs('three') });
  await expect.poll(() => followed.seen.at(-1), SOON).toBe('one three');

  expect(followed.errors).toEqual([]);
});
