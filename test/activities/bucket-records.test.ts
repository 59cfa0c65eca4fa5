import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordEnd, recordStart } from '../../activities/bucket-records.ts';
import { renderRun } from '../../activities/render-run.ts';
import type { RenderedRun } from '../../activities/rendered-run.ts';
import { openStorage } from '../../activities/storage/open-storage.ts';
import type { Storage } from '../../activities/storage/storage.ts';
import { parseConfig } from '../../config/parse.ts';
import { newStatus, type RunStatus, reportOf } from '../../workflows/domain/job-state.ts';
import type { RunRequest } from '../../workflows/domain/run.ts';
import type { RunPublication } from '../../workflows/ports.ts';

const CONFIG = `
plank:
  default_decoration_configs:
    '*':
      gcs_configuration: { bucket: ci-logs, path_strategy: explicit }
      utility_images: { clonerefs: a, initupload: b, entrypoint: c, sidecar: d }
    far:
      gcs_configuration: { bucket: 's3://far-logs', path_prefix: ci }
`;
const job = (name: string, decorate: boolean, more = '') => `
  - name: ${name}
    decorate: ${decorate}
    always_run: true
    spec: { containers: [{ image: node, command: [x] }] }
${more}`;
const JOBS = `
presubmits:
  o/r:${job('unit', true)}${job('bare', false)}${job('own', true, "    decoration_config: { gcs_configuration: { bucket: 's3://own/' } }")}${job('mine', true, "    decoration_config: { gcs_configuration: { bucket: 'file:///etc' } }")}
  far/r:${job('unit', true)}
`;

const RUN: RunRequest = {
  uuid: '7e1d4c52-0000-4000-8000-000000000001',
  type: 'presubmit',
  job: 'unit',
  context: 'unit',
  refs: {
    org: 'o',
    repo: 'r',
    base_ref: 'main',
    base_sha: 'a'.repeat(40),
    pulls: [{ number: 7, author: 'ann', sha: 'b'.repeat(40) }],
  },
  configHash: 'none',
  cause: 'test',
  guid: 'guid',
  optional: false,
  report: true,
  rerunCommand: '/test unit',
  retest: false,
  byPool: false,
  createdAt: Date.parse('2026-11-28T09:00:00Z'),
  trusted: true,
  owner: 'pr/o/r/7',
};

const snapshot = parseConfig({
  config: { name: 'config.yaml', text: CONFIG },
  jobs: [{ name: 'jobs.yaml', text: JOBS }],
});

function rendered(change: Partial<RunRequest> = {}, namedBuckets = true): RenderedRun {
  const storageUrl = 'file:///default';
  const found = renderRun(
    { ...RUN, ...change },
    { snapshot, storageUrl, namedBuckets, runUrl: () => '' },
  );
  if (typeof found === 'string') throw new Error(found);
  return found;
}

function publication(change: Partial<RunStatus> = {}): RunPublication {
  const status: RunStatus = {
    ...newStatus(),
    state: 'pending',
    description: 'Job triggered.',
    buildId: '42',
    pendingTime: '2026-11-28T09:00:01.000Z',
    completionTime: change.complete ? '2026-11-28T09:05:00.000Z' : '',
    ...change,
  };
  return {
    run: RUN,
    report: reportOf(RUN, status),
    startTime: '2026-11-28T09:00:00.000Z',
    pendingTime: status.pendingTime,
    completionTime: status.completionTime,
  };
}

let root = '';
let storage: Storage;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'records-'));
  storage = openStorage(pathToFileURL(root).href);
});
afterEach(() => rmSync(root, { recursive: true }));

const FOLDER = 'pr-logs/pull/o_r/7/unit/42';
const text = async (path: string) => Buffer.from((await storage.read(path)) ?? []).toString();
const json = async (name: string) => JSON.parse((await text(`${FOLDER}/${name}`)) || 'null');

test.for([
  ['a decorated job', 'unit', 'o', 'gs://ci-logs'],
  ['an undecorated one, by guess', 'bare', 'o', 'gs://ci-logs'],
  ['one with a bucket of its own', 'own', 'o', 's3://own'],
  ["its organisation's default", 'unit', 'far', 's3://far-logs'],
  ['one that names a folder, which is not used', 'mine', 'o', 'file:///default'],
] as const)('the bucket of %s is found', ([, name, org, bucket]) => {
  const refs = { ...RUN.refs, org };

  expect(rendered({ job: name, refs }).place('42').bucket).toBe(bucket);
  expect(rendered({ job: name, refs }, false).place('42').bucket).toBe('file:///default');
});

test('the alias names the bucket of the run, below which path_prefix is', () => {
  const place = rendered({ refs: { ...RUN.refs, org: 'far' } }).place('42');

  const link = 's3://far-logs/ci/pr-logs/pull/far_r/7/unit/42';
  expect(place.folder).toBe('ci/pr-logs/pull/far_r/7/unit/42');
  expect(place.pointers[0]).toEqual({
    path: 'pr-logs/directory/unit/42.txt',
    content: link,
    metadata: { 'x-goog-meta-link': link },
  });
});

test('a run that begins is recorded; what its pod wrote already stays (R11)', async () => {
  await storage.write(`${FOLDER}/started.json`, '{"timestamp": 1}');

  await recordStart(
    { publication: publication(), rendered: rendered(), storage },
    { pointers: false },
  );

  expect(await json('started.json')).toEqual({ timestamp: 1 });
  expect(await json('prowjob.json')).toMatchObject({
    kind: 'ProwJob',
    status: { state: 'pending', build_id: '42' },
  });
  expect(await text('pr-logs/directory/unit/latest-build.txt')).toBe('');
});

test('of an undecorated pod alias and latest builds are written, too (D14)', async () => {
  await recordStart(
    { publication: publication(), rendered: rendered(), storage },
    { pointers: true },
  );

  expect(await json('started.json')).toEqual({
    timestamp: 1795856400,
    pull: '7',
    repos: { 'o/r': `main:${'a'.repeat(40)},7:${'b'.repeat(40)}` },
    'repo-commit': 'b'.repeat(40),
    'repo-version': 'b'.repeat(40),
    metadata: { uploader: 'crier' },
  });
  expect(await text('pr-logs/directory/unit/42.txt')).toBe(`gs://ci-logs/${FOLDER}`);
  expect(await text('pr-logs/directory/unit/latest-build.txt')).toBe('42');
  expect(await text('pr-logs/pull/o_r/7/unit/latest-build.txt')).toBe('42');
});

test('a run whose pod never wrote its end is ended in the bucket, in lower case (R11)', async () => {
  const ended = publication({
    state: 'error',
    description: 'Pod pending timeout.',
    complete: true,
  });

  await recordEnd({ publication: ended, rendered: rendered(), storage });
  await recordEnd({ publication: ended, rendered: rendered(), storage });

  expect(await json('finished.json')).toEqual({
    timestamp: 1795856700,
    passed: false,
    result: 'error',
    metadata: { uploader: 'crier' },
  });
  expect(await json('prowjob.json')).toMatchObject({
    status: { state: 'error', description: 'Pod pending timeout.' },
  });
});

test("the end that a pod wrote is not replaced, the run's object always is", async () => {
  const bucketRun = { publication: publication(), rendered: rendered(), storage };
  await recordStart(bucketRun, { pointers: false });
  await storage.write(`${FOLDER}/finished.json`, '{"result": "ABORTED"}');

  const ended = publication({ state: 'aborted', complete: true });
  await recordEnd({ ...bucketRun, publication: ended });
  await recordStart(bucketRun, { pointers: false });

  expect(await json('finished.json')).toEqual({ result: 'ABORTED' });
  expect(await json('prowjob.json')).toMatchObject({ status: { state: 'aborted' } });
});
