import { describe, expect, test } from 'vitest';
import { approve } from '../../workflows/plugins/approve.ts';
import { BOT, type World } from './facts.ts';
import { brief, comment, note, pullRequest, review, reviewNote, texts } from './speech.ts';

const OWNERS = {
  OWNERS: 'approvers: [root]',
  'a/OWNERS': 'approvers: [ann]',
  'a/b/OWNERS': 'approvers: [bob]',
};
const WORLD: World = { owners: OWNERS, files: ['a/x'] };
const NOTIFY = 'replace approval-notification';
const configured = (world: World, settings: object): World => ({
  ...world,
  plugins: { approve: [{ repos: ['org'], ...settings }] },
});

/** What `/approve` by somebody leads to, with what was said before. */
const said = (world: World, ...comments: NonNullable<World['comments']>): World => ({
  ...world,
  comments,
});
const NO_PARENT = {
  ...OWNERS,
  'a/b/OWNERS': 'options: {no_parent_owners: true}\napprovers: [bob]',
};
const BOTH: World = { ...WORLD, files: ['a/x', 'a/b/y'] };
const ISSUE = configured(WORLD, { issue_required: true });

describe('who approved what (W§6: id in front)', () => {
  test.for<[string, World, boolean]>([
    ['37 an owner’s own', { ...WORLD, pullRequest: { author: 'ann' } }, true],
    ['37 login in any case', { ...WORLD, pullRequest: { author: 'ANN' } }, true],
    ['38 somebody else’s', WORLD, false],
    ['39 deeper owner only', said(BOTH, note('bob', '/approve', 1)), false],
    ['39 owner above', said(BOTH, note('ann', '/approve', 1)), true],
    ['40 cut off', said({ ...BOTH, owners: NO_PARENT }, note('ann', '/approve', 1)), false],
    [
      '40 cut off, both',
      said({ ...BOTH, owners: NO_PARENT }, note('ann', '/approve', 1), note('bob', '/approve', 2)),
      true,
    ],
    ['43 issue missing', said(ISSUE, note('ann', '/approve', 1)), false],
    ['43 no-issue', said(ISSUE, note('ann', '/approve no-issue', 1)), true],
    [
      '43 no-issue by nobody’s owner',
      said(ISSUE, note('x', '/approve no-issue', 1), note('ann', '/approve', 2)),
      false,
    ],
    [
      'no-issue sticks',
      said(ISSUE, note('ann', '/approve no-issue', 1), note('ann', '/approve', 2)),
      true,
    ],
    ['issue in the text', said({ ...ISSUE, body: 'Fixes #7.' }, note('ann', '/approve', 1)), true],
    [
      'issue by link',
      said({ ...ISSUE, body: 'see org/x/issues/8' }, note('ann', '/approve', 1)),
      true,
    ],
    [
      '44 comment and dismissed review',
      said(WORLD, note('ann', '/approve', 1), reviewNote('ann', 'dismissed', 2)),
      true,
    ],
    ['44 only the dismissed review', said(WORLD, reviewNote('ann', 'dismissed', 2)), false],
    [
      '46 changes requested later',
      said(WORLD, note('ann', '/approve', 1), reviewNote('ann', 'changes_requested', 2)),
      false,
    ],
    [
      '46 ignore_review_state',
      said(
        configured(WORLD, { ignore_review_state: true }),
        note('ann', '/approve', 1),
        reviewNote('ann', 'changes_requested', 2),
      ),
      true,
    ],
    ['a review approves', said(WORLD, reviewNote('ann', 'approved', 1)), true],
    ['its text wins', said(WORLD, reviewNote('ann', 'changes_requested', 1, '/approve')), true],
    ['a review by an app', said(WORLD, reviewNote('ann[bot]', 'approved', 1)), false],
    [
      '36 lgtm counts',
      said(configured(WORLD, { lgtm_acts_as_approve: true }), note('ann', '/lgtm nice work', 1)),
      true,
    ],
    ['lgtm does not', said(WORLD, note('ann', '/lgtm', 1)), false],
    [
      'cancelled',
      said(WORLD, note('ann', '/approve', 1), note('ann', '/approve cancel', 2)),
      false,
    ],
    ['removed', said(WORLD, note('ann', '/approve', 1), note('ann', '/remove-approve', 2)), false],
    [
      'cancelled with words',
      said(WORLD, note('ann', '/approve', 1), note('ann', '/approve, I cancel', 2)),
      true,
    ],
    ['free text', said(WORLD, note('ann', '/approve looks good', 1)), true],
    ['upper case', said(WORLD, note('Ann', '/APPROVE', 1)), true],
    [
      'given again',
      said(WORLD, note('ann', '/approve cancel', 1), note('ann', '/approve', 2)),
      true,
    ],
    [
      'order is by time',
      said(WORLD, note('ann', '/approve cancel', 2), note('ann', '/approve', 1)),
      false,
    ],
    [
      'one second: review comments, comments, reviews',
      said(WORLD, reviewNote('ann', 'approved', 1), note('ann', '/approve cancel', 1)),
      true,
    ],
    [
      'one second: a review comment comes before a comment',
      said(
        WORLD,
        note('ann', '/approve', 1),
        note('ann', '/approve cancel', 1, { source: 'review-comment' }),
      ),
      true,
    ],
    [
      'descriptions are no comments',
      said(WORLD, note('ann', '/approve', 1, { source: 'pull-request-body' })),
      false,
    ],
    [
      'the bot approves nothing',
      said({ ...WORLD, owners: { OWNERS: `approvers: [${BOT}]` } }, note(BOT, '/approve', 1)),
      false,
    ],
    ['no files', { ...WORLD, files: [], pullRequest: { author: 'root' } }, false],
    ['no owners', { files: ['a/x'], pullRequest: { author: 'root' } }, false],
    [
      'self-approval is off',
      configured({ ...WORLD, pullRequest: { author: 'ann' } }, { require_self_approval: true }),
      false,
    ],
    [
      'the author cancels',
      said({ ...WORLD, pullRequest: { author: 'ann' } }, note('ann', '/approve cancel', 1)),
      false,
    ],
    [
      'a new folder below owners who do not mind',
      {
        ...WORLD,
        owners: {
          'a/OWNERS': 'options: {auto_approve_unowned_subfolders: true}\napprovers: [ann]',
        },
        files: ['a/new/x'],
      },
      true,
    ],
    [
      'but not a file beside OWNERS',
      {
        ...WORLD,
        owners: {
          'a/OWNERS': 'options: {auto_approve_unowned_subfolders: true}\napprovers: [ann]',
        },
      },
      false,
    ],
    [
      'filters: every file needs somebody',
      said(
        {
          owners: {
            OWNERS: "filters:\n  '\\.go$': {approvers: [go]}\n  '\\.md$': {approvers: [md]}",
          },
          files: ['x.go', 'y.md'],
        },
        note('go', '/approve', 1),
      ),
      false,
    ],
  ])('%s', async ([, world, approved]) => {
    const want = approved ? [NOTIFY, '+approved'] : [NOTIFY];

    expect(await brief(approve, pullRequest('synchronize'), world)).toEqual(want);
    expect(
      await brief(approve, pullRequest('synchronize'), {
        ...world,
        labels: ['approved'],
        labelActor: BOT,
      }),
    ).toEqual(approved ? [NOTIFY] : [NOTIFY, '-approved']);
  });
});

describe('what it listens to', () => {
  const approved = said(WORLD, note('ann', '/approve', 1));

  test.for<[string, Parameters<typeof brief>[1], World, boolean]>([
    ['/approve', comment('ann', '/approve'), approved, true],
    ['/lgtm', comment('ann', '/lgtm'), approved, false],
    [
      '/lgtm where it counts',
      comment('ann', '/lgtm x'),
      configured(approved, { lgtm_acts_as_approve: true }),
      true,
    ],
    ['anything', comment('ann', 'I approve'), approved, false],
    ['code', comment('ann', '```\n/approve\n```'), approved, false],
    ['a description', comment('ann', '/approve', { source: 'pull-request-body' }), approved, true],
    ['the bot', comment(BOT, '/approve'), approved, false],
    ['closed', comment('ann', '/approve', { state: 'closed' }), approved, false],
    ['issue', comment('ann', '/approve', { isPullRequest: false }), approved, false],
    ['72 edited', comment('ann', '/approve', { action: 'edited' }), approved, false],
    ['review approved', review('ann', 'approved'), approved, true],
    ['44 review dismissed', review('ann', 'dismissed', { action: 'dismissed' }), approved, true],
    ['review commented', review('ann', 'commented'), approved, false],
    ['review edited', review('ann', 'approved', { action: 'edited' }), approved, false],
    ['review with a command', review('ann', 'approved', { body: '/approve' }), approved, false],
    [
      'review ignored',
      review('ann', 'approved'),
      configured(approved, { ignore_review_state: true }),
      false,
    ],
    ['opened', pullRequest('opened'), approved, true],
    ['reopened', pullRequest('reopened'), approved, true],
    ['edited title', pullRequest('edited'), approved, false],
    ['41 labeled', pullRequest('labeled', { label: 'approved', sender: 'x' }), approved, true],
    [
      'labeled by the bot',
      pullRequest('labeled', { label: 'approved', sender: BOT }),
      approved,
      false,
    ],
    ['another label', pullRequest('labeled', { label: 'lgtm', sender: 'x' }), approved, false],
    [
      'labeled when closed',
      pullRequest('labeled', { label: 'approved', sender: 'x' }),
      { ...approved, pullRequest: { state: 'closed' } },
      false,
    ],
  ])('%s', async ([, event, world, heard]) => {
    expect((await brief(approve, event, world)).length > 0).toBe(heard);
  });
});

describe('the label by hand', () => {
  const byHand: World = { ...WORLD, labels: ['approved'], labelActor: 'somebody' };

  test('41 is kept, and the notification says so', async () => {
    const [text] = await texts(
      approve,
      pullRequest('labeled', { label: 'approved', sender: 'somebody' }),
      byHand,
    );

    expect(text).toMatch(
      /^\[APPROVALNOTIFIER\] This PR is \*\*APPROVED\*\*\n\nApproval requirements bypassed by manually added approval\.\n\nThis pull-request has been approved by: \*</,
    );
    expect(await brief(approve, pullRequest('synchronize'), byHand)).toEqual([NOTIFY]);
  });

  test('42 by the bot it goes when another owner is needed', async () => {
    const world = { ...byHand, labelActor: BOT };

    expect(await brief(approve, pullRequest('synchronize'), world)).toEqual([NOTIFY, '-approved']);
  });
});

describe('the notification', () => {
  const notification = async (world: World) =>
    (await texts(approve, pullRequest('opened'), world))[0];

  test('asks for the nearest owner, in Prow’s layout', async () => {
    expect(await notification(WORLD)).toBe(
      [
        '[APPROVALNOTIFIER] This PR is **NOT APPROVED**',
        '',
        'This pull-request has been approved by: *<a href="https://github.com/org/repo/pull/5#" title="Author self-approved">author</a>*',
        '**Once this PR has been reviewed and has the lgtm label**, please assign [ann](https://github.com/ann) for approval. For more information see [the Code Review Process](https://git.k8s.io/community/contributors/guide/owners.md#the-code-review-process).',
        '',
        'The full list of commands accepted by this bot can be found [here](https://go.k8s.io/bot-commands?repo=org%2Frepo).',
        '',
        '<details open>',
        'Needs approval from an approver in each of these files:',
        '',
        '- **[a/OWNERS](https://github.com/org/repo/blob/main/a/OWNERS)**',
        '',
        'Approvers can indicate their approval by writing `/approve` in a comment',
        'Approvers can cancel approval by writing `/approve cancel` in a comment',
        '</details>',
        '<!-- META={"approvers":["ann"]} -->',
      ].join('\n'),
    );
  });

  test('says who approved, in Prow’s layout', async () => {
    const world = said(
      configured(WORLD, { require_self_approval: true }),
      note('Zoe', '/approve', 1),
      note('Ann', '/approve', 2),
    );

    expect(await notification(world)).toBe(
      [
        '[APPROVALNOTIFIER] This PR is **APPROVED**',
        '',
        'This pull-request has been approved by: *<a href="URL2" title="Approved">Ann</a>*, *<a href="URL1" title="Approved">Zoe</a>*',
        '',
        'The full list of commands accepted by this bot can be found [here](https://go.k8s.io/bot-commands?repo=org%2Frepo).',
        '',
        'The pull request process is described [here](https://git.k8s.io/community/contributors/guide/owners.md#the-code-review-process)',
        '',
        '<details >',
        'Needs approval from an approver in each of these files:',
        '',
        '- ~~[a/OWNERS](https://github.com/org/repo/blob/main/a/OWNERS)~~ [Ann]',
        '',
        'Approvers can indicate their approval by writing `/approve` in a comment',
        'Approvers can cancel approval by writing `/approve cancel` in a comment',
        '</details>',
        '<!-- META={"approvers":[]} -->',
      ].join('\n'),
    );
  });

  test.for<[string, World, string]>([
    [
      'nobody approved',
      configured(WORLD, { require_self_approval: true }),
      'approved by:\n**Once this PR has been reviewed and has the lgtm label**, please assign [ann](https://github.com/ann) for approval.',
    ],
    ['nobody to ask', { files: ['x'] }, 'author</a>*\n\n\nThe full list'],
    [
      'assigned already',
      { ...WORLD, assignees: ['Ann'] },
      'please ask for approval from [ann](https://github.com/ann). For more',
    ],
    [
      'one assigned, one not',
      {
        ...WORLD,
        files: ['a/x', 'c/y'],
        owners: { ...OWNERS, OWNERS: '', 'c/OWNERS': 'approvers: [cy]' },
        assignees: ['ann'],
      },
      'please ask for approval from [ann](https://github.com/ann) and additionally assign [cy](https://github.com/cy) for approval. For more',
    ],
    [
      'lgtm',
      said(configured(WORLD, { lgtm_acts_as_approve: true }), note('ann', '/lgtm', 1)),
      'title="LGTM">ann</a>',
    ],
    ['an issue', { ...ISSUE, body: '#12' }, '\n\nAssociated issue: *#12*\n\nThe full list'],
    [
      'no issue',
      ISSUE,
      '\n\n*No associated issue*. Update pull-request body to add a reference to an issue, or get approval with `/approve no-issue`\n\nThe full',
    ],
    [
      'without an issue',
      said(ISSUE, note('ann', '/approve no-issue', 1)),
      '\n\nAssociated issue requirement bypassed by: *<a href="URL1" title="Approved">ann</a>*\n\nThe full',
    ],
    [
      'by hand without an issue',
      { ...ISSUE, labels: ['approved'], labelActor: 'x' },
      '\n\n*No associated issue*. Requirement bypassed by manually added approval.\n\nThe full',
    ],
    [
      'the root',
      { ...WORLD, files: ['x'] },
      '\n- **[OWNERS](https://github.com/org/repo/blob/main/OWNERS)**\n\nApprovers',
    ],
    [
      'a Markdown file with owners of its own',
      { files: ['d/x.md'], owners: { 'd/x.md': '---\napprovers: [doc]\n---\ntext' } },
      '\n- **[d/x.md](https://github.com/org/repo/blob/main/d/x.md)**\n',
    ],
    [
      'part of the files',
      said(
        {
          owners: {
            OWNERS: "filters:\n  '\\.go$': {approvers: [go]}\n  '\\.md$': {approvers: [md]}",
          },
          files: ['x.go', 'y.md'],
        },
        note('go', '/approve', 1),
      ),
      '\n- **[OWNERS](https://github.com/org/repo/blob/main/OWNERS)** [go]\n  > Need more approvers for rest parts.\n\nApprovers',
    ],
    [
      'self-approval needed: the author is asked',
      configured({ ...WORLD, pullRequest: { author: 'ann' } }, { require_self_approval: true }),
      'please ask for approval from [ann](',
    ],
  ])('%s', async ([, world, expected]) => {
    expect(await notification(world)).toContain(expected);
  });

  test('45 is not written again while it says the same', async () => {
    const [text = ''] = await texts(approve, pullRequest('opened'), WORLD);
    const known = said(WORLD, note(BOT, `${text}\n<!-- key -->`, 1));

    expect(await brief(approve, pullRequest('synchronize'), known)).toEqual([]);
  });

  test('is written again when an older one said the same', async () => {
    const [text = ''] = await texts(approve, pullRequest('opened'), WORLD);
    const known = said(WORLD, note(BOT, text, 1), note(BOT, '[ApprovalNotifier] other', 2));

    expect(await brief(approve, pullRequest('synchronize'), known)).toEqual([NOTIFY]);
  });
});
