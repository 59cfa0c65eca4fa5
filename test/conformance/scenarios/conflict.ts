import { READY, type Scenario } from '../scenario.ts';

/** Drafts, and pull requests that do not merge, are not merged. */
export const scenario: Scenario = {
  name: 'conflict',
  plugins: ['hold'],
  query: READY,
  async play(stage) {
    const labels = ['lgtm', 'approved'];
    const draft = await stage.open({
      author: 'ann',
      title: 'A draft',
      files: { 'draft.txt': 'x\n' },
      draft: true,
      labels,
    });
    const stale = await stage.open({
      author: 'ann',
      title: 'A clash',
      files: { 'README.md': 'Our shop.\n' },
    });
    await stage.pushBranch('main', { author: 'carol', files: { 'README.md': 'My shop.\n' } });
    await stage.label(stale, 'carol', { add: labels });
    await stage.pool(draft, 'ot mergeable');
    await stage.pool(stale, 'conflict');
    await stage.push(stale, { author: 'ann', files: { 'README.md': 'My shop.\n' } });
  },
};
