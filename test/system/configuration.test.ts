import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { change } from '../../workers/practice/repository.ts';
import { freePort } from '../../workers/provision/ports.ts';
import { describeWith } from '../tools.ts';
import { type Bowsprit, forget, newStateDir, startBowsprit } from './bowsprit.ts';
import { PROGRAM } from './built.ts';
import { addressOf, type Town, townAt } from './town.ts';
import { until } from './until.ts';

const MINUTES = 60_000;
const PATIENCE = 60_000;

const job = (name: string) => `  - name: ${name}
    always_run: true
    decorate: false
    spec: {containers: [{image: node, command: [node, --version]}]}
`;

const shown = z.object({
  activations: z.array(z.object({ number: z.number(), hash: z.string(), by: z.string() })),
  held: z.object({ offer: z.object({ hash: z.string() }) }).optional(),
  refused: z.array(z.object({ worker: z.string() })),
  workers: z.array(z.object({ worker: z.string(), number: z.number() })),
});

/** A worker of a test's own, beside that of `up`, with files of its own. */
interface Beside {
  /** Its exit status, null if a signal ended it. */
  readonly exited: Promise<number | null>;
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

describeWith(['temporal', 'postgres', 'git', 'git-http-backend'], 'a living configuration', () => {
  let bowsprit: Bowsprit;
  let town: Town;
  let stateDir: string;
  let metricsPort: number;
  let jobsFile: string;
  let jobsText: string;
  const besides: Beside[] = [];
  const folders: string[] = [];

  beforeAll(async () => {
    stateDir = await newStateDir();
    metricsPort = await freePort(19_090);
    bowsprit = await startBowsprit({
      stateDir,
      args: ['--play=false', `--metrics-port=${metricsPort}`, '--repair-interval=1h'],
    });
    await bowsprit.line(/Ctrl-C/, 2 * MINUTES);
    town = townAt(addressOf(bowsprit, 'GitHub'));
    jobsFile = join(stateDir, 'practice', 'jobs.yaml');
    jobsText = await readFile(jobsFile, 'utf8');
  }, 5 * MINUTES);
  afterAll(async () => {
    for (const beside of besides) await beside.stop('SIGKILL');
    await bowsprit?.stop();
    for (const folder of [stateDir, ...folders]) await forget(folder);
  }, 2 * MINUTES);

  const get = async (url: string): Promise<string> =>
    (await fetch(url, { signal: AbortSignal.timeout(10_000) })).text();
  const ofWorker = (path: string) => get(`http://127.0.0.1:${metricsPort}${path}`);
  const page = () => get(`${addressOf(bowsprit, 'Bowsprit')}/configuration`);
  const command = async (...args: readonly string[]) => {
    const all = [PROGRAM, 'config', ...args, `--state-dir=${stateDir}`];
    return promisify(execFile)(process.execPath, all, {
      timeout: PATIENCE,
      env: { PATH: process.env['PATH'] },
    })
      .then(({ stdout }) => ({ code: 0, text: stdout }))
      .catch((error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        text: error.stdout + error.stderr,
      }));
  };
  const show = async () => shown.parse(JSON.parse((await command('show', '--output=json')).text));
  const active = async () => (await show()).activations.at(-1);
  const untilNumber = (number: number) =>
    until(`configuration ${number}`, PATIENCE, async () => {
      const now = await active();
      return now !== undefined && now.number >= number ? now : undefined;
    });

  /** Starts another worker on the same servers, with other jobs. */
  async function startBeside(jobs: string): Promise<Beside & { readonly log: () => string }> {
    const folder = await mkdtemp(join(tmpdir(), 'bowsprit-beside-'));
    folders.push(folder);
    const practice = join(stateDir, 'practice');
    for (const file of ['config.yaml', 'plugins.yaml', 'token']) {
      await cp(join(practice, file), join(folder, file));
    }
    await writeFile(join(folder, 'jobs.yaml'), jobs);
    const services = z
      .record(z.string(), z.string())
      .parse(JSON.parse(await readFile(join(stateDir, 'services.json'), 'utf8')));
    const github = addressOf(bowsprit, 'GitHub');
    const child = spawn(
      process.execPath,
      [
        PROGRAM,
        'worker',
        `--config-path=${folder}/config.yaml`,
        `--plugin-config=${folder}/plugins.yaml`,
        `--job-config-path=${folder}/jobs.yaml`,
        `--github-token-path=${folder}/token`,
        `--github-endpoint=${github}`,
        `--github-graphql-endpoint=${github}/graphql`,
        '--practice',
        // The runs of this machine are those of `up`'s worker.
        `--state-dir=${stateDir}`,
        `--storage=file://${stateDir}/storage`,
        `--public-url=${addressOf(bowsprit, 'Bowsprit')}`,
        `--metrics-port=${await freePort(19_190)}`,
        '--repair-interval=1h',
      ],
      { env: { PATH: process.env['PATH'], ...services }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let log = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        log += chunk.toString('utf8');
      });
    }
    const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
    const beside = {
      exited,
      log: () => log,
      stop: (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') => {
        child.kill(signal);
        return exited;
      },
    };
    besides.push(beside);
    return beside;
  }

  test(
    'a file that is cut in half is never active; log, metric, page and readyz say so (C05)',
    async () => {
      const before = await untilNumber(1);
      await until('readyz', PATIENCE, async () =>
        (await ofWorker('/readyz')).includes(
          `configuration: number ${before.number}, ${before.hash}`,
        ),
      );

      await truncate(jobsFile, Math.floor(jobsText.length / 2));
      await until('the refusal', PATIENCE, async () => (await show()).refused.length > 0);

      expect(await ofWorker('/readyz')).toMatch(
        /refused, what is active stays\n.*jobs\.yaml:\d+: /,
      );
      expect(await ofWorker('/metrics')).toMatch(/^bowsprit_config_files_refused 1$/m);
      expect(await get(`${addressOf(bowsprit, 'Bowsprit')}/readyz`)).toContain(
        'configuration refused',
      );
      expect(await page()).toMatch(/Refused[\s\S]*jobs\.yaml:\d+/);
      expect(await bowsprit.log('worker')).toContain('configuration files refused');
      expect((await command('show')).code).toBe(1);
      await writeFile(jobsFile, jobsText);
      await until('the recovery', PATIENCE, async () => (await show()).refused.length === 0);
      expect(await active()).toEqual(before);
      expect(await ofWorker('/metrics')).toMatch(/^bowsprit_config_files_refused 0$/m);
    },
    3 * MINUTES,
  );

  test(
    'a change that drops most jobs waits until it is confirmed, once',
    async () => {
      const before = await untilNumber(1);
      await writeFile(jobsFile, `presubmits:\n  practice/clock:\n${job('unit')}`);
      const held = await until('it to be held back', PATIENCE, async () => (await show()).held);

      expect(await active()).toEqual(before);
      expect(await page()).toMatch(/Held back[\s\S]*presubmit practice\/clock lint/);
      expect((await command('confirm', 'f'.repeat(12))).text).toContain(
        'does not wait to be confirmed',
      );
      const confirmed = await command('confirm', held.offer.hash.slice(0, 12), '--by=ann');
      expect(confirmed).toEqual({ code: 0, text: expect.stringContaining('active, as number 2') });
      expect(await active()).toMatchObject({ number: 2, by: 'ann' });
      expect((await command('confirm', held.offer.hash)).code).toBe(1);

      await writeFile(jobsFile, jobsText);
      expect(await untilNumber(3)).toMatchObject({ hash: before.hash });
      expect(await page()).toMatch(/confirmed[\s\S]*ann/);
    },
    3 * MINUTES,
  );

  test(
    'during a rollout with two workers on two snapshots no status goes back and forth',
    async () => {
      const old = await untilNumber(3);
      const beside = await startBeside(`${jobsText.trimEnd()}\n${job('extra')}`);
      const fresh = await untilNumber(old.number + 1);
      const files = change('rollout');
      const number = await town.open({ author: 'ann', title: 'rollout', files, branch: 'rollout' });

      // The old worker is started again, with the old files, while both work.
      bowsprit.kill('worker');
      await town.untilTested(number, ['unit', 'lint', 'extra'], 2 * MINUTES);
      await until('both workers to go by one', PATIENCE, async () => {
        const { workers } = await show();
        return workers.filter((one) => one.number === fresh.number).length >= 2;
      });
      await town.say(number, 'bob', '/hold');
      await town.untilLabelled(number, 'do-not-merge/hold');
      await town.idle();

      expect(await active()).toEqual(fresh);
      const { issues, statuses } = await town.state();
      const contexts = statuses[issues[String(number)]?.head ?? ''] ?? {};
      for (const [context, states] of Object.entries(contexts)) {
        if (context === 'tide') continue;
        expect(states, context).toEqual([...new Set(states)]);
      }
      expect(Object.keys(contexts).sort()).toEqual(['extra', 'lint', 'tide', 'unit']);

      // The new one is taken back: with nobody else on it, what the rest has comes into force again.
      expect(await beside.stop()).toBe(0);
      expect(await untilNumber(fresh.number + 1)).toMatchObject({ hash: old.hash });
    },
    5 * MINUTES,
  );

  test(
    'a process whose files do not load ends with an error, and the others go on (C06)',
    async () => {
      const before = await active();
      const beside = await startBeside('presubmits: 7\n');

      const code = await beside.exited;

      expect(code).not.toBe(0);
      expect(beside.log()).toMatch(/jobs\.yaml/);
      await until('its complaint', PATIENCE, async () =>
        (await show()).refused.some(({ worker }) => worker.endsWith('/start')),
      );
      expect(await active()).toEqual(before);
    },
    3 * MINUTES,
  );

  test(
    'a repository’s own jobs run, are refused aloud, and come back when they are corrected',
    async () => {
      const configFile = join(stateDir, 'practice', 'config.yaml');
      const config = await readFile(configFile, 'utf8');
      const { number: last = 0 } = (await active()) ?? {};
      await writeFile(configFile, `${config}in_repo_config: {enabled: {practice/clock: true}}\n`);
      await untilNumber(last + 1);
      const own = (cluster: string) =>
        `presubmits:\n- name: own\n  always_run: true\n  cluster: ${cluster}\n  decorate: false\n  spec: {containers: [{image: node, command: [node, --version]}]}\n`;
      const files = { ...change('own'), '.prow.yaml': own('secret') };
      const number = await town.open({ author: 'ann', title: 'own', files, branch: 'own' });

      await until(
        'the refusal',
        PATIENCE,
        async () => (await town.statuses(number))['prow-config'] === 'failure',
      );
      await until('the comment', PATIENCE, async () =>
        (await town.comments(number)).some(({ body }) =>
          /`\.prow\.yaml:4` \| `.*cluster secret/.test(body),
        ),
      );
      await town.push(number, {
        author: 'ann',
        files: { '.prow.yaml': own('default') },
        message: 'correct it',
      });
      await town.untilTested(number, ['own', 'unit', 'lint'], 2 * MINUTES);

      await until('the comment to go', PATIENCE, async () =>
        (await town.comments(number)).every(({ body }) => !body.includes('prow config report')),
      );
      expect(await town.statuses(number)).not.toHaveProperty('prow-config');
    },
    4 * MINUTES,
  );
});
