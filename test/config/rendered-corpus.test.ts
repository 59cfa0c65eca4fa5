import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { renderAll } from '../../config/rendering/render-all.ts';

const run = promisify(execFile);
const corpus = process.env['BOWSPRIT_CORPUS'] ?? '';
const request = {
  baseRef: 'main',
  baseSha: 'a'.repeat(40),
  pull: { number: 7, author: 'octocat', sha: 'b'.repeat(40) },
  id: '11111111-1111-4111-8111-111111111111',
  buildId: '1999999999999999999',
};

describe.skipIf(corpus === '')('rendered configurations (needs BOWSPRIT_CORPUS)', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bowsprit-rendered-'));
    for (const archive of ['kubernetes', 'istio']) {
      await run('tar', ['-xJf', join(corpus, `${archive}.tar.xz`), '-C', folder]);
    }
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("every row of istio's jobs means what Prow's does", async () => {
    const { stdout } = await run('xz', ['-dc', join(corpus, 'istio-aws.rendered.jsonl.xz')], {
      maxBuffer: 1e9,
    });
    const wanted = stdout.trim().split('\n');
    const snapshot = await loadConfig({
      configPath: join(folder, 'prow/aws/config.yaml'),
      jobConfigPath: join(folder, 'prow/aws/cluster/jobs'),
    });

    const rows = [...renderAll(snapshot, request)];

    expect(rows).toHaveLength(206);
    rows.forEach((row, index) => {
      const want = JSON.parse(wanted[index] ?? 'null');
      expect(meaning(JSON.parse(JSON.stringify(row))), row.job).toEqual(meaning(want));
    });
  });

  test("every job of kubernetes' has a pod", async () => {
    const snapshot = await loadConfig({
      configPath: join(folder, 'config/prow/config.yaml'),
      jobConfigPath: join(folder, 'config/jobs'),
    });

    const rows = [...renderAll(snapshot, request)];

    expect(rows).toHaveLength(3849);
    expect(rows.filter(({ pod }) => pod === undefined)).toEqual([]);
  });
});

// Nothing, null and empty mean the same; options are JSON in text.
function meaning(value: unknown): unknown {
  if (value === null || value === '') return undefined;
  if (typeof value === 'string' && value.startsWith('{')) return meaning(JSON.parse(value));
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(meaning);
  if (typeof value !== 'object') return value;
  const fields = Object.entries(value ?? {})
    .map(([key, inner]): [string, unknown] => [key, meaning(inner)])
    .filter(([, inner]) => inner !== undefined);
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}
