import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const run = promisify(execFile);
const MAIN = join(import.meta.dirname, '../../workers/cli/main.ts');
const CONFIG = `plank:
  default_decoration_config_entries:
  - config:
      timeout: 2h
      grace_period: 15m
      utility_images: {clonerefs: c, initupload: i, entrypoint: e, sidecar: s}
      gcs_configuration: {bucket: b, path_strategy: explicit}
`;
const JOBS = `presubmits:
  o/r:
  - name: unit
    decorate: true
    spec: {containers: [{image: alpine, command: [make], volumeMounts: [{name: q, mountPath: /q}]}], volumes: [{name: q, secret: {secretName: z}}]}
periodics:
- name: nightly
  interval: 24h
  spec: {containers: [{image: alpine, command: [make]}]}
`;

function bowsprit(...args: readonly string[]) {
  return run(process.execPath, ['--import', 'tsx', MAIN, ...args], { timeout: 30_000 });
}

async function refusal(...args: readonly string[]): Promise<string> {
  const error: unknown = await bowsprit(...args).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return typeof error === 'object' && error !== null && 'stderr' in error
    ? String(error.stderr)
    : '';
}

describe('commands that show what jobs become, as processes', { timeout: 60_000 }, () => {
  let folder = '';
  let flags: readonly string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bowsprit-render-'));
    await writeFile(join(folder, 'config.yaml'), CONFIG);
    await writeFile(join(folder, 'jobs.yaml'), JOBS);
    flags = [`--config-path=${folder}/config.yaml`, `--job-config-path=${folder}/jobs.yaml`];
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('render writes a line for each job', async () => {
    const { stdout } = await bowsprit(
      'render',
      ...flags,
      '--id=u',
      '--build-id=9',
      '--pull-number=7',
    );
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

    expect(rows.map(({ type, repo, job }) => [type, repo, job])).toEqual([
      ['presubmit', 'o/r', 'unit'],
      ['periodic', '', 'nightly'],
    ]);
    expect(Object.keys(rows[0])).toEqual([
      'type',
      'repo',
      'job',
      'labels',
      'annotations',
      'spec',
      'pod',
    ]);
    expect(rows[0].pod.metadata.labels).toMatchObject({
      'prow.k8s.io/id': 'u',
      'prow.k8s.io/build-id': '9',
      'prow.k8s.io/refs.pull': '7',
    });
  });

  test('render --diff says what changed, in words and as JSON', async () => {
    const before = join(folder, 'before.jsonl');
    await writeFile(before, (await bowsprit('render', ...flags)).stdout);
    const changed = join(folder, 'changed.yaml');
    await writeFile(changed, `${CONFIG}${JOBS.replace('image: alpine', 'image: debian')}`);

    const words = await bowsprit('render', '--diff', before, changed);
    const json = await bowsprit('render', '--diff', '--json', before, changed);

    expect(words.stdout).toContain('pod.containers[test].image: "alpine" → "debian"');
    expect(JSON.parse(json.stdout)).toMatchObject({
      added: [],
      removed: [],
      changed: [
        { job: 'unit', fields: [], pod: [{ path: 'containers[test].image', after: 'debian' }] },
      ],
      same: 1,
    });
  });

  test('mkpj makes a ProwJob and mkpod its pod', async () => {
    const refs = [
      '--base-ref=main',
      '--base-sha=a',
      '--pull-number=7',
      '--pull-sha=b',
      '--pull-author=me',
    ];
    const made = await bowsprit('mkpj', ...flags, '--job=unit', ...refs, '--pull-head-ref=fix');
    const file = join(folder, 'pj.yaml');
    await writeFile(file, made.stdout);
    const pod = parse(
      (await bowsprit('mkpod', `--prow-job=${file}`, '--build-id=snowflake')).stdout,
    );

    expect(parse(made.stdout)).toMatchObject({
      apiVersion: 'prow.k8s.io/v1',
      kind: 'ProwJob',
      spec: { job: 'unit', refs: { pulls: [{ number: 7, head_ref: 'fix' }] } },
      status: { state: 'triggered' },
    });
    expect(pod).toMatchObject({ apiVersion: 'v1', kind: 'Pod' });
    expect(pod.metadata.labels['created-by-prow']).toBeUndefined();
    expect(pod.metadata.labels['prow.k8s.io/build-id']).toMatch(/^\d{19}$/);
  });

  test('mkpod --local asks for a place for each volume of the cluster', async () => {
    const { stdout } = await bowsprit(
      'mkpj',
      ...flags,
      '--job=unit',
      '--base-ref=m',
      '--base-sha=a',
      '--pull-number=7',
      '--pull-sha=b',
      '--pull-author=me',
    );
    const file = join(folder, 'local.yaml');
    await writeFile(file, stdout);
    const args = ['mkpod', `--prow-job=${file}`, '--build-id=5', '--local', '--out-dir=/out'];
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: 30_000,
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.stdin.end('empty\n');
    await once(child, 'close');

    expect(parse(text).spec.volumes).toEqual(
      expect.arrayContaining([
        { name: 'q', emptyDir: {} },
        { name: 'output', hostPath: { path: '/out/5' } },
      ]),
    );
  });

  test.for<[readonly string[], string]>([
    [['render'], '--config-path is needed'],
    [['render', '--diff', 'x'], '--diff needs two arguments'],
    [['render', '--pull-number=x', '--config-path=y'], '--pull-number'],
    [['mkpod'], '--prow-job is needed'],
    [['mkpod', '--prow-job=x', '--out-dir=y'], '--out-dir is for --local only'],
    [['mkpj', '--config-path=x'], '--job is needed'],
    [['mkpj', '--config-path=x', '--job=y', '--trigger-job'], '--trigger-job is not served'],
  ])('%j is refused: %s', async ([args, words]) => {
    expect(await refusal(...args)).toContain(words);
  });

  test('a job that is not there is said', async () => {
    expect(await refusal('mkpj', ...flags, '--job=none')).toContain('Job none not found.');
  });
});
