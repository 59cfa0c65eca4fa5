import type { Scenario } from '../scenario.ts';

/** Who owns what they change approves it by changing it, until they take that back. */
export const scenario: Scenario = {
  name: 'self-approval',
  plugins: ['approve'],
  async play(stage) {
    const number = await stage.open({
      author: 'bob',
      title: 'Hang the sign',
      files: { 'sign.txt': 'hung\n' },
    });
    await stage.labelled(number, 'approved');
    await stage.say(number, 'bob', '/approve cancel');
    await stage.unlabelled(number, 'approved');
    await stage.say(number, 'carol', '/approve');
    await stage.labelled(number, 'approved');
  },
};
