import { READY, type Scenario } from '../scenario.ts';

/** What does not merge waits until it does. */
export const scenario: Scenario = {
  name: 'conflict',
  plugins: ['hold'],
  query: READY,
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'A clash',
      files: { 'README.md': 'Our shop.\n' },
    });
    await stage.pushBranch('main', { author: 'carol', files: { 'README.md': 'My shop.\n' } });
    await stage.label(number, 'carol', { add: ['lgtm', 'approved'] });
    await stage.pool(number, 'conflict');
    await stage.push(number, {
      author: 'ann',
      files: { 'door.txt': 'Our door.\n' },
      force: true,
    });
    await stage.merged(number);
  },
};
