import { job, READY, type Scenario } from '../scenario.ts';

/** Statuses that nobody spoke of do not count; one that counts where it is there does. */
export const scenario: Scenario = {
  name: 'unknown-contexts',
  plugins: ['trigger'],
  query: READY,
  contexts: { 'skip-unknown-contexts': true, 'required-if-present-contexts': ['license'] },
  presubmits: [job('unit', 'succeeds')],
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Count the stock',
      files: { 'stock.txt': '12\n' },
      labels: ['do-not-merge/hold', 'lgtm', 'approved'],
    });
    await stage.status(number, 'unit', 'success');
    await stage.report(number, 'weather', 'failure');
    await stage.report(number, 'license', 'failure');
    await stage.label(number, 'carol', { remove: ['do-not-merge/hold'] });
    await stage.pool(number, 'Job license has not succeeded.');
    await stage.report(number, 'license', 'success');
    await stage.merged(number);
  },
};
