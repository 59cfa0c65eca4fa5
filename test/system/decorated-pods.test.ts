import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { describeWith } from '../tools.ts';
import { type PodSite, type SeenRun, startPodSite } from './pods.ts';
import { until } from './until.ts';

const MINUTES = 60_000;

const UNIT = `echo "first line"
cat README.md added.txt
i=0; while [ $i -lt 25 ]; do i=$((i+1)); echo "tick $i"; sleep 0.2; done
mkdir -p $ARTIFACTS/deep/er
echo '<testsuite tests="1"/>' > $ARTIFACTS/junit_unit.xml
echo deep > $ARTIFACTS/deep/er/file.txt
echo '{"answer": "42"}' > $ARTIFACTS/metadata.json
echo "last line"`;
const FOR_EVER = 'echo working; while :; do sleep 0.2; done';

const shell = (script: string, more: object = {}) => ({
  image: 'localhost/busybox:1',
  command: ['sh', '-c'],
  args: [script],
  ...more,
});
/** Pods share the host's network, since GitHub and S3 are on its loopback. */
const pod = (...containers: readonly object[]) => ({ spec: { hostNetwork: true, containers } });
const secretive = {
  hostNetwork: true,
  containers: [
    shell('cat /secret/key; base64 /secret/key; cp /secret/key $ARTIFACTS/copy.txt', {
      volumeMounts: [{ name: 'key', mountPath: '/secret' }],
    }),
  ],
  volumes: [{ name: 'key', secret: { secretName: 'deploy-key' } }],
};

const JOBS: Readonly<Record<string, object>> = {
  unit: pod(shell(UNIT)),
  lint: pod(shell('echo "two faults"; exit 3')),
  pair: pod(
    shell('echo from one', { name: 'one' }),
    shell('echo from two; exit 1', { name: 'two' }),
  ),
  slow: {
    decoration_config: { timeout: '2s', grace_period: '1s' },
    ...pod(shell(`trap '' INT TERM; ${FOR_EVER}`)),
  },
  long: pod(shell(`trap 'echo tidied; exit 1' INT TERM; ${FOR_EVER}`)),
  // What a name like this is escaped to is too long for the server of the tests.
  unsendable: pod(
    shell(String.raw`echo x > "$ARTIFACTS/$(printf '\001%.0s' $(seq 60))"; ls $ARTIFACTS | wc -l`),
  ),
  homeless: {
    decoration_config: { gcs_configuration: { bucket: 's3://nowhere', path_strategy: 'explicit' } },
    ...pod(shell('true')),
  },
  secretive: { decoration_config: { censor_secrets: true }, spec: secretive },
  bare: { decorate: false, ...pod(shell('echo an undecorated line; sleep 2; echo its end')) },
};

/** The file of jobs; they clone from the emulator. */
function jobsFile(github: string): string {
  const shared = { always_run: false, decorate: true, clone_uri: `${github}/acme/clock.git` };
  const jobs = Object.entries(JOBS).map(([name, job]) => ({ name, ...shared, ...job }));
  return JSON.stringify({ presubmits: { 'acme/clock': jobs } });
}

const json = z.record(z.string(), z.unknown());
const jsonOf = (text: string) => json.parse(JSON.parse(text || 'null'));

describeWith(
  ['kubernetes-node', 'pod-utilities', 's3-server', 'temporal', 'postgres', 'git-http-backend'],
  'decorated pods on a real node',
  () => {
    let site: PodSite;
    let number = 0;

    beforeAll(async () => {
      site = await startPodSite(jobsFile);
      number = await site.town.open({
        author: 'ann',
        title: 'Add a file',
        files: { 'added.txt': 'of the pull request\n' },
      });
    }, 5 * MINUTES);
    afterAll(() => site?.stop(), 2 * MINUTES);

    const say = (text: string, on = number) => site.town.say(on, 'ann', text);
    const ended = ['success', 'failure', 'error', 'aborted'];

    test(
      'a pull request is cloned, tested and uploaded; the log is live, then in the bucket',
      async () => {
        await say('/test unit');
        const { metadata } = await site.run('unit', number, ['pending']);
        const page = `/runs/${metadata.name}`;

        // While it runs: the cluster's own words, long before anything is uploaded.
        const live = await until('the log to be live', MINUTES, async () => {
          const answer = await fetch(`${site.pages}${page}/log/after?from=0`);
          const text = await answer.text();
          if (answer.headers.get('x-run-complete') !== 'false') throw new Error('it is over');
          return text.includes('tick 2') && text;
        });
        expect(live).not.toContain('last line');
        const during = await site.run('unit', number, ['pending']);
        expect(await site.stored(during, 'build-log.txt')).toBe('');
        expect(await site.page(page)).toContain('tick 1');

        const run = await site.run('unit', number, ended);
        expect(run.status).toMatchObject({ state: 'success', description: 'Job succeeded.' });
        const log = await site.page(`${page}/log`);
        expect(log).toContain('first line\na clock\nof the pull request\ntick 1\n');
        expect(log).toContain('tick 25\nlast line\n');
        expect(log.startsWith(live)).toBe(true);
        expect(await site.stored(run, 'build-log.txt')).toBe(log);
        await until(
          'its status',
          MINUTES,
          async () => (await site.town.statuses(number))['unit'] === 'success',
        );
      },
      3 * MINUTES,
    );

    test('its objects are those of Prow, and its artifacts are on the page', async () => {
      const run = await site.run('unit', number, ended);
      const { head } = await site.town.pull(number);

      const started = jsonOf(await site.stored(run, 'started.json'));
      expect(started).toMatchObject({
        pull: `${number}`,
        repos: { 'acme/clock': expect.stringContaining(`${number}:${head.sha}`) },
      });
      // The commit that was tested is the merge, which only the clone knows.
      expect(started['repo-commit']).toMatch(/^[0-9a-f]{40}$/);
      expect(started['repo-commit']).not.toBe(head.sha);
      expect(started['metadata']).toBeUndefined();
      expect(jsonOf(await site.stored(run, 'finished.json'))).toMatchObject({
        passed: true,
        result: 'SUCCESS',
        revision: head.sha,
        metadata: { answer: '42' },
      });
      expect(jsonOf(await site.stored(run, 'prowjob.json'))).toMatchObject({
        kind: 'ProwJob',
        status: { state: 'success', build_id: run.status.build_id },
      });
      expect(jsonOf(await site.stored(run, 'podinfo.json'))).toMatchObject({
        pod: { metadata: { name: run.metadata.name } },
        node: { metadata: { name: '127.0.0.1' } },
      });
      expect(await site.stored(run, 'clone-log.txt')).toContain('git merge --no-ff');
      expect(await site.stored(run, 'sidecar-logs.json')).not.toBe('');
      const latest = await site.bucket.read('pr-logs/directory/unit/latest-build.txt');
      expect(Buffer.from(latest ?? []).toString()).toBe(run.status.build_id);
      const alias = await site.bucket.read(`pr-logs/directory/unit/${run.status.build_id}.txt`);
      expect(Buffer.from(alias ?? []).toString()).toBe(
        `s3://ci-logs/pr-logs/pull/acme_clock/${number}/unit/${run.status.build_id}`,
      );

      const page = `/runs/${run.metadata.name}`;
      const html = await site.page(page);
      for (const path of ['junit_unit.xml', 'deep/er/file.txt']) {
        expect(html).toContain(`${page}/artifacts/artifacts/${path}`);
      }
      expect(await site.page(`${page}/artifacts/artifacts/deep/er/file.txt`)).toBe('deep\n');
    });

    test(
      'failure (D07), several containers (D02), a timeout (D08), secrets (D12) and an undecorated job, side by side',
      async () => {
        // The last two are looked at below: uploads that fail take a while.
        const jobs = ['lint', 'pair', 'slow', 'secretive', 'bare', 'unsendable', 'homeless'];
        await say(jobs.map((job) => `/test ${job}`).join('\n'));
        const [lint, pair, slow, secretive, bare] = await Promise.all(
          jobs.slice(0, 5).map((job) => site.run(job, number, ended, 2 * MINUTES)),
        );

        expect(lint?.status).toMatchObject({ state: 'failure', description: 'Job failed.' });
        await shows(lint, 'build-log.txt', 'two faults');
        await shows(lint, 'finished.json', '"result":"FAILURE"');
        expect(pair?.status.state).toBe('failure');
        await shows(pair, 'one-build-log.txt', 'from one');
        await shows(pair, 'two-build-log.txt', 'from two');
        const logOf = (container: string) =>
          site.page(`/runs/${pair?.metadata.name}/log?container=${container}`);
        expect(await logOf('one')).toContain('from one');
        expect(await logOf('two')).toContain('from two');
        // The entrypoint's own end: interrupted after 2 s, killed after one more.
        expect(slow?.status.state).toBe('failure');
        await shows(slow, 'build-log.txt', 'Process did not finish before 2s timeout');
        await shows(slow, 'finished.json', '"result":"FAILURE"');
        expect(secretive?.status.state).toBe('success');
        await shows(secretive, 'build-log.txt', 'XXXXXXXXXXXXXXX');
        await shows(secretive, 'artifacts/copy.txt', 'XXXXXXXXXXXXXXX');
        const html = await site.page(`/runs/${secretive?.metadata.name}/log`);
        expect(html).not.toContain('do-not-print-me');
        expect(bare?.status.state).toBe('success');
        await shows(bare, 'build-log.txt', 'an undecorated line\nits end\n');
        await shows(bare, 'started.json', '"uploader":"crier"');

        const comment = await until('the comment', MINUTES, async () => {
          const all = (await site.town.comments(number)).map(({ body }) => body);
          return all.find((body) =>
            ['lint', 'pair', 'slow'].every(
              (job) => body.includes(`| ${job} |`) || body.includes(`${job} |`),
            ),
          );
        });
        expect(comment).not.toContain('secretive |');
        await until('all statuses', MINUTES, async () => {
          const {
            lint: one,
            pair: two,
            slow: three,
            bare: four,
          } = await site.town.statuses(number);
          return [one, two, three, four].join() === 'failure,failure,failure,success';
        });
      },
      4 * MINUTES,
    );

    test(
      'what can not be uploaded changes no verdict (D13); a bucket that is not there is said on the page, and keeps no pod',
      async () => {
        const [unsendable, homeless] = await Promise.all(
          ['unsendable', 'homeless'].map((job) => site.run(job, number, ended, 2 * MINUTES)),
        );

        expect(unsendable?.status.state).toBe('success');
        await shows(unsendable, 'build-log.txt', '1\n');
        await shows(unsendable, 'finished.json', '"result":"SUCCESS"');
        const html = await site.page(`/runs/${unsendable?.metadata.name}`);
        expect(html).not.toContain('/artifacts/artifacts/');
        // Its clone could not be recorded, which fails the pod, as in Prow.
        expect(homeless?.status.state).toBe('failure');
        await until('the reason on the page', MINUTES, async () =>
          (await site.page(`/runs/${homeless?.metadata.name}`)).includes('there is no such bucket'),
        );
        const name = { namespace: 'test-pods', name: homeless?.metadata.name ?? '' };
        await until(
          'the pod to be let go',
          MINUTES,
          async () => (await site.pods.read(name))?.metadata.finalizers.length !== 1,
        );
      },
      4 * MINUTES,
    );

    test(
      'a push ends the run of the old head: the pod says ABORTED (D09), and is gone',
      async () => {
        const other = await site.town.open({
          author: 'bob',
          title: 'Long',
          files: { 'b.txt': 'b\n' },
        });
        await say('/test long', other);
        const begun = await site.run('long', other, ['pending']);
        await until('it to work', MINUTES, async () =>
          (await site.page(`/runs/${begun.metadata.name}/log`)).includes('working'),
        );

        await site.town.push(other, { author: 'bob', files: { 'b.txt': 'c\n' } });

        const run = await site.run('long', other, ended);
        expect(run.status.state).toBe('aborted');
        await until('its end in the bucket', MINUTES, async () =>
          (await site.stored(run, 'finished.json')).includes('ABORTED'),
        );
        await shows(run, 'build-log.txt', 'working');
        // Not its last word: Prow's sidecar replaces the log by a censored copy, and the test writes on to the old file.
        const name = { namespace: 'test-pods', name: run.metadata.name };
        await until(
          'the pod to be gone',
          MINUTES,
          async () => (await site.pods.read(name)) === undefined,
        );
      },
      3 * MINUTES,
    );

    test(
      'a pull request that does not merge fails with the words of git (D10)',
      async () => {
        const other = await site.town.open({
          author: 'bob',
          title: 'Clash',
          files: { 'shared.txt': 'two\n' },
        });
        await site.town.pushBranch('main', { author: 'ann', files: { 'shared.txt': 'three\n' } });

        await say('/test lint', other);

        const run = await site.run('lint', other, ended);
        expect(run.status.state).toBe('failure');
        await shows(run, 'build-log.txt', 'CONFLICT');
        await shows(run, 'finished.json', '"result":"FAILURE"');
      },
      3 * MINUTES,
    );

    /** An object of a run, white space aside. */
    async function shows(run: SeenRun | undefined, name: string, text: string): Promise<void> {
      const found = run === undefined ? '' : await site.stored(run, name);
      const tight = (one: string) => (name.endsWith('.json') ? one.replace(/\s/g, '') : one);
      expect(tight(found)).toContain(text);
    }
  },
);
