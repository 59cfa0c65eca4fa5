import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPractice, tokenOf } from '../emulator/practice.ts';

const run = promisify(execFile);
const MAIN = join(import.meta.dirname, '../../workers/cli/main.ts');
const TSX = import.meta.resolve('tsx');
const corpus = process.env['BOWSPRIT_CORPUS'] ?? '';

const FILES: Readonly<Record<string, string>> = {
  'config.yaml': `tide:
  queries:
  - orgs: [o]
    labels: [lgtm]
    missingLabels: [needs-ok-to-test]
in_repo_config:
  enabled: {o: true}
`,
  'clean.yaml': 'log_level: info\n',
  'clusters.yaml': 'plank:\n  build_cluster_status_file: clusters.json\n',
  'clusters.json': '{"default": "Reachable", "far": "No Manifest"}',
  'plugins.yaml': 'plugins:\n  o: {plugins: [trigger]}\nlgmt: []\n',
  'wrong-plugins.yaml': 'plugins:\n  o:\n    plugins:\n    - trigger\n    - hodl\n',
  'jobs.yaml': `presubmits:
  o/r:
  - name: unit
    cluster: near
    always_run: true
    spec: {containers: [{image: alpine, command: [make]}]}
`,
  'wrong.yaml': 'tide:\n  sync_period: soon\n',
  'parts/o/r/a_prowconfig.yaml': 'tide:\n  queries:\n  - repos: [o/other]\n',
  'repository/.prow.yaml': `presubmits:
- name: own
  always_run: true
  spec: {containers: [{image: alpine, command: [make]}]}
`,
  'strange/.prow.yaml': `presubmits:
- name: unit
  cluster: default
  spec: {containers: [{image: alpine, command: [make]}]}
`,
  'owned-plugins.yaml': 'plugins:\n  acme/shop: {plugins: [approve, verify-owners]}\n',
  token: tokenOf('bot'),
};

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

describe('checkconfig as a process', { timeout: 60_000 }, () => {
  let folder = '';

  async function checkconfig(...args: readonly string[]): Promise<Ended> {
    const given = ['--import', TSX, MAIN, 'checkconfig', ...args];
    const options = { timeout: 50_000, cwd: folder, maxBuffer: 1e8 };
    try {
      const { stdout, stderr } = await run(process.execPath, given, options);
      return { code: 0, out: stdout, error: stderr };
    } catch (error) {
      if (typeof error !== 'object' || error === null || !('code' in error)) throw error;
      const text = (key: 'stdout' | 'stderr') => String(Reflect.get(error, key));
      return { code: Number(error.code), out: text('stdout'), error: text('stderr') };
    }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bowsprit-checkconfig-'));
    for (const [path, text] of Object.entries(FILES)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const config = '--config-path=config.yaml';
  const all = [config, '--plugin-config=plugins.yaml', '--job-config-path=jobs.yaml'];
  const only = (...names: readonly string[]) => names.map((name) => `--warnings=${name}`);

  test.for<[string, readonly string[], number, string]>([
    ['a good one', ['--config-path=clean.yaml'], 0, 'The configuration is good.'],
    ['one that warns', all, 0, 'The configuration loads: 0 errors, 4 warnings.'],
    ['one that warns, strictly', [...all, '--strict'], 1, 'with --strict that is a failure'],
    ['the same, not strictly', [...all, '--strict=false'], 0, '0 errors, 4 warnings'],
    ['a wrong one', ['--config-path=wrong.yaml'], 1, 'error wrong.yaml:2:16: tide.sync_period:'],
    [
      'an unknown plugin',
      [config, '--plugin-config=wrong-plugins.yaml'],
      1,
      'wrong-plugins.yaml:5:7: plugins.o.plugins[1]: there is no plugin hodl. Found hodl.',
    ],
    ['an unknown key', [...all, ...only('unknown-fields')], 0, 'plugins.yaml:3:1: lgmt:'],
    ['the name that is meant', [...all, ...only('unknown-fields')], 0, 'Did you mean lgtm?'],
    [
      'a warning by its name',
      [...all, ...only('needs-ok-to-test'), '--strict'],
      1,
      'warning[needs-ok-to-test] config.yaml:5:20:',
    ],
    [
      'a warning that is left out',
      [...all, ...only('needs-ok-to-test'), '--exclude-warning=needs-ok-to-test', '--strict'],
      0,
      'The configuration is good.',
    ],
    [
      'the usual warnings beside a named one',
      [...all, ...only('unknown-fields-all'), '--include-default-warnings'],
      0,
      '0 errors, 4 warnings',
    ],
    [
      'what excludes nothing',
      ['--config-path=clean.yaml', '--exclude-warning=nothing'],
      0,
      'there is no warning nothing',
    ],
    [
      'annotations that are wanted',
      [...all, ...only('required-job-annotations'), '--required-job-annotations=owner'],
      0,
      'job unit lacks the annotation owner',
    ],
    [
      'an unknown build cluster',
      ['--config-path=clusters.yaml', '--job-config-path=jobs.yaml'],
      0,
      'warning[validate-cluster-field] jobs.yaml:4:14:',
    ],
    [
      'a supplemental file of another repository',
      [config, '--supplemental-prow-config-dir=parts'],
      0,
      'parts/o/r/a_prowconfig.yaml: the file lies in the folder of o/r, and holds what is for o/other',
    ],
    ['JSON', [...all, '--output=json'], 0, '"level":"verdict","error":0,"warning":4'],
    ['the list of warnings', ['--list-warnings'], 0, 'validate-config-updater-acls'],
  ])('%s', async ([, args, code, says]) => {
    const ended = await checkconfig(...args);
    expect(ended.out + ended.error).toContain(says);
    expect(ended.code).toBe(code);
  });

  test.for<[string, readonly string[], number, string]>([
    ['no configuration', [], 1, '--config-path'],
    ['an unknown warning', [config, '--warnings=mismatched-tied'], 1, 'mean mismatched-tide?'],
    ['a path without a repository', [config, '--prow-yaml-path=x'], 1, '--prow-yaml-repo-name'],
    ['an unknown flag', [config, '--strickt'], 2, 'unknown option'],
    ['a flag that is no boolean', [config, '--strict=perhaps'], 2, 'true or false'],
    ['a file that is not there', ['--config-path=nowhere.yaml'], 1, 'it cannot be read'],
    [
      'OWNERS without a token',
      [...all, '--expensive-checks'],
      1,
      '--github-token-path: it is needed',
    ],
  ])('%s is refused', async ([, args, code, says]) => {
    const ended = await checkconfig(...args);
    expect(ended.out + ended.error).toContain(says);
    expect(ended.code).toBe(code);
  });

  test.for<[string, readonly string[], number, string]>([
    ['goes with the jobs of the configuration', ['repository'], 0, '0 errors'],
    [
      'may not have a job of the same name',
      ['strange'],
      1,
      'error strange/.prow.yaml:2:9: presubmits[0].name: two jobs with the name unit',
    ],
    ['need not be there', ['parts'], 0, '0 errors'],
  ])('the file of a repository %s', async ([, [where], code, says]) => {
    const path = `--prow-yaml-path=${where}/.prow.yaml`;
    const ended = await checkconfig(...all, '--prow-yaml-repo-name=o/r', path);
    expect(ended.out).toContain(says);
    expect(ended.code).toBe(code);
  });

  test('OWNERS are looked for on GitHub', async () => {
    const github = await startPractice();
    try {
      const ended = await checkconfig(
        '--config-path=clean.yaml',
        '--plugin-config=owned-plugins.yaml',
        ...only('verify-owners-presence'),
        '--github-token-path=token',
        `--github-endpoint=${github.url}/api/v3`,
        '--strict',
      );
      expect(ended.out).toContain('warning[verify-owners-presence] owned-plugins.yaml:2:');
      expect(ended.out).toContain('acme/shop has plugins that read OWNERS');
      expect(ended.code).toBe(1);
    } finally {
      await github.close();
    }
  });

  const named = corpus === '' ? 'real ones (needs BOWSPRIT_CORPUS)' : 'real ones';
  describe.skipIf(corpus === '')(named, () => {
    beforeAll(async () => {
      for (const archive of ['kubernetes', 'istio']) {
        await run('tar', ['-xJf', join(corpus, `${archive}.tar.xz`), '-C', folder]);
      }
    });

    test.for<[string, string, string, readonly string[], number]>([
      ['kubernetes', 'config/prow', 'config/jobs', [], 0],
      ['kubernetes, strictly,', 'config/prow', 'config/jobs', ['--strict'], 1],
      ['istio on aws', 'prow/aws', 'prow/aws/cluster/jobs', [], 0],
      ['istio on gcp', 'prow/gcp', 'prow/gcp/cluster/jobs', [], 0],
      ['kubernetes, every key,', 'config/prow', 'config/jobs', only('unknown-fields-all'), 0],
    ])("%s has Prow's verdict", async ([, root, jobs, more, code]) => {
      const ended = await checkconfig(
        `--config-path=${root}/config.yaml`,
        `--plugin-config=${root}/plugins.yaml`,
        `--job-config-path=${jobs}`,
        ...more,
      );
      expect(ended.out).toContain('The configuration loads: 0 errors, ');
      expect(ended.out).not.toContain('warning[unknown-fields]');
      expect(ended.code).toBe(code);
    });
  });
});
