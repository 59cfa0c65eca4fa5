import { job, READY, type Scenario } from '../scenario.ts';

/** Two that become ready at once, on a base that neither was tested on, are tested and merged together. */
export const scenario: Scenario = {
  name: 'batch',
  plugins: ['trigger'],
  query: READY,
  presubmits: [job('unit', 'succeeds-late')],
  async play(stage) {
    const numbers = [];
    for (const title of ['Left', 'Right']) {
      const files = { [`${title}.txt`]: `${title}\n` };
      numbers.push(await stage.open({ author: 'ann', title, files }));
    }
    for (const number of numbers) await stage.status(number, 'unit', 'success');
    await stage.pushBranch('main', { author: 'carol', files: { 'base.txt': 'moved\n' } });
    // Both in one moment: nobody can see only one of them ready.
    await Promise.all(
      numbers.map((number) => stage.label(number, 'carol', { add: ['lgtm', 'approved'] })),
    );
    await stage.merged(...numbers);
  },
};
