import { job, READY, type Scenario } from '../scenario.ts';

/** Statuses of others: one that must be there, one that may fail, and one that nobody spoke of. */
export const scenario: Scenario = {
  name: 'contexts',
  plugins: ['trigger'],
  query: READY,
  contexts: {
    'required-contexts': ['cla'],
    'optional-contexts': ['coverage'],
    'skip-unknown-contexts': false,
    'from-branch-protection': false,
  },
  presubmits: [job('unit', 'succeeds'), job('flaky', 'fails', { optional: true })],
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Order the paint',
      files: { 'order.txt': 'red\n' },
      labels: ['lgtm', 'approved'],
    });
    await stage.status(number, 'unit', 'success');
    await stage.status(number, 'flaky', 'failure');
    await stage.report(number, 'coverage', 'failure');
    await stage.report(number, 'weather', 'failure');
    await stage.report(number, 'cla', 'failure');
    await stage.pool(number, 'Jobs cla, weather have not succeeded');
    await stage.report(number, 'cla', 'success');
    await stage.pool(number, 'Job weather has not succeeded');
    await stage.report(number, 'weather', 'success');
    await stage.merged(number);
  },
};
