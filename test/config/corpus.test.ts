import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import type { Job } from '../../config/prow/jobs.ts';
import { environment } from '../../config/rendering/environment.ts';
import { marksOf } from '../../config/rendering/labels.ts';
import { prowJobSpec } from '../../config/rendering/prow-job.ts';
import type { RunInput } from '../../config/rendering/run.ts';
import type { ConfigSnapshot } from '../../config/snapshot.ts';

const run = promisify(execFile);
const corpus = process.env['BOWSPRIT_CORPUS'] ?? '';
const name =
  corpus === ''
    ? 'configurations of large projects (needs BOWSPRIT_CORPUS)'
    : 'configurations of large projects';

// One row of what Prow's own packages rendered for istio's jobs.
interface Rendered {
  readonly type: RunInput['type'];
  readonly repo: string;
  readonly job: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: object;
  readonly pod: { readonly spec: { readonly containers: readonly { readonly env: Variables }[] } };
}

type Variables = readonly { readonly name: string; readonly value?: string }[];

describe.skipIf(corpus === '')(name, () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bowsprit-corpus-'));
    for (const archive of ['kubernetes', 'istio']) {
      await run('tar', ['-xJf', join(corpus, `${archive}.tar.xz`), '-C', folder]);
    }
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const load = (root: string, jobs: string) =>
    loadConfig({
      configPath: join(folder, root, 'config.yaml'),
      pluginConfigPath: join(folder, root, 'plugins.yaml'),
      jobConfigPath: join(folder, jobs),
    });

  test('kubernetes loads whole and soon', async () => {
    const start = performance.now();
    const { jobs, plugins } = await load('config/prow', 'config/jobs');
    const took = performance.now() - start;

    process.stdout.write(`kubernetes loaded in ${Math.round(took)} ms\n`);
    expect(Object.values(jobs.presubmits).flat()).toHaveLength(2261);
    expect(Object.values(jobs.postsubmits).flat()).toHaveLength(253);
    expect(jobs.periodics).toHaveLength(1335);
    expect(plugins.plugins['kubernetes']?.plugins).toContain('trigger');
    // About 2 s on two idle cores; the limit leaves room for a busy machine.
    expect(took).toBeLessThan(10_000);
  });

  test.for<[string, number, number, number]>([
    ['aws', 99, 100, 7],
    ['gcp', 733, 630, 29],
  ])('istio on %s loads whole', async ([instance, presubmits, postsubmits, periodics]) => {
    const { jobs } = await load(`prow/${instance}`, `prow/${instance}/cluster/jobs`);
    expect(Object.values(jobs.presubmits).flat()).toHaveLength(presubmits);
    expect(Object.values(jobs.postsubmits).flat()).toHaveLength(postsubmits);
    expect(jobs.periodics).toHaveLength(periodics);
  });

  test("every job of istio's becomes the run that Prow makes of it", async () => {
    const { stdout } = await run('xz', ['-dc', join(corpus, 'istio-aws.rendered.jsonl.xz')], {
      maxBuffer: 1e9,
    });
    const rows: readonly Rendered[] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const snapshot = await load('prow/aws', 'prow/aws/cluster/jobs');

    for (const row of rows) {
      const input = inputOf(row, jobOf(row, snapshot));
      expect(plain(prowJobSpec(input)), row.job).toEqual(row.spec);
      expect(plain(marksOf(input)), row.job).toEqual(marksIn(row));
      expect(environment(input, '1999999999999999999', true), row.job).toEqual(
        environmentIn(row, input.job),
      );
    }
    expect(rows).toHaveLength(206);
  });
});

function jobOf({ type, repo, job }: Rendered, { jobs }: ConfigSnapshot): Job {
  const lists = { presubmit: jobs.presubmits[repo], postsubmit: jobs.postsubmits[repo] };
  const list: readonly Job[] =
    (type === 'presubmit' || type === 'postsubmit' ? lists[type] : jobs.periodics) ?? [];
  const [found, ...others] = list.filter((one) => one.name === job);
  if (found === undefined || others.length > 0) throw new Error(`${others.length} jobs ${job}`);
  return found;
}

function inputOf({ type, repo }: Rendered, job: Job): RunInput {
  const uuid = '11111111-1111-4111-8111-111111111111';
  if (type === 'periodic') return { uuid, type, job };
  const [org = '', name = ''] = repo.split('/');
  const refs = { org, repo: name, base_ref: 'main', base_sha: 'a'.repeat(40) };
  const pulls = [{ number: 7, author: 'octocat', sha: 'b'.repeat(40) }];
  return { uuid, type, job, refs: type === 'presubmit' ? { ...refs, pulls } : refs };
}

function marksIn({ labels, annotations }: Rendered) {
  const { 'prow.k8s.io/build-id': _, 'prow.k8s.io/id': __, ...own } = labels;
  return { labels: own, annotations };
}

// Behind the job's own variables stand those of the system; the last is the entrypoint's, which is the pod's affair.
function environmentIn({ pod }: Rendered, job: Job) {
  const own = job.spec?.containers[0]?.env?.length ?? 0;
  return (pod.spec.containers[0]?.env ?? [])
    .slice(own)
    .filter(({ name }) => name !== 'ENTRYPOINT_OPTIONS')
    .map(({ name, value = '' }) => ({ name, value }));
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
