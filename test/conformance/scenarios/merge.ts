import { READY, type Scenario } from '../scenario.ts';

/** Open, size label, hold, lgtm, approve, hold taken back, merge. */
export const scenario: Scenario = {
  name: 'merge',
  plugins: ['size', 'hold', 'lgtm', 'approve'],
  query: READY,
  async play(town) {
    const number = await town.open({
      author: 'ann',
      title: 'Paint the shop',
      files: { 'paint.txt': 'red\n'.repeat(40) },
    });
    await town.untilLabelled(number, 'size/M');
    await town.say(number, 'bob', '/hold');
    await town.untilLabelled(number, 'do-not-merge/hold');
    await town.say(number, 'bob', '/lgtm');
    await town.untilLabelled(number, 'lgtm');
    await town.say(number, 'bob', '/approve');
    await town.untilLabelled(number, 'approved');
    await town.say(number, 'bob', '/hold cancel');
    await town.untilMerged(number);
  },
};
