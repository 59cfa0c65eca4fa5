import { job, type Scenario } from '../scenario.ts';

/** A pull request that is pointed at another branch is tested there. */
export const scenario: Scenario = {
  name: 'other-base',
  plugins: ['trigger'],
  presubmits: [job('unit', 'succeeds'), job('release', 'succeeds', { branches: ['release'] })],
  repository: { branches: { release: { 'a.txt': 'a\n' } } },
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Change direction',
      files: { 'way.txt': 'left\n' },
    });
    await stage.ended(number, 'unit', 1);
    await stage.change(number, { base: 'release' });
    await stage.ended(number, 'unit', 2);
    await stage.status(number, 'release', 'success');
  },
};
