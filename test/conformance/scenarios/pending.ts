import { job, READY, type Scenario } from '../scenario.ts';

/** What is ready stays in the pool while a test still runs. */
export const scenario: Scenario = {
  name: 'pending',
  plugins: ['trigger'],
  query: READY,
  presubmits: [job('grey', 'runs-on')],
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Wait for the plumber',
      files: { 'tap.txt': 'drips\n' },
      labels: ['lgtm', 'approved'],
    });
    await stage.status(number, 'grey', 'pending');
    await stage.pool(number, 'Retesting: grey');
  },
};
