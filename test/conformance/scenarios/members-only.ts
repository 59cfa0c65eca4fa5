import { job, type Scenario } from '../scenario.ts';

/** Collaborators outside the organisation are strangers here, and are led elsewhere to join. */
export const scenario: Scenario = {
  name: 'members-only',
  plugins: ['trigger'],
  settings: { triggers: { only_org_members: true, join_org_url: 'https://shop.example/join' } },
  presubmits: [job('unit', 'succeeds')],
  repository: { collaborators: { dora: 'write' } },
  async play(stage) {
    const number = await stage.open({
      author: 'dora',
      title: 'Hang the lamp',
      files: { 'lamp.txt': 'hung\n' },
      fork: true,
    });
    await stage.labelled(number, 'needs-ok-to-test');
    await stage.answered(number, 1);
    await stage.say(number, 'dora', '/ok-to-test');
    await stage.answered(number, 2);
    await stage.say(number, 'ann', '/test unit');
    await stage.status(number, 'unit', 'success');
    await stage.say(number, 'ann', '/ok-to-test');
    await stage.labelled(number, 'ok-to-test');
    await stage.ended(number, 'unit', 2);
  },
};
