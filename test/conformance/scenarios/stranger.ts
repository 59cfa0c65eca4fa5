import { job, type Scenario } from '../scenario.ts';

/** A pull request of a stranger's is tested once a member says so, and then as everybody's. */
export const scenario: Scenario = {
  name: 'stranger',
  plugins: ['trigger'],
  presubmits: [job('unit', 'succeeds')],
  async play(stage) {
    const number = await stage.open({
      author: 'mallory',
      title: 'Mend the gutter',
      files: { 'gutter.txt': 'mended\n' },
      fork: true,
    });
    await stage.labelled(number, 'needs-ok-to-test');
    await stage.answered(number, 1);
    await stage.say(number, 'mallory', '/test all');
    await stage.answered(number, 2);
    await stage.say(number, 'mallory', '/ok-to-test');
    await stage.answered(number, 3);
    await stage.say(number, 'ann', '/ok-to-test');
    await stage.labelled(number, 'ok-to-test');
    await stage.unlabelled(number, 'needs-ok-to-test');
    await stage.status(number, 'unit', 'success');
    await stage.push(number, { author: 'mallory', files: { 'gutter.txt': 'mended well\n' } });
    await stage.status(number, 'unit', 'success');
    await stage.say(number, 'mallory', '/retest');
  },
};
