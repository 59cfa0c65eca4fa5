import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endAllRuns } from '../../../activities/local/end-all-runs.ts';
import { forgetOldRuns } from '../../../activities/local/forget-runs.ts';
import { findMarked, markerOf } from '../../../activities/local/marked-processes.ts';
import { FILES, folderOf } from '../../../activities/local/run-folder.ts';
import { describeWith } from '../../tools.ts';
import { attemptOf, type Practice, practice, refsOf, stored, until } from './practice.ts';

const sh = (script: string): readonly string[] => ['sh', '-c', script];

describeWith(['git'], 'the local executor', () => {
  let given: Practice;
  beforeAll(() => {
    given = practice();
  });
  afterAll(() => rmSync(given.folder, { recursive: true, force: true }));

  test('runs a job on its code and leaves what Prow leaves', async () => {
    const clones = [refsOf(given, [given.one, given.two])];
    const executor = given.executor(
      sh('ls; git log --format=%an; mkdir $ARTIFACTS/sub; echo x > $ARTIFACTS/sub/a.txt; env'),
      { clones },
    );
    const attempt = attemptOf(given, { refs: refsOf(given, [given.one, given.two]) });

    await executor.startRun(attempt);
    const end = await until(executor, attempt);

    expect(end).toMatchObject({ verdict: 'success', description: 'Job succeeded.', exitCode: 0 });
    const log = await stored(given, attempt, 'build-log.txt');
    expect(log).toContain('base.txt\none.txt\ntwo.txt\nci-robot\n');
    expect(log).toContain(`BUILD_ID=${attempt.buildId}`);
    expect(await stored(given, attempt, 'artifacts/sub/a.txt')).toBe('x\n');
    expect(JSON.parse(await stored(given, attempt, 'finished.json'))).toMatchObject({
      passed: true,
      result: 'SUCCESS',
    });
    const started: unknown = JSON.parse(await stored(given, attempt, 'started.json'));
    expect(started).toMatchObject({
      pull: '1',
      repos: { 'o/r': `main:${given.base},1:${given.one},2:${given.two}` },
    });
    expect(await stored(given, attempt, 'clone-log.txt')).toContain('merge --no-ff');
    const latest = await given.storage.read('logs/unit/latest-build.txt');
    expect(Buffer.from(latest ?? []).toString()).toBe(attempt.buildId);
  });

  test('merges the same refs into the same commit', async () => {
    const clones = [refsOf(given, [given.one, given.two])];
    const executor = given.executor(sh('git rev-parse HEAD'), { clones });
    const [first, second] = [attemptOf(given), attemptOf(given)];

    for (const attempt of [first, second]) {
      await executor.startRun(attempt);
      await until(executor, attempt);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }

    const sha = await stored(given, first, 'build-log.txt');
    expect(sha).toMatch(/^[0-9a-f]{40}\n$/);
    expect(await stored(given, second, 'build-log.txt')).toBe(sha);
  });

  test('a job that fails says so, with its exit code', async () => {
    const executor = given.executor(sh('echo broken; exit 3'));
    const attempt = attemptOf(given);

    await executor.startRun(attempt);

    expect(await until(executor, attempt)).toMatchObject({
      phase: 'finished',
      verdict: 'failure',
      description: 'Job failed.',
      exitCode: 3,
    });
    expect(await stored(given, attempt, 'finished.json')).toContain('"FAILURE"');
  });

  test('a conflict fails the job with the clone log (D10)', async () => {
    const clones = [refsOf(given, [given.one, given.conflict])];
    const executor = given.executor(sh('echo never'), { clones });
    const attempt = attemptOf(given);

    await executor.startRun(attempt);

    expect(await until(executor, attempt)).toMatchObject({ verdict: 'failure' });
    expect(await stored(given, attempt, 'build-log.txt')).toContain('CONFLICT');
    expect(await stored(given, attempt, 'finished.json')).toContain('"FAILURE"');
  });

  test('starting twice runs once', async () => {
    const executor = given.executor(sh('sleep 0.5; echo ran'));
    const other = given.executor(sh('echo another worker'));
    const attempt = attemptOf(given);

    await Promise.all([executor.startRun(attempt), other.startRun(attempt)]);
    await executor.startRun(attempt);
    await until(other, attempt);
    await executor.startRun(attempt);

    const log = await stored(given, attempt, 'build-log.txt');
    expect(log.trim().split('\n')).toHaveLength(1);
  });

  test('a job that runs into its timeout is interrupted, then killed with all it started', async () => {
    const executor = given.executor(
      sh(`trap '' INT; (trap '' INT; setsid sleep 600) & echo up; while :; do sleep 0.1; done`),
      { timeout: 700, gracePeriod: 500 },
    );
    const attempt = attemptOf(given);

    await executor.startRun(attempt);

    expect(await until(executor, attempt)).toMatchObject({ verdict: 'failure', exitCode: 127 });
    expect(await stored(given, attempt, 'build-log.txt')).toMatch(/up\n.*timeout.*\n.*killed/);
    expect(findMarked(markerOf(attempt.run.uuid, 1))).toEqual([]);
  });

  test('a job that hears the interrupt may tidy up', async () => {
    const executor = given.executor(
      sh(`trap 'echo tidied; exit 5' INT; echo up; while :; do sleep 0.1; done`),
      { timeout: 700, gracePeriod: 10_000 },
    );
    const attempt = attemptOf(given);

    await executor.startRun(attempt);
    await until(executor, attempt);

    expect(await stored(given, attempt, 'build-log.txt')).toContain('tidied');
  });

  test('a stopped job is aborted and leaves nothing behind (D09)', async () => {
    const executor = given.executor(sh('echo up; sleep 600'));
    const attempt = attemptOf(given);
    await executor.startRun(attempt);
    await until(executor, attempt, ['running']);

    const end = await executor.stopRun(attempt);

    expect(end).toMatchObject({ phase: 'finished', verdict: 'aborted', exitCode: 130 });
    expect(await stored(given, attempt, 'finished.json')).toContain('"ABORTED"');
    expect(findMarked(markerOf(attempt.run.uuid, 1))).toEqual([]);
  });

  test('a run that is stopped before it starts never starts', async () => {
    const executor = given.executor(sh('echo never'));
    const attempt = attemptOf(given);

    await executor.stopRun(attempt);
    await executor.startRun(attempt);
    await executor.startWaiting();

    expect(await executor.observeRun(attempt)).toMatchObject({ phase: 'missing' });
    expect(await stored(given, attempt, 'build-log.txt')).toBe('');
  });

  test('when the supervisor is killed the run is missing, and no process of it lives', async () => {
    const executor = given.executor(sh('(setsid sleep 600) & sleep 600'));
    const attempt = attemptOf(given);
    await executor.startRun(attempt);
    await until(executor, attempt, ['running']);
    const folder = folderOf(join(given.folder, 'state'), { uuid: attempt.run.uuid, attempt: 1 });
    const { pid } = JSON.parse(readFileSync(join(folder, FILES.supervisor), 'utf8'));

    process.kill(pid, 'SIGKILL');

    expect(await until(executor, attempt, ['missing'])).toMatchObject({ phase: 'missing' });
    expect(findMarked(markerOf(attempt.run.uuid, 1))).toEqual([]);
  });

  test('a new worker finds the run that an old one started', async () => {
    const old = given.executor(sh('sleep 0.4; echo done'));
    const attempt = attemptOf(given);
    await old.startRun(attempt);

    const fresh = given.executor(sh('echo never'));

    expect(await until(fresh, attempt)).toMatchObject({ verdict: 'success' });
    expect(await stored(given, attempt, 'build-log.txt')).toBe('done\n');
  });

  test('runs beyond the limit wait, and start in the order of their creation', async () => {
    const executor = given.executor(sh('date +%s%N; sleep 0.2'), {}, { maxConcurrent: 1 });
    const attempts = [30, 10, 20].map((createdAt, index) => ({
      ...attemptOf(given, { createdAt }),
      buildId: `9${createdAt}${index}`,
    }));
    for (const attempt of attempts) await executor.startRun(attempt);
    for (const attempt of attempts) await until(executor, attempt);

    const times = await Promise.all(
      attempts.map(async (attempt) => Number(await stored(given, attempt, 'build-log.txt'))),
    );

    const [first = 0, second = 0, third = 0] = times;
    expect(second).toBeGreaterThan(0);
    expect(third).toBeGreaterThan(second);
    // The first one found a free place.
    expect(first).toBeLessThan(second);
  });

  test('artifacts are regular files only, up to the limit', async () => {
    writeFileSync(join(given.folder, 'outside'), 'outside');
    const executor = given.executor(
      sh(
        `cd $ARTIFACTS; ln -s ${given.folder}/outside link; ln -s / root; mkfifo pipe; ` +
          `head -c 2000 /dev/zero > big; echo ok > 'a b'; printf x > "$(printf 'new\\nline')"`,
      ),
      {},
      { artifactLimit: 1000 },
    );
    const attempt = attemptOf(given);

    await executor.startRun(attempt);
    expect(await until(executor, attempt)).toMatchObject({ verdict: 'success' });

    const listing = await given.storage.list(`logs/unit/${attempt.buildId}/artifacts`);
    expect(listing.objects.map(({ path }) => path.split('/').at(-1))).toEqual(['a b']);
    expect(listing.folders).toEqual([]);
    expect(await stored(given, attempt, 'omitted-artifacts.json')).toContain('pipe');
  });

  test('several containers have a log each, and one that fails fails the run (D02)', async () => {
    const container = (name: string, script: string) => ({
      name,
      argv: sh(script),
      environment: { WHO: name },
      log: `${name}-build-log.txt`,
    });
    const executor = given.executor(sh(''), {
      containers: [container('unit', 'echo $WHO'), container('lint', 'echo $WHO; exit 1')],
    });
    const attempt = attemptOf(given);

    await executor.startRun(attempt);

    expect(await until(executor, attempt)).toMatchObject({ verdict: 'failure', exitCode: 1 });
    expect(await stored(given, attempt, 'unit-build-log.txt')).toBe('unit\n');
    expect(await stored(given, attempt, 'lint-build-log.txt')).toBe('lint\n');
  });

  test('without namespaces trusted code still runs, and strangers are refused', async () => {
    const root = process.getuid?.() === 0;
    const isolation = { kind: root ? 'uid' : 'none', ownUid: root, missing: 'none here' } as const;
    const script = '(setsid sleep 600) & id -u; pwd; touch $HOME/x $TMPDIR/y; ls; env';
    const clones = [refsOf(given, [given.one])];
    const executor = given.executor(sh(script), { clones }, { isolation });
    const trusted = attemptOf(given);

    await executor.startRun(trusted);

    expect(await until(executor, trusted)).toMatchObject({ verdict: 'success' });
    const log = await stored(given, trusted, 'build-log.txt');
    expect(log).toContain('one.txt');
    if (root) expect(log).toMatch(/^6[0-4]\d{3}\n/);
    expect(findMarked(markerOf(trusted.run.uuid, 1))).toEqual([]);
    expect(await executor.startRun(attemptOf(given, { trusted: false }))).toMatchObject({
      phase: 'finished',
      verdict: 'error',
      description: expect.stringContaining('none here'),
    });
  });

  test('folders of runs that ended long ago are deleted, living ones are not', async () => {
    const executor = given.executor(sh('sleep 600'));
    const [old, living] = [attemptOf(given), attemptOf(given)];
    for (const attempt of [old, living]) {
      await executor.startRun(attempt);
      await until(executor, attempt, ['running']);
    }
    await executor.stopRun(old);

    await forgetOldRuns(executor.root, Date.now() + 9 * 24 * 3600 * 1000);

    expect(await executor.observeRun(old)).toMatchObject({ phase: 'missing' });
    expect(await executor.observeRun(living)).toMatchObject({ phase: 'running' });
    await executor.stopRun(living);
  });

  test('all runs of a host can be ended, supervisors too', async () => {
    const executor = given.executor(sh('(setsid sleep 600) & sleep 600'));
    const attempt = attemptOf(given);
    await executor.startRun(attempt);
    await until(executor, attempt, ['running']);

    await endAllRuns(executor.root);

    expect(findMarked(markerOf(attempt.run.uuid, 1))).toEqual([]);
    expect(await executor.observeRun(attempt)).toMatchObject({ phase: 'missing' });
  });
});
