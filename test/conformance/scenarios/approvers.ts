import type { Scenario } from '../scenario.ts';

const owners = (...names: readonly string[]): string =>
  `approvers:\n${names.map((name) => `- ${name}\n`).join('')}`;

/** Several approvers of several folders; the notice follows what is still missing. */
export const scenario: Scenario = {
  name: 'approvers',
  plugins: ['approve'],
  repository: {
    files: {
      OWNERS: owners('carol'),
      'cellar/OWNERS': owners('bob'),
      'attic/OWNERS': owners('ann', 'dora'),
    },
    collaborators: { dora: 'write' },
  },
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Tidy up everywhere',
      files: { 'cellar/a.txt': 'a\n', 'attic/b.txt': 'b\n', 'c.txt': 'c\n' },
    });
    await stage.told(number, '**NOT APPROVED**');
    await stage.say(number, 'bob', '/approve');
    await stage.told(number, '>bob</a>');
    await stage.say(number, 'mallory', '/approve');
    await stage.told(number, '>mallory</a>');
    await stage.say(number, 'carol', '/approve');
    await stage.labelled(number, 'approved');
    await stage.say(number, 'carol', '/approve cancel');
    await stage.unlabelled(number, 'approved');
    await stage.say(number, 'carol', '/approve');
    await stage.labelled(number, 'approved');
  },
};
