import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../config/duration.ts';
import { parseConfig } from '../../config/parse.ts';
import { presubmitsFor } from '../../config/snapshot.ts';
import { YamlError } from '../../config/yaml/error.ts';
import { parseYaml } from '../../config/yaml.ts';
import { presubmit, problemsOf, snapshotOf, withSpec } from './sample.ts';

describe('YAML is read as Prow reads it', () => {
  test.for<[string, unknown]>([
    ['a: yes', { a: true }],
    ['a: off', { a: false }],
    ['a: "yes"', { a: 'yes' }],
    ['a: 0400', { a: 256 }],
    ['a: 1.10', { a: 1.1 }],
    ['a: 2026-11-23', { a: '2026-11-23' }],
    ['a: 12:30', { a: '12:30' }],
    ['a: .', { a: '.' }],
    ['a: ~\nb: 1', { b: 1 }],
    ['a: 1\na: 2', { a: 2 }],
    ['p: &p {a: 1}\nq: {<<: *p, b: 2}', { p: { a: 1 }, q: { a: 1, b: 2 } }],
    ['y: 1\nb: n', { true: 1, b: false }],
    ['---\na: 1\n---\na: 2', { a: 1 }],
    ['', undefined],
  ])('%j is %j', ([text, value]) => {
    expect(parseYaml(text) ?? undefined).toEqual(value);
  });

  test('a syntax error names its line', () => {
    expect(() => parseYaml('a: 1\nb: [1')).toThrow(YamlError);
    expect(problemsOf('a: 1\nb: {')).toEqual([
      expect.objectContaining({ file: 'config.yaml', line: expect.any(Number), field: '' }),
    ]);
  });

  test('a text that grows without end by its aliases is refused', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 10; i++) {
      lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`);
    }
    expect(() => parseYaml(lines.join('\n'))).toThrow(YamlError);
  });
});

describe('Go durations', () => {
  test.for<[string, string | undefined]>([
    ['2h', '2h0m0s'],
    ['15m', '15m0s'],
    ['90s', '1m30s'],
    ['1h30m', '1h30m0s'],
    ['1.5s', '1.5s'],
    ['300ms', '300ms'],
    ['1.5h', '1h30m0s'],
    ['0', '0s'],
    ['-1m', '-1m0s'],
    ['250us', '250µs'],
    ['10', undefined],
    ['', undefined],
    ['1d', undefined],
    ['1 h', undefined],
  ])('%s is %s', ([text, expected]) => {
    const nanoseconds = parseDuration(text);
    expect(nanoseconds === undefined ? undefined : formatDuration(nanoseconds)).toBe(expected);
  });
});

describe('defaults of a job (J§4.3)', () => {
  test('what is not written', () => {
    expect(presubmit({ name: 'a' })).toMatchObject({
      agent: 'kubernetes',
      cluster: 'default',
      namespace: 'default',
      context: 'a',
      required: true,
      max_concurrency: 0,
      decoration_config: undefined,
      prowjob_defaults: { tenant_id: 'GlobalDefaultID' },
    });
  });

  test.for<[object, boolean]>([
    [{ optional: true }, false],
    [{ skip_report: true }, false],
    [{}, true],
  ])('%j is required: %s', ([job, required]) => {
    expect(presubmit({ name: 'a', ...job }).required).toBe(required);
  });

  test('decoration is merged: entries that fit, the later over the earlier, the job over all', () => {
    const utility_images = { clonerefs: 'c', initupload: 'i', entrypoint: 'e', sidecar: 's' };
    const snapshot = snapshotOf({
      plank: {
        default_decoration_config_entries: [
          {
            config: {
              timeout: '2h',
              utility_images,
              gcs_configuration: { bucket: 'b', path_strategy: 'explicit' },
            },
          },
          { repo: 'o', config: { timeout: '3h', gcs_credentials_secret: '' } },
          { repo: 'other', config: { timeout: '9h' } },
          { cluster: 'arm', config: { timeout: '4h' } },
          { repo: 'o/r', cluster: '*', config: { gcs_configuration: { bucket: 'mine' } } },
        ],
      },
      decorate_all_jobs: true,
      presubmits: {
        'o/r': [
          withSpec({
            name: 'a',
            decoration_config: { grace_period: 1_500_000_000, utility_images: { sidecar: 'x' } },
          }),
          withSpec({ name: 'b', decorate: false }),
          withSpec({ name: 'c', cluster: 'arm' }),
        ],
      },
    });
    const [a, b, c] = presubmitsFor(snapshot, 'o', 'r');
    expect(a?.decoration_config).toEqual({
      timeout: '3h0m0s',
      grace_period: '1.5s',
      utility_images: { ...utility_images, sidecar: 'x' },
      gcs_configuration: { bucket: 'mine', path_strategy: 'explicit' },
      gcs_credentials_secret: '',
    });
    expect(b?.decoration_config).toBeUndefined();
    expect(c?.decoration_config?.timeout).toBe('4h0m0s');
  });

  test('presets add to jobs that carry their labels', () => {
    const preset = {
      labels: { cache: 'true' },
      env: [{ name: 'CACHE', value: '1' }],
      volumes: [{ name: 'v', emptyDir: {} }],
      volumeMounts: [{ name: 'v', mountPath: '/v' }],
    };
    const snapshot = snapshotOf({
      presets: [preset],
      presubmits: {
        'o/r': [withSpec({ name: 'a', labels: { cache: 'true' } }), withSpec({ name: 'b' })],
      },
    });
    const [a, b] = presubmitsFor(snapshot, 'o', 'r');
    expect(a?.spec?.containers[0]).toMatchObject({
      env: [{ name: 'CACHE', value: '1' }],
      volumeMounts: [{ name: 'v', mountPath: '/v' }],
    });
    expect(a?.spec?.volumes).toEqual([{ name: 'v', emptyDir: {} }]);
    expect(b?.spec?.volumes).toBeUndefined();
  });
});

describe('a configuration is refused whole', () => {
  const job = (lines: string) =>
    `presubmits:\n  o/r:\n  - name: good\n    spec: {containers: [{command: [x]}]}\n  - name: bad\n${lines}`;
  const spec = '    spec: {containers: [{command: [x]}]}\n';
  const decoration =
    'plank: {default_decoration_configs: {"*": {utility_images: {clonerefs: c, initupload: i, entrypoint: e, sidecar: s}, gcs_configuration: {bucket: b, path_strategy: explicit}}}}\n';
  const rows: [string, string, string, number][] = [
    ['a wrong type', job(`    always_run: maybe\n${spec}`), 'presubmits.o/r[1].always_run', 6],
    [
      'a bad pattern',
      job(`    run_if_changed: "(?=x)"\n${spec}`),
      'presubmits.o/r[1].run_if_changed',
      6,
    ],
    [
      'always and by files',
      job(`    always_run: true\n    run_if_changed: x\n${spec}`),
      'presubmits.o/r[1].always_run',
      6,
    ],
    [
      'a command that its trigger misses',
      job(`    trigger: ^/x$\n    rerun_command: /y\n${spec}`),
      'presubmits.o/r[1].trigger',
      6,
    ],
    [
      'a trigger without command',
      job(`    trigger: ^/x$\n${spec}`),
      'presubmits.o/r[1].trigger',
      6,
    ],
    ['a context of another job', job(`    context: good\n${spec}`), 'presubmits.o/r[1].context', 6],
    ['no container', job('    spec: {}\n'), 'presubmits.o/r[1].spec', 6],
    [
      'D06: a reserved variable',
      job('    spec: {containers: [{command: [x], env: [{name: BUILD_ID, value: "1"}]}]}\n'),
      'presubmits.o/r[1].spec.containers[0].env[0].name',
      6,
    ],
    [
      'D16: nothing to run',
      job(`    decorate: true\n    spec: {containers: [{image: node}]}\n${decoration}`),
      'presubmits.o/r[1].spec.containers[0]',
      7,
    ],
    [
      'P10: an unknown queue',
      job(`    job_queue_name: q\n${spec}`),
      'presubmits.o/r[1].job_queue_name',
      6,
    ],
    [
      'a negative limit',
      job(`    max_concurrency: -1\n${spec}`),
      'presubmits.o/r[1].max_concurrency',
      6,
    ],
    [
      'a template that is not understood',
      'plank:\n  job_url_template: "{{nofunc .X}}{{end}}"',
      'plank.job_url_template',
      2,
    ],
    ['an unknown level', 'log_level: loud', 'log_level', 1],
    [
      'Slack without a channel',
      'slack_reporter_configs:\n  o: {host: x}',
      'slack_reporter_configs.o',
      2,
    ],
    [
      'branches both included and excluded',
      'branch-protection:\n  include: [a]\n  exclude: [b]',
      'branch-protection.exclude',
      3,
    ],
    [
      'a client without a cloud',
      'gangway:\n  allowed_api_clients:\n  - {}',
      'gangway.allowed_api_clients[0]',
      3,
    ],
    ['a bare number for a duration', 'tide:\n  sync_period: 5', 'tide.sync_period', 2],
    ['a bad duration', 'plank:\n  pod_pending_timeout: soon', 'plank.pod_pending_timeout', 2],
    ['a bad merge method', 'tide:\n  merge_method:\n    o: octopus', 'tide.merge_method.o', 3],
  ];
  test.for(rows)('%s', ([, text, field, line]) => {
    const [problem, ...rest] = problemsOf(text);
    expect(rest).toEqual([]);
    expect(problem).toMatchObject({ file: 'config.yaml', line, field });
    expect(problem?.why).not.toBe('');
    expect(problem?.next).not.toBe('');
  });

  test('all problems are told at once', () => {
    const text = `tide:\n  queries: [{}]\n${job('    spec: {}\n')}`;
    expect(problemsOf(text, 'size: 7').map(({ file }) => file)).toEqual([
      'config.yaml',
      'config.yaml',
      'plugins.yaml',
    ]);
  });

  test('jobs of one name are fine on branches apart, and so are keys that nobody knows', () => {
    const text = `unknown: {x: 1}\npresubmits:\n  o/r:\n  - {name: a, branches: [main], spec: {containers: [{command: [x]}]}, later: 1}\n  - {name: a, skip_branches: [main], spec: {containers: [{command: [x]}]}}\n`;
    expect(problemsOf(text)).toEqual([]);
  });
});

describe('a snapshot', () => {
  const files = (text: string) => ({ config: { name: 'c', text } });

  test('has the same hash however its keys are ordered', () => {
    const one = parseConfig(files('log_level: info\ntide: {squash_label: s, merge_label: m}'));
    const same = parseConfig(
      files('# words\ntide:\n  merge_label: m\n  squash_label: "s"\nlog_level: info\n'),
    );
    const other = parseConfig(files('log_level: debug\ntide: {squash_label: s, merge_label: m}'));
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(same.hash).toBe(one.hash);
    expect(other.hash).not.toBe(one.hash);
  });

  test('survives JSON', () => {
    const snapshot = snapshotOf({ presubmits: { 'o/r': [withSpec({ name: 'a' })] } });
    const again: unknown = JSON.parse(JSON.stringify(snapshot));
    expect(again).toEqual(JSON.parse(JSON.stringify(snapshot)));
    expect(again).toMatchObject({
      jobs: { presubmits: { 'o/r': [{ name: 'a', required: true }] } },
    });
  });

  test('gives the jobs of a branch', () => {
    const jobs = [withSpec({ name: 'a', branches: ['main'] }), withSpec({ name: 'b' })];
    const snapshot = snapshotOf({ presubmits: { 'o/r': jobs } });
    expect(presubmitsFor(snapshot, 'o', 'r', 'dev').map(({ name }) => name)).toEqual(['b']);
    expect(presubmitsFor(snapshot, 'o', 'r')).toHaveLength(2);
    expect(presubmitsFor(snapshot, 'o', 'none')).toEqual([]);
  });
});
