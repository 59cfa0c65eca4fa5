import { job, READY, type Scenario } from '../scenario.ts';

/** What was tested on an older base is tested on the present one before it merges. */
export const scenario: Scenario = {
  name: 'serial',
  plugins: ['trigger'],
  query: READY,
  presubmits: [job('unit', 'succeeds'), job('lint', 'succeeds', { optional: true })],
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Plaster the wall',
      files: { 'wall.txt': 'plastered\n' },
    });
    await stage.status(number, 'unit', 'success');
    await stage.status(number, 'lint', 'success');
    await stage.pushBranch('main', { author: 'carol', files: { 'base.txt': 'moved\n' } });
    await stage.label(number, 'carol', { add: ['lgtm', 'approved'] });
    await stage.merged(number);
  },
};
