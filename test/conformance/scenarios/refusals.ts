import { READY, type Scenario } from '../scenario.ts';

/** Commands of people who may not give them, commands taken back, and several in one comment. */
export const scenario: Scenario = {
  name: 'refusals',
  plugins: ['hold', 'lgtm', 'approve'],
  query: READY,
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Sand the door',
      files: { 'door.txt': 'sanded\n' },
    });
    await stage.answered(number, 1);
    await stage.say(number, 'ann', '/lgtm');
    await stage.answered(number, 2);
    await stage.say(number, 'mallory', '/lgtm');
    await stage.answered(number, 3);
    await stage.say(number, 'bob', '/lgtm\n/hold');
    await stage.labelled(number, 'lgtm');
    await stage.labelled(number, 'do-not-merge/hold');
    await stage.say(number, 'mallory', '/approve');
    await stage.say(number, 'bob', '/lgtm cancel');
    await stage.unlabelled(number, 'lgtm');
    await stage.say(number, 'bob', '/approve');
    await stage.labelled(number, 'approved');
    await stage.say(number, 'bob', '/approve cancel');
    await stage.unlabelled(number, 'approved');
    await stage.say(number, 'mallory', '/unhold');
    await stage.unlabelled(number, 'do-not-merge/hold');
  },
};
