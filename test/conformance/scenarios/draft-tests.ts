import { job, type Scenario } from '../scenario.ts';

/** Drafts are not tested by themselves, and are when somebody asks. */
export const scenario: Scenario = {
  name: 'draft-tests',
  plugins: ['trigger'],
  presubmits: [job('unit', 'succeeds')],
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'A sketch',
      files: { 'sketch.txt': 'pencil\n' },
      draft: true,
    });
    await stage.answered(number, 1);
    await stage.say(number, 'ann', '/test all');
    await stage.status(number, 'unit', 'success');
  },
};
