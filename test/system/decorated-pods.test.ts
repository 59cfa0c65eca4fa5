import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../tools.ts';
import { type PodSite, type SeenRun, startPodSite } from './pods.ts';

const MINUTES = 60_000;

/** Pods share the host's network, since GitHub and S3 are on its loopback. */
const JOBS: Readonly<Record<string, object>> = {
  lint: {
    spec: {
      hostNetwork: true,
      containers: [
        {
          image: 'localhost/busybox:1',
          command: ['sh', '-c'],
          args: ['echo "two faults"; exit 3'],
        },
      ],
    },
  },
};

/** The file of jobs; they clone from the emulator. */
function jobsFile(github: string): string {
  const shared = { always_run: false, decorate: true, clone_uri: `${github}/acme/clock.git` };
  const jobs = Object.entries(JOBS).map(([name, job]) => ({ name, ...shared, ...job }));
  return JSON.stringify({ presubmits: { 'acme/clock': jobs } });
}

describeWith(
  ['kubernetes-node', 'pod-utilities', 's3-server', 'temporal', 'postgres', 'git-http-backend'],
  'decorated pods on a real node',
  () => {
    let site: PodSite;

    beforeAll(async () => {
      site = await startPodSite(jobsFile);
    }, 5 * MINUTES);
    afterAll(() => site?.stop(), 2 * MINUTES);

    const say = (text: string, on: number) => site.town.say(on, 'ann', text);
    const ended = ['success', 'failure', 'error', 'aborted'];

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
