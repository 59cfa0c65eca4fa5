import { READY, type Scenario } from '../scenario.ts';

/** A draft that has all labels. */
export const scenario: Scenario = {
  name: 'draft',
  plugins: ['hold'],
  query: READY,
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'A draft',
      files: { 'draft.txt': 'x\n' },
      draft: true,
      labels: ['lgtm', 'approved'],
    });
    // Whatever the pool says of it: Prow tries to merge it again and again, and GitHub refuses.
    await stage.pool(number, '');
  },
};
