import type { Scenario } from '../scenario.ts';

const HOLD = 'do-not-merge/hold';

/** Every way to say `/hold` and its opposite. */
export const scenario: Scenario = {
  name: 'holds',
  plugins: ['hold'],
  async play(stage) {
    const number = await stage.open({
      author: 'mallory',
      title: 'Move the shelf',
      files: { 'shelf.txt': 'moved\n' },
      fork: true,
    });
    const pairs = [
      ['/hold', '/hold cancel'],
      ['/HOLD until it is painted', '/unhold'],
      ['First a sentence.\n/hold\nThen another.', '/remove-hold'],
    ] as const;
    for (const [hold, release] of pairs) {
      await stage.say(number, 'mallory', hold);
      await stage.labelled(number, HOLD);
      await stage.say(number, 'ann', release);
      await stage.unlabelled(number, HOLD);
    }
    await stage.say(number, 'ann', 'Please do not /hold this.');
    await stage.say(number, 'ann', '  /hold');
    await stage.review(number, 'bob', { event: 'COMMENT', body: '/hold' });
    await stage.labelled(number, HOLD);
  },
};
