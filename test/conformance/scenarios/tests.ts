import { job, type Scenario } from '../scenario.ts';

/** Tests that run by themselves, fail, are repeated, asked for, and asked for wrongly. */
export const scenario: Scenario = {
  name: 'tests',
  plugins: ['trigger'],
  presubmits: [
    job('unit', 'succeeds'),
    job('lint', 'fails-once', { optional: true }),
    job('slow', 'succeeds', { always_run: false, context: 'ci/slow' }),
    job('docs', 'succeeds', { always_run: false, run_if_changed: '\\.md$' }),
    job('silent', 'succeeds', { skip_report: true }),
  ],
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Oil the hinges',
      files: { 'hinges.txt': 'oiled\n' },
    });
    await stage.status(number, 'unit', 'success');
    await stage.status(number, 'lint', 'failure');
    await stage.told(number, '**failed**');
    await stage.say(number, 'bob', '/retest');
    await stage.status(number, 'lint', 'success');
    await stage.withdrawn(number, '**failed**');
    await stage.say(number, 'ann', '/test slow');
    await stage.status(number, 'ci/slow', 'success');
    await stage.say(number, 'ann', '/test nonsense');
    await stage.told(number, 'nonsense');
    await stage.say(number, 'bob', '/test ?');
    await stage.answered(number, 2);
  },
};
