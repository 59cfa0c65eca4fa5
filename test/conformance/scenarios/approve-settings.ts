import type { Scenario } from '../scenario.ts';

/** An issue is asked for, `/lgtm` approves, and the author does not approve by writing. */
export const scenario: Scenario = {
  name: 'approve-settings',
  plugins: ['approve', 'lgtm'],
  settings: {
    approve: { issue_required: true, require_self_approval: true, lgtm_acts_as_approve: true },
  },
  repository: { files: { OWNERS: 'approvers:\n- ann\n- bob\nreviewers:\n- bob\n' } },
  async play(stage) {
    const number = await stage.open({
      author: 'ann',
      title: 'Replace the lock',
      files: { 'lock.txt': 'new\n' },
    });
    await stage.told(number, '**NOT APPROVED**');
    await stage.say(number, 'bob', '/lgtm');
    await stage.labelled(number, 'lgtm');
    await stage.told(number, 'no-issue');
    await stage.say(number, 'bob', '/approve no-issue');
    await stage.labelled(number, 'approved');
    await stage.say(number, 'bob', '/lgtm cancel');
    await stage.unlabelled(number, 'lgtm');
  },
};
