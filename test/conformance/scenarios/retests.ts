import { job, type Scenario } from '../scenario.ts';

/** The ways to have tests again, and what is said to those who ask for them wrongly. */
export const scenario: Scenario = {
  name: 'retests',
  plugins: ['trigger'],
  presubmits: [
    job('unit', 'succeeds'),
    job('lint', 'fails-once', { optional: true }),
    job('e2e', 'fails'),
    job('slow', 'succeeds', { always_run: false }),
    job('manual', 'succeeds', { always_run: false, optional: true }),
  ],
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Wax the floor',
      files: { 'floor.txt': 'waxed\n' },
    });
    await stage.ended(number, 'unit', 1);
    await stage.ended(number, 'lint', 1);
    await stage.ended(number, 'e2e', 1);
    await stage.told(number, 'lint |');
    await stage.told(number, 'e2e |');
    await stage.say(number, 'bob', '/retest-required');
    await stage.ended(number, 'e2e', 2);
    await stage.say(number, 'ann', '/test slow unit');
    await stage.ended(number, 'slow', 1);
    await stage.ended(number, 'unit', 2);
    await stage.say(number, 'ann', '/test');
    await stage.told(number, 'needs one or more target');
    await stage.say(number, 'ann', '/retest unit');
    await stage.told(number, 'does not accept any target');
    await stage.say(number, 'bob', '/test all');
    await stage.ended(number, 'unit', 3);
    await stage.ended(number, 'lint', 2);
    await stage.ended(number, 'e2e', 3);
    await stage.withdrawn(number, 'lint |');
  },
};
