import type { Scenario } from '../scenario.ts';

const HOLD = 'do-not-merge/hold';

/** What is quoted, fenced or hidden, and what ends in a carriage return. */
export const scenario: Scenario = {
  name: 'quoted',
  plugins: ['hold', 'lgtm'],
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Read the manual',
      files: { 'manual.txt': 'read\n' },
    });
    await stage.say(number, 'bob', '> /hold\n\nYou said so.');
    await stage.say(number, 'bob', 'Thanks.\r\n/hold\r\nBye.\r\n');
    await stage.labelled(number, HOLD);
    await stage.say(number, 'ann', '/unhold\r\n');
    await stage.unlabelled(number, HOLD);
    await stage.say(number, 'bob', 'To hold it, say\n```\n/hold\n```\n');
    await stage.say(number, 'carol', '/lgtm');
    await stage.labelled(number, 'lgtm');
  },
};
