import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../activities/database/runs.ts';
import { openStorage } from '../../activities/storage/open-storage.ts';
import { createRunFiles, type LiveLogs } from '../../gateway/run-files.ts';
import { logOf, logsOf } from '../../gateway/run-logs.ts';

const ONLY = { container: 'test', file: 'build-log.txt' };
let root = '';
let run: RunRecord;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'run-files-'));
  run = runWith([{}], { logLocation: pathToFileURL(root).href });
});
afterEach(() => rmSync(root, { recursive: true }));

function runWith(containers: readonly object[], change: Partial<RunRecord> = {}): RunRecord {
  return {
    uuid: '00000000-0000-4000-8000-000000000001',
    version: 1,
    org: 'o',
    repo: 'r',
    number: 1,
    job: 'unit',
    type: 'presubmit',
    state: 'pending',
    context: 'unit',
    buildId: '42',
    description: '',
    author: 'ann',
    baseRef: 'main',
    headSha: 'b'.repeat(40),
    cluster: 'default',
    url: '',
    owner: 'pr/o/r/1',
    logLocation: '',
    createdAt: '2026-11-28T09:00:00Z',
    completedAt: null,
    prowjob: { spec: { pod_spec: { containers } } },
    ...change,
  };
}

const live = (text: string | undefined): LiveLogs => ({
  size: async () => text?.length,
  read: async (_run, _container, { start, length }) =>
    Buffer.from((text ?? '').slice(start, start + length)),
});
const filesWith = (liveLogs?: LiveLogs) =>
  createRunFiles({ openStorage, mayShow: () => true, liveLogs });
const seen = async (of: RunRecord, liveLogs?: LiveLogs): Promise<string | undefined> => {
  const files = filesWith(liveLogs);
  if ((await files.logSize(of, ONLY)) === undefined) return undefined;
  return Buffer.from(await files.readLog(of, ONLY, { start: 0, length: 99 })).toString();
};

describe('a log', () => {
  const store = (text: string) =>
    openStorage(pathToFileURL(root).href).write('build-log.txt', text);
  const over = () => ({ ...run, completedAt: '2026-11-28T09:05:00Z' });

  test('is what the pod says while it runs', async () => {
    expect(await seen(run, live('so far'))).toBe('so far');
  });

  test('is what lies in the bucket when it is over, even if the pod is still there', async () => {
    await store('all of it');

    expect(await seen(over(), live('so far'))).toBe('all of it');
  });

  test('is what the pod says after its end, until the bucket has it', async () => {
    expect(await seen(over(), live('all of it'))).toBe('all of it');
  });

  test('is what lies in the bucket if no pod ever spoke', async () => {
    await store('a clone that failed');

    expect(await seen(run, live(undefined))).toBe('a clone that failed');
  });

  test('is not there if nobody has it', async () => {
    expect(await seen(run)).toBeUndefined();
    expect(await seen(over(), live(undefined))).toBeUndefined();
  });
});

describe('names of logs', () => {
  const two = [{ name: 'one' }, { name: 'two' }];

  test('one container has the log that Prow names so', () => {
    expect(logsOf(runWith([{ name: 'anything' }]))).toEqual([ONLY]);
    expect(logsOf(runWith([], { prowjob: null }))).toEqual([ONLY]);
  });

  test('several have one each (D02)', () => {
    expect(logsOf(runWith(two)).map(({ file }) => file)).toEqual([
      'one-build-log.txt',
      'two-build-log.txt',
    ]);
    expect(logOf(runWith(two))).toMatchObject({ container: 'one' });
    expect(logOf(runWith(two), 'two')).toMatchObject({ file: 'two-build-log.txt' });
    expect(logOf(runWith(two), '../../secret')).toBeUndefined();
  });
});

describe('files', () => {
  test('are not shown from buckets that may not be', async () => {
    const files = createRunFiles({ openStorage, mayShow: (at) => !at.includes('//other') });
    const elsewhere = { ...run, logLocation: 's3://other/logs/unit/42' };

    await expect(files.list(elsewhere)).rejects.toThrow(
      'Files in s3://other are not shown: the configuration names it nowhere.',
    );
    await expect(files.read(elsewhere, 'a', { start: 0, length: 1 })).rejects.toThrow('not shown');
    await expect(files.directUrl(elsewhere, 'a')).rejects.toThrow('not shown');
  });

  test('are listed from all folders, a thousand at most', async () => {
    const storage = openStorage(pathToFileURL(root).href);
    for (let n = 0; n < 1_005; n += 1) await storage.write(`artifacts/${n % 7}/${n}`, '');

    expect(await filesWith().list(run)).toHaveLength(1_000);
  });
});
