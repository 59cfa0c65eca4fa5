import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { placeOf } from '../../../activities/kubernetes/build-clusters.ts';
import { type KnownClusters, knowClusters } from '../../../activities/kubernetes/known-clusters.ts';

let folder: string;
let following: { close(): Promise<void> } | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
});
afterEach(async () => {
  await following?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A kubeconfig with a context per name, all with one token. */
function kubeconfig(names: readonly string[], token: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': names[0],
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'u', user: { token } }],
    contexts: names.map((name) => ({ name, context: { cluster: 'c', user: 'u' } })),
  });
}

function follow(clusters: KnownClusters): {
  readonly changes: string[][];
  readonly errors: string[];
} {
  const heard = { changes: [] as string[][], errors: [] as string[] };
  following = clusters.follow({
    onChange: () => heard.changes.push([...clusters.aliases()].sort()),
    onError: (error) => heard.errors.push(String(error)),
    everyMs: 20,
  });
  return heard;
}

const patiently = { timeout: 5_000, interval: 10 };

test('a context that comes is known, one that goes is not, and new credentials reach who holds the old ones', async () => {
  const file = join(folder, 'config');
  writeFileSync(file, kubeconfig(['default', 'old'], 'one'));
  const clusters = knowClusters({ kubeconfig: file });
  const held = clusters.get('default');
  const { changes, errors } = follow(clusters);

  writeFileSync(file, kubeconfig(['default', 'new'], 'two'));

  await expect.poll(() => changes, patiently).toEqual([['default', 'new']]);
  expect(clusters.get('old')).toBeUndefined();
  expect(clusters.get('default')).toBe(held);
  expect(held?.config.getCurrentUser()?.token).toBe('two');
  expect(errors).toEqual([]);
});

test('a mounted secret is swapped by its link', async () => {
  const put = (version: string, names: readonly string[]): void => {
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, 'config'), kubeconfig(names, 't'));
    symlinkSync(version, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  put('..1', ['default']);
  symlinkSync('..data/config', join(folder, 'config'));
  const clusters = knowClusters({ kubeconfig: join(folder, 'config') });
  const { changes } = follow(clusters);

  put('..2', ['default', 'blue']);

  await expect.poll(() => changes, patiently).toEqual([['blue', 'default']]);
});

test.for([
  ['no YAML', '{ contexts: ['],
  ['empty', ''],
] as const)('a file that is %s changes nothing, and is told of at most once', async ([, text]) => {
  const file = join(folder, 'config');
  writeFileSync(file, kubeconfig(['default', 'green'], 't'));
  const clusters = knowClusters({ kubeconfig: file });
  const { changes, errors } = follow(clusters);

  writeFileSync(file, text);
  if (text !== '') await expect.poll(() => errors, patiently).toHaveLength(1);
  writeFileSync(file, kubeconfig(['default', 'blue'], 't'));

  await expect.poll(() => changes, patiently).toEqual([['blue', 'default']]);
  expect(errors.length).toBeLessThanOrEqual(1);
});

test('two names of one cluster are one place; one address behind two proxies is two', () => {
  const file = join(folder, 'config');
  const server = 'https://10.0.0.1';
  const contexts = { blue: 'blue', alsoBlue: 'blue', green: 'green' };
  const text = stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: ['blue', 'green'].map((name) => ({
      name,
      cluster: { server, 'proxy-url': `http://${name}.example` },
    })),
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: Object.entries(contexts).map(([name, cluster]) => ({
      name,
      context: { cluster, user: 'u' },
    })),
  });
  writeFileSync(file, text);
  const clusters = knowClusters({ kubeconfig: file });

  const [blue, alsoBlue, green] = Object.keys(contexts).map((alias) => {
    const cluster = clusters.get(alias);
    return cluster === undefined ? '' : placeOf(cluster);
  });

  expect(alsoBlue).toBe(blue);
  expect(green).not.toBe(blue);
});
