import { job, type Scenario } from '../scenario.ts';

/** A push while tests of the commit before still run. */
export const scenario: Scenario = {
  name: 'superseded',
  plugins: ['trigger'],
  presubmits: [job('unit', 'succeeds'), job('endless', 'runs-on', { optional: true })],
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Wash the windows',
      files: { 'windows.txt': 'washed\n' },
    });
    await stage.status(number, 'unit', 'success');
    await stage.status(number, 'endless', 'pending');
    await stage.push(number, { author: 'ann', files: { 'windows.txt': 'washed twice\n' } });
    await stage.status(number, 'unit', 'success');
    await stage.status(number, 'endless', 'pending');
  },
};
