import { job, type Scenario } from '../scenario.ts';

/** What the pool says of pull requests that it does not merge, by what they lack. */
export const scenario: Scenario = {
  name: 'waiting',
  plugins: ['trigger', 'hold'],
  query: {
    labels: ['lgtm', 'approved'],
    missingLabels: ['do-not-merge/hold', 'do-not-merge/work-in-progress', 'needs-rebase'],
    excludedBranches: ['stale'],
  },
  presubmits: [job('unit', 'succeeds'), job('red', 'fails'), job('grey', 'runs-on')],
  repository: { branches: { stale: { 'a.txt': 'a\n' } } },
  async play(stage) {
    const ready = { author: 'ann', labels: ['lgtm', 'approved'] };
    const bare = await stage.open({ author: 'ann', title: 'Bare', files: { 'bare.txt': 'x\n' } });
    const half = await stage.open({
      author: 'ann',
      title: 'Half',
      files: { 'half.txt': 'x\n' },
      labels: ['lgtm', 'approved', 'do-not-merge/work-in-progress'],
    });
    const held = await stage.open({
      ...ready,
      title: 'Held',
      files: { 'held.txt': 'x\n' },
      labels: ['lgtm', 'approved', 'do-not-merge/hold'],
    });
    const tested = await stage.open({ ...ready, title: 'Red', files: { 'red.txt': 'x\n' } });
    const other = await stage.open({
      ...ready,
      title: 'Elsewhere',
      files: { 'b.txt': 'x\n' },
      base: 'stale',
    });
    for (const number of [bare, half, held, tested, other]) {
      await stage.status(number, 'unit', 'success');
      await stage.status(number, 'red', 'failure');
      await stage.status(number, 'grey', 'pending');
      await stage.told(number, '**failed**');
    }
    await stage.pool(bare, 'Needs approved, lgtm labels');
    await stage.pool(half, 'do-not-merge/work-in-progress');
    await stage.pool(held, 'do-not-merge/hold');
    await stage.pool(tested, 'Jobs grey, red have not succeeded');
    await stage.pool(other, 'branch');
  },
};
