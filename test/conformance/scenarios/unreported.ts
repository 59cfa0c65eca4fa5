import { job, READY, type Scenario } from '../scenario.ts';

/** A status that must be there, and that nobody ever writes. */
export const scenario: Scenario = {
  name: 'unreported',
  plugins: ['trigger'],
  query: READY,
  contexts: { 'required-contexts': ['cla'] },
  presubmits: [job('unit', 'succeeds')],
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Sign nothing',
      files: { 'pen.txt': 'empty\n' },
    });
    await stage.status(number, 'unit', 'success');
    // Prow looks again at what changed, and a status is no change.
    await stage.label(number, 'carol', { add: ['lgtm', 'approved'] });
    // Prow says the first, and does not merge it either.
    await stage.pool(number, 'In merge pool.', 'Job cla has not succeeded.');
  },
};
