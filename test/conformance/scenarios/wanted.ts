import type { Scenario } from '../scenario.ts';

/** Queries by author and by alternatives of labels. */
export const scenario: Scenario = {
  name: 'wanted',
  plugins: ['hold'],
  query: { author: 'ann', labels: ['lgtm', 'kind/bug,kind/feature'], includedBranches: ['main'] },
  repository: { branches: { stale: { 'a.txt': 'a\n' } } },
  async play(stage) {
    const bobs = await stage.open({ author: 'bob', title: 'His', files: { 'his.txt': 'x\n' } });
    await stage.pool(bobs, 'Must be by author ann.');
    const stale = await stage.open({
      author: 'ann',
      title: 'Stale',
      files: { 'b.txt': 'x\n' },
      base: 'stale',
    });
    await stage.pool(stale, 'Merging to branch stale is forbidden.');
    const hers = await stage.open({ author: 'ann', title: 'Hers', files: { 'hers.txt': 'x\n' } });
    await stage.pool(hers, 'Needs ');
    await stage.label(hers, 'carol', { add: ['lgtm'] });
    await stage.pool(hers, 'Needs kind/bug or kind/feature label.');
    await stage.label(hers, 'carol', { add: ['kind/feature'] });
    await stage.merged(hers);
  },
};
