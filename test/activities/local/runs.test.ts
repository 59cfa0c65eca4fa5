import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeBuildId, nextBuildId } from '../../../activities/build-id.ts';
import { renderRun } from '../../../activities/render-run.ts';
import { parseConfig } from '../../../config/parse.ts';
import { freshDatabase, type TestDatabase } from '../../environment.ts';
import { describeWith } from '../../tools.ts';
import { attemptOf, type Practice, practice } from './practice.ts';

const CONFIG = `
plank:
  max_concurrency: 7
  job_queue_capacities: { heavy: 2 }
  default_decoration_config_entries:
    - config:
        timeout: 30m
        grace_period: 5s
        gcs_configuration: { bucket: b, path_strategy: explicit }
        utility_images: { clonerefs: c, initupload: i, entrypoint: e, sidecar: s }
        gcs_credentials_secret: sa
`;
const JOBS = `
presubmits:
  o/r:
    - name: unit
      decorate: true
      max_concurrency: 3
      job_queue_name: heavy
      spec:
        containers:
          - image: node
            command: [npm]
            args: [test]
            env: [{ name: COLOR, value: never }]
    - name: bare
      decorate: true
      spec:
        containers:
          - { name: one, image: node, command: [x] }
          - { name: two, image: node, command: [z] }
`;

describeWith(['git', 'postgres'], 'runs', () => {
  let given: Practice;
  let database: TestDatabase;
  beforeAll(async () => {
    given = practice();
    database = await freshDatabase();
  });
  afterAll(async () => {
    await database.drop();
    rmSync(given.folder, { recursive: true, force: true });
  });

  const render = (job: string) => {
    const snapshot = parseConfig({
      config: { name: 'config.yaml', text: CONFIG },
      jobs: [{ name: 'jobs.yaml', text: JOBS }],
    });
    const runUrl = (_run: unknown, buildId: string) => `http://127.0.0.1:8888/run/${buildId}`;
    return renderRun(attemptOf(given, { job }).run, {
      snapshot,
      storageUrl: 'file:///b',
      runUrl,
    });
  };

  test('a run is rendered from its configuration', () => {
    const rendered = render('unit');

    if (typeof rendered === 'string') throw new Error(rendered);
    expect(rendered).toMatchObject({
      maxConcurrency: 3,
      jobQueue: 'heavy',
      jobQueueCapacity: 2,
      overallConcurrency: 7,
      timeout: 1_800_000,
      gracePeriod: 5_000,
      maxRevivals: 3,
      containers: [
        { argv: ['npm', 'test'], environment: { COLOR: 'never' }, log: 'build-log.txt' },
      ],
    });
    expect(rendered.place('42')).toEqual({
      bucket: 'file:///b',
      folder: 'pr-logs/pull/o_r/1/unit/42',
      pointers: [
        {
          path: 'pr-logs/directory/unit/42.txt',
          content: 'file:///b/pr-logs/pull/o_r/1/unit/42',
          metadata: { 'x-goog-meta-link': 'file:///b/pr-logs/pull/o_r/1/unit/42' },
        },
        { path: 'pr-logs/directory/unit/latest-build.txt', content: '42' },
        { path: 'pr-logs/pull/o_r/1/unit/latest-build.txt', content: '42' },
      ],
    });
    expect(rendered.environment('42')).toMatchObject({ PULL_NUMBER: '1', BUILD_ID: '42' });
    expect(rendered.url('42')).toBe('http://127.0.0.1:8888/run/42');
    expect(rendered.clones).toMatchObject([{ org: 'o', repo: 'r', base_sha: given.base }]);
  });

  test('several containers get logs of their own', () => {
    const rendered = render('bare');

    if (typeof rendered === 'string') throw new Error(rendered);
    expect(rendered.containers.map(({ log }) => log)).toEqual([
      'one-build-log.txt',
      'two-build-log.txt',
    ]);
  });

  test('a job that is not there is said in words', () => {
    expect(render('gone')).toBe('There is no presubmit "gone" in the configuration.');
  });

  test('build ids have 19 digits, grow and are unique (P35)', async () => {
    const buildIds: string[] = [];
    for (let n = 0; n < 20; n += 1) buildIds.push(await nextBuildId(database.db));
    const parallel = await Promise.all(Array.from({ length: 50 }, () => nextBuildId(database.db)));

    expect(buildIds).toEqual([...buildIds].sort());
    expect(new Set([...buildIds, ...parallel]).size).toBe(70);
    expect(buildIds.every((id) => /^\d{19}$/.test(id))).toBe(true);
    expect(composeBuildId(1_795_000_000_000, 5)).toBe('2123009990456246277');
  });
});
