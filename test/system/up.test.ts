import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../../workers/provision/pid-file.ts';
import { describeWith } from '../tools.ts';
import { familyOf, forget, newStateDir, startBowsprit } from './bowsprit.ts';
import { addressOf, townAt } from './town.ts';
import { until } from './until.ts';

const MINUTES = 60_000;
const READY = /Ctrl-C ends it all/;

describeWith(['temporal', 'postgres', 'git', 'git-http-backend'], 'bowsprit up', () => {
  let stateDir: string;
  /** Pull requests of the first play: two at a time, until two were ready together and merged as a batch. */
  let played = 0;
  beforeAll(async () => {
    stateDir = await newStateDir();
  });
  afterAll(() => forget(stateDir));

  test(
    '--exit plays three pull requests to their merge and ends with 0; nothing is left',
    async () => {
      const up = await startBowsprit({ stateDir, args: ['--exit'] });
      await up.line(/^opened/, 2 * MINUTES);
      const family = await familyOf(up.pid);

      expect(await up.exited, up.lines.join('\n')).toBe(0);

      played = up.lines.filter((line) => /^opened /.test(line)).length;
      expect(played).toBeGreaterThanOrEqual(3);
      expect(up.lines.findLast((line) => /^merged /.test(line))).toContain('as one batch');
      const [, seconds = '999'] = /merged +#\d+, ([\d.]+) s/.exec(up.lines.join('\n')) ?? [];
      expect(Number(seconds)).toBeLessThan(60);
      expect(family.length).toBeGreaterThan(6);
      await until('all of them to end', 15_000, () =>
        family.every((pid) => commandLine(pid) === ''),
      );
    },
    4 * MINUTES,
  );

  test(
    'state is kept: a second start goes on counting, beside another one on other ports',
    async () => {
      const up = await startBowsprit({ stateDir, args: ['--play=false'] });
      await up.line(READY, 2 * MINUTES);
      const beside = await startBowsprit({ args: ['--play=false'] });
      await beside.line(READY, 2 * MINUTES);
      const [town, other] = [townAt(addressOf(up, 'GitHub')), townAt(addressOf(beside, 'GitHub'))];

      expect((await town.state()).merges).toHaveLength(played);
      expect((await other.state()).merges).toHaveLength(0);
      for (const name of ['GitHub', 'Bowsprit', 'Temporal']) {
        expect(addressOf(up, name)).not.toBe(addressOf(beside, name));
      }
      const runs = await fetch(`${addressOf(up, 'Bowsprit')}/prowjobs.js`);
      const text = await runs.text();
      expect(text.match(/"job":"unit"/g)?.length ?? 0, text.slice(0, 300)).toBeGreaterThanOrEqual(
        3,
      );

      const third = await startBowsprit({ stateDir, args: ['--play=false'] });
      expect(await third.exited).not.toBe(0);
      expect(third.lines.join('\n')).toContain(`${stateDir} is in use by process ${up.pid}`);

      for (const one of [up, beside]) {
        const family = await familyOf(one.pid);
        one.interrupt();
        expect(await one.exited).toBe(0);
        await until('all to end', 15_000, () => family.every((pid) => commandLine(pid) === ''));
      }
      await forget(beside.stateDir);
    },
    5 * MINUTES,
  );

  test(
    '--fresh forgets, and a play that fails is no success and says what failed',
    async () => {
      // A job of the practice that cannot succeed, as somebody may write it into the file.
      const jobs = join(stateDir, 'practice', 'jobs.yaml');
      const text = await readFile(jobs, 'utf8');
      await writeFile(jobs, text.replace('[node, tools/lint.js]', '[node, tools/no-such-lint.js]'));
      const failing = await startBowsprit({ stateDir, args: ['--exit'] });

      expect(await failing.exited).toBe(1);

      expect(failing.lines.join('\n')).toMatch(/failed +lint failed on #\d+: see http/);

      await writeFile(jobs, text);
      const fresh = await startBowsprit({ stateDir, args: ['--fresh', '--play=false'] });
      await fresh.line(READY, 2 * MINUTES);
      expect((await townAt(addressOf(fresh, 'GitHub')).state()).issues).toEqual({});
      const runs = await fetch(`${addressOf(fresh, 'Bowsprit')}/prowjobs.js`);
      expect(await runs.text()).not.toContain('"unit"');
      expect(await fresh.stop()).toBe(0);
    },
    5 * MINUTES,
  );
});
