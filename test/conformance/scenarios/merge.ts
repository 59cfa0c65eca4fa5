import { READY, type Scenario } from '../scenario.ts';

/** Open, size label, hold, lgtm, approve, hold taken back, merge. */
export const scenario: Scenario = {
  name: 'merge',
  plugins: ['size', 'hold', 'lgtm', 'approve'],
  query: READY,
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Paint the shop',
      files: { 'paint.txt': 'red\n'.repeat(40) },
    });
    await stage.labelled(number, 'size/M');
    await stage.say(number, 'bob', '/hold');
    await stage.labelled(number, 'do-not-merge/hold');
    await stage.say(number, 'bob', '/lgtm');
    await stage.labelled(number, 'lgtm');
    await stage.say(number, 'bob', '/approve');
    await stage.labelled(number, 'approved');
    await stage.say(number, 'bob', '/hold cancel');
    await stage.merged(number);
  },
};
