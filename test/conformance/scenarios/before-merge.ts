import { job, READY, type Scenario } from '../scenario.ts';

/** A test that runs only when everything else is ready. */
export const scenario: Scenario = {
  name: 'before-merge',
  plugins: ['trigger'],
  query: READY,
  presubmits: [
    job('unit', 'succeeds'),
    job('long', 'succeeds', { always_run: false, run_before_merge: true }),
  ],
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Open the shop',
      files: { 'shop.txt': 'open\n' },
    });
    await stage.status(number, 'unit', 'success');
    await stage.label(number, 'carol', { add: ['lgtm', 'approved'] });
    await stage.merged(number);
  },
};
