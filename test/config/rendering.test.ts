import { describe, expect, test } from 'vitest';
import { environment, jobSpec } from '../../config/rendering/environment.ts';
import { jobUrl } from '../../config/rendering/job-url.ts';
import { marksOf } from '../../config/rendering/labels.ts';
import { prowJob } from '../../config/rendering/prow-job.ts';
import type { RunInput } from '../../config/rendering/run.ts';
import { parseBucket, storagePath } from '../../config/rendering/storage.ts';
import { TemplateError } from '../../config/template/error.ts';
import { renderTemplate, templateProblem } from '../../config/template/template.ts';
import { presubmit, snapshotOf, withSpec } from './sample.ts';

const base = 'a'.repeat(40);
const head = 'b'.repeat(40);
const uuid = '5e6b4044-62b2-42c0-94a9-0747447f95f3';

function run(job: object = {}, more: Partial<RunInput> = {}): RunInput {
  return {
    uuid,
    type: 'presubmit',
    job: presubmit({ name: 'pull-x', ...job }),
    refs: {
      org: 'o',
      repo: 'r',
      base_ref: 'main',
      base_sha: base,
      pulls: [{ number: 7, author: 'me', sha: head }],
    },
    ...more,
  };
}

// The sample D01: a decorated presubmit and what Prow makes of it.
const sample = snapshotOf({
  plank: {
    job_url_prefix_config: { '*': 'https://prow.example/view/' },
    default_decoration_config_entries: [
      {
        config: {
          timeout: '2h',
          grace_period: '15m',
          utility_images: { clonerefs: 'c', initupload: 'i', entrypoint: 'e', sidecar: 's' },
          gcs_configuration: {
            bucket: 'b',
            path_strategy: 'legacy',
            default_org: 'o',
            default_repo: 'r',
          },
          gcs_credentials_secret: 'sa',
          censor_secrets: true,
        },
      },
    ],
  },
  presubmits: { 'o/r': [withSpec({ name: 'pull-x', decorate: true, max_concurrency: 3 })] },
});
const [decorated] = sample.jobs.presubmits['o/r'] ?? [];
const sampleRun = run({}, decorated === undefined ? {} : { job: decorated });

describe('what a run is told (D01)', () => {
  test('JOB_SPEC, byte for byte', () => {
    expect(jobSpec(sampleRun, '1234567890')).toBe(
      `{"type":"presubmit","job":"pull-x","buildid":"1234567890","prowjobid":"${uuid}","refs":{"org":"o","repo":"r","base_ref":"main","base_sha":"${base}","pulls":[{"number":7,"author":"me","sha":"${head}"}]},"decoration_config":{"timeout":"2h0m0s","grace_period":"15m0s","utility_images":{"clonerefs":"c","initupload":"i","entrypoint":"e","sidecar":"s"},"gcs_configuration":{"bucket":"b","path_strategy":"legacy","default_org":"o","default_repo":"r"},"gcs_credentials_secret":"sa","censor_secrets":true}}`,
    );
  });

  test('titles are escaped as Go does', () => {
    const pulls = [{ number: 7, author: 'me', sha: head, title: '<a> & b' }];
    const odd = run({}, { refs: { org: 'o', repo: 'r', base_ref: 'main', pulls } });
    expect(jobSpec(odd, '1')).toContain(String.raw`"title":"\u003ca\u003e \u0026 b"`);
  });

  test('the environment, sorted', () => {
    const names = environment(sampleRun, '1', true).map(({ name }) => name);
    expect(names).toEqual(
      (
        'ARTIFACTS BUILD_ID BUILD_NUMBER CI GOPATH JOB_NAME JOB_SPEC JOB_TYPE PROW_JOB_ID PULL_BASE_REF ' +
        'PULL_BASE_SHA PULL_HEAD_REF PULL_NUMBER PULL_PULL_SHA PULL_REFS PULL_TITLE REPO_NAME REPO_OWNER ' +
        'SRC_BASE SRC_HOST'
      ).split(' '),
    );
  });

  test.for<[object, object, Record<string, string | undefined>]>([
    [{}, {}, { PULL_REFS: `main:${base},7:${head}`, SRC_HOST: 'github.com', SRC_BASE: 'o/r' }],
    [{ path_alias: 'k8s.io/x' }, {}, { SRC_HOST: 'k8s.io', SRC_BASE: 'x' }],
    [{ agent: 'jenkins', spec: undefined }, {}, { BUILD_NUMBER: undefined, BUILD_ID: '1' }],
    [{}, { type: 'batch' }, { PULL_NUMBER: undefined, PULL_REFS: `main:${base},7:${head}` }],
    [{}, { type: 'periodic', refs: undefined }, { REPO_NAME: undefined, JOB_TYPE: 'periodic' }],
  ])('job %j, run %j: %j', ([job, more, expected]) => {
    const entries = environment(run(job, more as Partial<RunInput>), '1', false);
    const values = Object.fromEntries(entries.map(({ name, value }) => [name, value]));
    for (const [name, value] of Object.entries(expected)) expect(values[name]).toBe(value);
    expect(values['ARTIFACTS']).toBeUndefined();
  });
});

describe('labels and annotations (J§1.1.4)', () => {
  test('P33: a long name is cut for the label and whole in the annotation', () => {
    const name = `${'a'.repeat(61)}.-${'b'.repeat(7)}`;
    const { labels, annotations } = marksOf(run({ name }));
    expect(labels['prow.k8s.io/job']).toBe('a'.repeat(61));
    expect(annotations['prow.k8s.io/job']).toBe(name);
    expect(name).toHaveLength(70);
  });

  test('P34: a ref with slashes is labelled by its last part and whole in the spec', () => {
    const made = run({}, { refs: { org: 'o', repo: 'r', base_ref: 'release/1.2' } });
    const object = prowJob(made, { startTime: '2026-11-23T07:03:16Z', state: 'triggered' });
    expect(object.metadata.labels['prow.k8s.io/refs.base_ref']).toBe('1.2');
    expect(object.spec.refs?.base_ref).toBe('release/1.2');
  });

  test.for<[string, string | undefined]>([
    ['plain', 'plain'],
    ['a/b', 'b'],
    ['unit tests', undefined],
    ['ci / unit', undefined],
    ['-x', undefined],
    ['', ''],
  ])('a label %j is written as %j', ([value, expected]) => {
    const { labels } = marksOf(run({}, { labels: { mine: value } }));
    expect(labels['mine']).toBe(expected);
  });

  test('labels of the job and of the caller win, in this order', () => {
    const job = { labels: { a: 'job', b: 'job' }, annotations: { n: 'job' } };
    const { labels, annotations } = marksOf(run(job, { labels: { b: 'caller' } }));
    expect(labels).toMatchObject({ a: 'job', b: 'caller', 'prow.k8s.io/refs.pull': '7' });
    expect(annotations).toMatchObject({ n: 'job', 'prow.k8s.io/context': 'pull-x' });
  });
});

describe("Prow's object for a run", () => {
  test('D01', () => {
    const status = { startTime: '2026-11-23T07:03:16Z', state: 'triggered' };
    expect(prowJob(sampleRun, status)).toMatchObject({
      apiVersion: 'prow.k8s.io/v1',
      kind: 'ProwJob',
      metadata: {
        name: uuid,
        annotations: { 'prow.k8s.io/context': 'pull-x', 'prow.k8s.io/job': 'pull-x' },
        labels: {
          'created-by-prow': 'true',
          'prow.k8s.io/context': 'pull-x',
          'prow.k8s.io/job': 'pull-x',
          'prow.k8s.io/refs.base_ref': 'main',
          'prow.k8s.io/refs.org': 'o',
          'prow.k8s.io/refs.pull': '7',
          'prow.k8s.io/refs.repo': 'r',
          'prow.k8s.io/type': 'presubmit',
        },
      },
      spec: {
        agent: 'kubernetes',
        cluster: 'default',
        context: 'pull-x',
        job: 'pull-x',
        max_concurrency: 3,
        namespace: 'default',
        pod_spec: { containers: [{ name: '', resources: {} }] },
        prowjob_defaults: { tenant_id: 'GlobalDefaultID' },
        report: true,
        rerun_command: '/test pull-x',
        type: 'presubmit',
      },
      status,
    });
  });

  test('a batch neither reports nor has a rerun command', () => {
    const { spec } = prowJob(run({}, { type: 'batch' }), { startTime: '', state: 'triggered' });
    expect(spec.report).toBeUndefined();
    expect(spec.rerun_command).toBeUndefined();
    expect(spec.context).toBe('pull-x');
  });
});

describe('where files lie (J§1.5)', () => {
  const legacy = { bucket: 'b', path_strategy: 'legacy', default_org: 'o', default_repo: 'r' };
  const at = (org: string, repo: string) => ({
    refs: { org, repo, base_ref: 'main', pulls: [{ number: 7, author: 'me', sha: head }] },
  });
  test.for<[string, object, Partial<RunInput>, string]>([
    ['D14', legacy, at('o', 'r'), 'pr-logs/pull/7/pull-x/1'],
    ['D14', legacy, at('o', 'r2'), 'pr-logs/pull/r2/7/pull-x/1'],
    ['D14', legacy, at('x', 'y'), 'pr-logs/pull/x_y/7/pull-x/1'],
    ['J§1.5', { ...legacy, path_strategy: 'single' }, at('o', 'r'), 'pr-logs/pull/7/pull-x/1'],
    [
      'J§1.5',
      { ...legacy, path_strategy: 'single' },
      at('o', 'r2'),
      'pr-logs/pull/o_r2/7/pull-x/1',
    ],
    ['J§1.5', { path_strategy: 'explicit' }, at('o', 'r'), 'pr-logs/pull/o_r/7/pull-x/1'],
    ['J§1.5', { path_prefix: 'p/q' }, at('o', 'r'), 'p/q/pr-logs/pull/o_r/7/pull-x/1'],
    ['D15', legacy, { type: 'batch' }, 'pr-logs/pull/batch/pull-x/1'],
    ['D15', legacy, { type: 'postsubmit' }, 'logs/pull-x/1'],
    ['D15', legacy, { type: 'periodic' }, 'logs/pull-x/1'],
  ])('%s: %j, %j: %s', ([, gcs, more, directory]) => {
    expect(storagePath(run({}, more), '1', gcs).directory).toBe(directory);
  });

  test('D14: alias and newest builds of a presubmit, not below the prefix', () => {
    const path = storagePath(run(), '1', { ...legacy, path_prefix: 'p' });
    expect(path).toEqual({
      directory: 'p/pr-logs/pull/7/pull-x/1',
      alias: 'pr-logs/directory/pull-x/1.txt',
      latestBuilds: [
        'pr-logs/directory/pull-x/latest-build.txt',
        'pr-logs/pull/7/pull-x/latest-build.txt',
      ],
    });
  });

  test.for<[Partial<RunInput>, string]>([
    [{ type: 'batch' }, 'pr-logs/directory/pull-x/latest-build.txt'],
    [{ type: 'postsubmit' }, 'logs/pull-x/latest-build.txt'],
  ])('D15: the newest build of %j is in %s', ([more, latest]) => {
    expect(storagePath(run({}, more), '1', legacy).latestBuilds).toEqual([latest]);
  });

  test.for<[string, string, string]>([
    ['b', 'gs', 'b'],
    ['gs://b', 'gs', 'b'],
    ['s3://b', 's3', 'b'],
    ['file:///var/prow', 'file', '/var/prow'],
  ])('bucket %s is of %s, named %s', ([bucket, provider, name]) => {
    expect(parseBucket(bucket)).toEqual({ provider, name });
  });
});

describe('the page of a run (J§1.1.6)', () => {
  const status = { startTime: '2026-11-23T07:03:16Z', state: 'pending', build_id: '99' };

  test('a decorated run: below the prefix', () => {
    expect(jobUrl(sample.prow, sampleRun, status)).toBe(
      'https://prow.example/view/gs/b/pr-logs/pull/7/pull-x/99',
    );
  });

  test('without the provider where it is switched off', () => {
    const plank = { ...sample.prow.plank, jobURLPrefixDisableAppendStorageProvider: true };
    expect(jobUrl({ plank }, sampleRun, status)).toBe(
      'https://prow.example/view/b/pr-logs/pull/7/pull-x/99',
    );
  });

  test('the narrowest prefix, and that of the job before all', () => {
    const prefixes = { '*': 'https://all', o: 'https://o/', 'o/r': 'https://or' };
    const plank = { ...sample.prow.plank, job_url_prefix_config: prefixes };
    expect(jobUrl({ plank }, sampleRun, status)).toMatch(/^https:\/\/or\/gs\//);
  });

  test('an undecorated run: by the template', () => {
    const template =
      'https://x/{{.Spec.Job}}/{{with index .Spec.Refs.Pulls 0}}{{.Number}}{{end}}/{{.Status.BuildID}}';
    const plank = { ...sample.prow.plank, job_url_template: template };
    expect(jobUrl({ plank }, run(), status)).toBe('https://x/pull-x/7/99');
  });
});

describe('templates', () => {
  const value = {
    spec: { type: 'presubmit', refs: { org: 'o', base_sha: 'a', pulls: [{ number: 7 }] } },
    n: 2,
  };
  test.for<[string, string]>([
    ['plain', 'plain'],
    ['{{.Spec.Refs.Org}}/{{.Spec.Refs.BaseSHA}}', 'o/a'],
    ['{{.Spec.Refs.Nothing.Deeper}}', ''],
    ['{{if eq .Spec.Type "batch"}}b{{else if eq .Spec.Type "presubmit"}}p{{else}}x{{end}}', 'p'],
    ['{{if ne .Spec.Type "batch"}}not{{end}}', 'not'],
    ['{{if .Spec.None}}a{{else}}b{{end}}', 'b'],
    ['{{with index .Spec.Refs.Pulls 0}}#{{.Number}}{{end}}', '#7'],
    ['{{with index .Spec.Refs.Pulls 9}}x{{else}}none{{end}}', 'none'],
    ['{{if and (eq .N 2) (not .Spec.None)}}yes{{end}}', 'yes'],
    ['{{if or .Spec.None (eq .Spec.Type "a" "presubmit")}}yes{{end}}', 'yes'],
    ['{{len .Spec.Refs.Pulls}}', '1'],
    ['{{"a b" | urlquery}}', 'a+b'],
    ['a {{- /* words */ -}} b', 'ab'],
    ['{{if .N}}{{if .Spec.None}}x{{end}}y{{end}}z', 'yz'],
    ['{{range .Spec.Refs.Pulls}}{{.Number}},{{else}}none{{end}}', '7,'],
    ['{{range $i, $p := .Spec.Refs.Pulls}}{{$i}}:{{$p.Number}}{{end}}', '0:7'],
    ['{{range .Nothing}}x{{else}}none{{end}}', 'none'],
    ['{{range .Spec.Refs.Pulls}}a{{break}}b{{end}}c', 'ac'],
    ['{{$org := .Spec.Refs.Org}}{{with .N}}{{$org}}{{$.Spec.Type}}{{end}}', 'opresubmit'],
    ['{{$x := 1}}{{if .N}}{{$x = 2}}{{end}}{{$x}}', '2'],
    [
      '{{printf "%s-%04d|%q|%5s|%-3s|%v" .Spec.Type .N "a\\"b" "x" "y" true}}',
      'presubmit-0002|"a\\"b"|    x|y  |true',
    ],
    [
      '{{define "t"}}<{{.}}>{{end}}{{template "t" .N}}{{block "u" .Spec}}{{.Type}}{{end}}',
      '<2>presubmit',
    ],
    ['{{(index .Spec.Refs.Pulls 0).Number}}', '7'],
    ['{{if and (gt .N 1) (le .N 2) (lt 1 .N)}}yes{{end}}', 'yes'],
    ['{{slice .Spec.Type 0 3}}{{println "x"}}{{html "<a>"}}', 'prex\n&lt;a&gt;'],
    ['{{"}}"}}{{`raw`}}{{\'a\'}}{{0x10}}{{1.5}}', '}}raw97161.5'],
  ])('%j gives %j', ([template, expected]) => {
    expect(templateProblem(template)).toBeUndefined();
    expect(renderTemplate(template, value)).toBe(expected);
  });

  test.for([
    '{{',
    '{{end}}',
    '{{if .X}}',
    '{{if .X}}{{else}}',
    '{{if .X}}{{else}}{{else}}{{end}}',
    '{{range .X}}',
    '{{nofunc .X}}',
    '{{}}',
    '{{$x}}',
    '{{$x = 1}}',
    '{{if $x := 1}}{{end}}{{$x}}',
    '{{break}}',
    '{{template x}}',
    '{{(.X}}',
    '{{.X)}}',
    '{{"\\z"}}',
    '{{1 | print | 2}}',
    '{{nil}}',
    '{{define "x"}}',
  ])('%j is refused in words', (template) => {
    expect(templateProblem(template)).toMatch(/\{\{/);
  });

  const DOUBLED = '{{$x = print $x $x}}'.repeat(40);
  const TREE = Array.from(
    { length: 60 },
    (_, at) => `{{define "t${at}"}}{{template "t${at + 1}"}}{{template "t${at + 1}"}}{{end}}`,
  ).join('');
  test.for([
    '{{range 999999999}}{{end}}',
    '{{range 9999}}{{range 9999}}{{end}}{{end}}',
    '{{range 9999}}{{range -999999999}}{{end}}{{range 99}}{{end}}{{end}}',
    `{{$x := "aaaa"}}${DOUBLED}`,
    `${TREE}{{define "t60"}}{{end}}{{template "t0"}}`,
    `{{print ${'.N '.repeat(60)}}}`,
  ])('a template that would never end, or fill the memory, is ended: %j', (template) => {
    expect(templateProblem(template)).toBeUndefined();
    expect(() => renderTemplate(template, value)).toThrow(TemplateError);
  });

  test('a width that nobody reads is not written out', () => {
    expect(renderTemplate('{{printf "%999999999d" .N}}', value)).toBe('%!(BADWIDTH)');
  });
});
