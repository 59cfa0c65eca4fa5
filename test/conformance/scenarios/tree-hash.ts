import type { Scenario } from '../scenario.ts';

/** A push that leaves the tree as it was keeps `lgtm`, another does not. */
export const scenario: Scenario = {
  name: 'tree-hash',
  plugins: ['lgtm'],
  settings: { lgtm: { store_tree_hash: true } },
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Sweep the floor',
      files: { 'floor.txt': 'swept\n' },
    });
    await stage.say(number, 'bob', '/lgtm');
    await stage.labelled(number, 'lgtm');
    await stage.answered(number, 1);
    await stage.push(number, {
      author: 'ann',
      message: 'Sweep the floor, said better',
      files: { 'floor.txt': 'swept\n' },
      force: true,
    });
    await stage.push(number, { author: 'ann', files: { 'floor.txt': 'swept and waxed\n' } });
    await stage.unlabelled(number, 'lgtm');
  },
};
