import { job, type Scenario } from '../scenario.ts';

/** A job with a context and a command of its own. */
export const scenario: Scenario = {
  name: 'own-words',
  plugins: ['trigger'],
  presubmits: [
    job('custom', 'fails', {
      always_run: false,
      context: 'ci/custom',
      trigger: '(?m)^/please( run custom| run everything),?(\\s+|$)',
      rerun_command: '/please run custom',
    }),
    job('unit', 'succeeds'),
  ],
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Say please',
      files: { 'manners.txt': 'please\n' },
    });
    await stage.status(number, 'unit', 'success');
    await stage.say(number, 'ann', '/please run custom');
    await stage.status(number, 'ci/custom', 'failure');
    await stage.told(number, '/please run custom');
    await stage.say(number, 'ann', '/please run everything');
    await stage.ended(number, 'ci/custom', 2);
    await stage.say(number, 'ann', '/test custom');
    await stage.told(number, 'were not found');
  },
};
