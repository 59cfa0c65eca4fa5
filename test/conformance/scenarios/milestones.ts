import type { Scenario } from '../scenario.ts';

/** What merges only in a milestone. */
export const scenario: Scenario = {
  name: 'milestones',
  plugins: ['hold'],
  query: { milestone: 'v1', labels: ['lgtm'] },
  repository: { milestones: ['v1'] },
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Build an annex',
      files: { 'annex.txt': 'built\n' },
      labels: ['lgtm'],
    });
    await stage.pool(number, 'Must be in milestone v1.');
    await stage.change(number, { milestone: 1 });
    await stage.merged(number);
  },
};
