import { job, type Scenario } from '../scenario.ts';

/** Closed while tests run, and opened again. */
export const scenario: Scenario = {
  name: 'closing',
  plugins: ['trigger'],
  presubmits: [job('unit', 'succeeds'), job('endless', 'runs-on')],
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Lock the door',
      files: { 'door.txt': 'locked\n' },
    });
    await stage.status(number, 'unit', 'success');
    await stage.status(number, 'endless', 'pending');
    await stage.close(number, 'ann');
    await stage.status(number, 'endless', 'failure');
    await stage.reopen(number, 'bob');
    await stage.ended(number, 'unit', 2);
    await stage.status(number, 'endless', 'pending');
  },
};
