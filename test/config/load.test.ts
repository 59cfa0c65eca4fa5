import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { ConfigError } from '../../config/problem.ts';
import type { ConfigSnapshot } from '../../config/snapshot.ts';
import { watchConfig } from '../../config/watch.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowsprit-config-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(path: string, text: string | Buffer): Promise<string> {
  const full = join(folder, path);
  await mkdir(join(full, '..'), { recursive: true });
  await writeFile(full, text);
  return full;
}

const job = (name: string) =>
  `presubmits:\n  o/r:\n  - name: ${name}\n    spec: {containers: [{command: [x]}]}\n`;

describe('loading', () => {
  test('config, plugins and a tree of job files in the order of their paths', async () => {
    const configPath = await write('config.yaml', job('first'));
    const pluginConfigPath = await write('plugins.yaml', 'plugins: {o: [size]}');
    await write('jobs/b/two.yaml', job('second'));
    await write('jobs/c.yml', job('third'));
    await write('jobs/README.md', 'presubmits: 7');
    await write('jobs/..2026/old.yaml', job('never'));
    await write('jobs/empty.yaml', '# nothing\n');

    const jobConfigPath = join(folder, 'jobs');
    const snapshot = await loadConfig({ configPath, jobConfigPath, pluginConfigPath });

    const names = snapshot.jobs.presubmits['o/r']?.map(({ name }) => name);
    expect(names).toEqual(['first', 'second', 'third']);
    expect(snapshot.plugins.plugins['o']?.plugins).toEqual(['size']);
  });

  test('one job file, and files that are packed', async () => {
    const configPath = await write('config.yaml', gzipSync('log_level: debug'));
    const jobConfigPath = await write('jobs.yaml', gzipSync(job('a')));
    const snapshot = await loadConfig({ configPath, jobConfigPath });
    expect(snapshot.prow.log_level).toBe('debug');
    expect(snapshot.jobs.presubmits['o/r']).toHaveLength(1);
  });

  test('two job files of one base name are refused', async () => {
    const configPath = await write('config.yaml', '');
    await write('jobs/a/x.yaml', '');
    await write('jobs/b/x.yaml', '');
    const loading = loadConfig({ configPath, jobConfigPath: join(folder, 'jobs') });
    await expect(loading).rejects.toThrow('same base name');
  });

  test.for<[string]>([['missing.yaml'], ['.']])(
    '%s as config.yaml is refused in words',
    async ([path]) => {
      const loading = loadConfig({ configPath: join(folder, path) });
      await expect(loading).rejects.toBeInstanceOf(ConfigError);
      await expect(loading).rejects.toThrow('Check --config-path');
    },
  );

  test('problems name the file as it was given', async () => {
    const configPath = await write('config.yaml', 'tide: 7');
    await expect(loadConfig({ configPath })).rejects.toThrow(`${configPath}:1:7: tide:`);
  });
});

describe('watching', () => {
  async function follow(configPath: string, hash: string, act: () => Promise<unknown>) {
    const changes: ConfigSnapshot[] = [];
    const errors: unknown[] = [];
    const heard = new Promise<void>((resolve) => {
      const watch = watchConfig({
        configPath,
        hash,
        settle: 20,
        poll: 200,
        onChange: (snapshot) => {
          changes.push(snapshot);
          watch.close();
          resolve();
        },
        onError: (error) => {
          errors.push(error);
          watch.close();
          resolve();
        },
      });
    });
    await act();
    await heard;
    return { changes, errors };
  }

  test('a changed file is a new snapshot', async () => {
    const configPath = await write('config.yaml', 'log_level: info');
    const { hash } = await loadConfig({ configPath });
    const { changes } = await follow(configPath, hash, () =>
      writeFile(configPath, 'log_level: debug'),
    );
    expect(changes.map(({ prow }) => prow.log_level)).toEqual(['debug']);
  });

  test('a wrong file is an error and no change', async () => {
    const configPath = await write('config.yaml', 'log_level: info');
    const { hash } = await loadConfig({ configPath });
    const { changes, errors } = await follow(configPath, hash, () =>
      writeFile(configPath, 'tide: 7'),
    );
    expect(changes).toEqual([]);
    expect(errors[0]).toBeInstanceOf(ConfigError);
  });

  test('a mounted ConfigMap changes by the swap of ..data', async () => {
    await write('..old/config.yaml', 'log_level: info');
    await write('..new/config.yaml', 'log_level: debug');
    await symlink('..old', join(folder, '..data'));
    await symlink('..data/config.yaml', join(folder, 'config.yaml'));
    const configPath = join(folder, 'config.yaml');
    const { hash } = await loadConfig({ configPath });
    const { changes } = await follow(configPath, hash, async () => {
      await symlink('..new', join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    });
    expect(changes.map(({ prow }) => prow.log_level)).toEqual(['debug']);
  });
});
