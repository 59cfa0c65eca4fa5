import { describe, expect, test } from 'vitest';
import type { PullRequestFacts } from '../../workflows/domain/pull-request-facts.ts';
import { trigger } from '../../workflows/plugins/trigger.ts';
import { BOT, type World } from './facts.ts';
import { brief, comment, effects, note, pullRequest, push, texts } from './speech.ts';

const AUTO = { name: 'auto', always_run: true };
const TRUSTED: World = { members: ['author', 'member'], jobs: [AUTO] };
const STRANGE: World = { members: ['member'], jobs: [AUTO] };
const ASKED = ['+ok-to-test', '-needs-ok-to-test'];

const withPullRequest = (world: World, change: Partial<PullRequestFacts>): World => ({
  ...world,
  pullRequest: change,
});
const configured = (world: World, settings: object): World => ({
  ...world,
  plugins: { triggers: [{ repos: ['org'], ...settings }] },
});

describe('pull request events (W§6: id in front)', () => {
  test.for([
    ['1 opened by a member', 'opened', TRUSTED, ['run auto']],
    ['2 opened by a stranger', 'opened', STRANGE, ['+needs-ok-to-test', 'comment']],
    ['3 opened by a stranger, no presubmits', 'opened', { ...STRANGE, jobs: [] }, []],
    [
      '4 ignore_ok_to_test',
      'opened',
      configured(STRANGE, { ignore_ok_to_test: true }),
      ['comment'],
    ],
    ['5 has ok-to-test at opening', 'opened', { ...STRANGE, labels: ['ok-to-test'] }, ['comment']],
    ['6 draft of a member', 'opened', withPullRequest(TRUSTED, { draft: true }), ['comment']],
    [
      '21 conflict, member pushes',
      'synchronize',
      withPullRequest(TRUSTED, { mergeable: false }),
      ['abort'],
    ],
    ['22 member pushes', 'synchronize', TRUSTED, ['abort', 'run auto']],
    ['22 stranger pushes', 'synchronize', STRANGE, ['abort']],
    ['22 draft', 'synchronize', withPullRequest(TRUSTED, { draft: true }), ['abort']],
    ['23 closed', 'closed', withPullRequest(TRUSTED, { state: 'closed' }), ['abort']],
    ['23 became a draft', 'converted_to_draft', TRUSTED, ['abort']],
    ['24 title edited', 'edited', TRUSTED, []],
    ['ready for review', 'ready_for_review', TRUSTED, ['run auto']],
    ['reopened by a stranger', 'reopened', STRANGE, []],
    ['reopened, ok-to-test', 'reopened', { ...STRANGE, labels: ['ok-to-test'] }, ['run auto']],
    [
      'reopened, both labels',
      'reopened',
      { ...STRANGE, labels: ['ok-to-test', 'needs-ok-to-test'] },
      ['-needs-ok-to-test', 'run auto'],
    ],
    ['assigned: nothing', 'assigned', TRUSTED, []],
  ] as const)('%s', async ([, action, world, expected]) => {
    expect(await brief(trigger, pullRequest(action), world)).toEqual(expected);
  });

  test('24 a changed base is tested', async () => {
    const event = pullRequest('edited', { baseChanged: true });

    expect(await brief(trigger, event, TRUSTED)).toEqual(['run auto']);
  });

  test.for([
    ['25 lgtm on a stranger’s', 'lgtm', 'member', STRANGE, ['run auto']],
    ['25 lgtm by the bot', 'lgtm', BOT, STRANGE, ['run auto']],
    ['lgtm on a member’s', 'lgtm', 'member', TRUSTED, []],
    ['lgtm on a closed one', 'lgtm', 'member', withPullRequest(STRANGE, { state: 'closed' }), []],
    ['26 ok-to-test by the bot', 'ok-to-test', BOT, STRANGE, []],
    ['ok-to-test by hand', 'ok-to-test', 'member', STRANGE, ['run auto']],
    ['any other label', 'kind/bug', 'member', STRANGE, []],
  ] as const)('labeled: %s', async ([, label, sender, world, expected]) => {
    expect(await brief(trigger, pullRequest('labeled', { label, sender }), world)).toEqual(
      expected,
    );
  });

  test('files decide which jobs run by themselves', async () => {
    const jobs = [
      { name: 'go', run_if_changed: '\\.go$' },
      { name: 'docs', skip_if_only_changed: '\\.go$' },
    ];

    expect(
      await brief(trigger, pullRequest('opened'), { ...TRUSTED, jobs, files: ['a.go'] }),
    ).toEqual(['run go']);
  });
});

describe('comments (W§6: id in front)', () => {
  const C = { name: 'c', run_if_changed: '^c/' };
  const MANUAL = { name: 'manual' };
  const OPTIONAL = { name: 'opt', optional: true };
  const failed = { statuses: { a: 'failure', b: 'success' } } as const;
  const A = { name: 'a', run_if_changed: '^a/' };
  const B = { name: 'b', always_run: true };

  test.for<[string, string, string, World, readonly string[]]>([
    [
      '7',
      'member',
      '/ok-to-test',
      { ...STRANGE, labels: ['needs-ok-to-test'] },
      [...ASKED, 'run auto'],
    ],
    ['8', 'author', '/test all', STRANGE, ['comment']],
    ['9', 'rando', '/test all', TRUSTED, ['run auto']],
    [
      '10',
      'member',
      '/ok-to-test cancel',
      { ...STRANGE, labels: ['ok-to-test'] },
      ['-ok-to-test', '+needs-ok-to-test'],
    ],
    ['11', 'author', '/ok-to-test cancel', { ...STRANGE, labels: ['ok-to-test'] }, ['comment']],
    ['12', 'member', '/retest', { ...TRUSTED, ...failed, jobs: [A, B, C] }, ['retest a']],
    [
      '13',
      'member',
      '/retest-required',
      {
        ...TRUSTED,
        jobs: [
          { ...B, name: 'r' },
          { name: 'o', always_run: true, optional: true },
        ],
        statuses: { r: 'failure', o: 'failure' },
      },
      ['retest r'],
    ],
    [
      '14',
      'member',
      '/test-manual-required',
      { ...TRUSTED, jobs: [MANUAL, OPTIONAL, A] },
      ['run manual'],
    ],
    ['15', 'member', '/test c', { ...TRUSTED, jobs: [C] }, ['run c']],
    [
      '16',
      'member',
      '/test c',
      { ...TRUSTED, jobs: [{ ...C, branches: ['release'] }] },
      ['comment trigger-help'],
    ],
    ['17', 'member', '/test ?\n/test auto', TRUSTED, ['comment trigger-help']],
    ['18', 'member', '```\n/test nope\n```', TRUSTED, []],
    ['19 (deviation: CRLF too)', 'member', 'x\r\n```\r\n/test nope\r\n```\r\ny', TRUSTED, []],
    [
      '20',
      'member',
      '/retest',
      {
        ...TRUSTED,
        comments: [note(BOT, '@x: The `/test` command needs one or more targets.\n', 1)],
        statuses: { auto: 'failure' },
      },
      ['prune trigger-help', 'retest auto'],
    ],
    ['72 nothing for an edit is asked elsewhere', 'member', 'no command', TRUSTED, []],
    ['two names', 'member', '/test a b', { ...TRUSTED, jobs: [A, B, C] }, ['run a', 'run b']],
    ['bare /test', 'member', '/test', TRUSTED, ['comment trigger-help']],
    ['/retest with a name', 'member', '/retest auto', TRUSTED, ['comment trigger-help']],
    [
      '/test all without jobs',
      'member',
      '/test all',
      { ...TRUSTED, jobs: [MANUAL] },
      ['comment trigger-help'],
    ],
    ['/test all takes a tail', 'member', '/test all, please', TRUSTED, ['run auto']],
    ['/TEST is no command', 'member', '/TEST all', TRUSTED, []],
    ['quoted', 'member', '> /test all', TRUSTED, []],
    ['in an HTML comment', 'member', '<!--\n/test all\n-->', TRUSTED, []],
    [
      'NBSP is no blank',
      'member',
      '/retest\u00a0',
      { ...TRUSTED, statuses: { auto: 'failure' } },
      [],
    ],
    [
      'CR is a blank',
      'member',
      '/retest \r\n',
      { ...TRUSTED, statuses: { auto: 'failure' } },
      ['retest auto'],
    ],
    [
      'draft: commands work',
      'member',
      '/test all',
      withPullRequest(TRUSTED, { draft: true }),
      ['run auto'],
    ],
    [
      'conflict: nothing starts',
      'member',
      '/test all',
      withPullRequest(TRUSTED, { mergeable: false }),
      [],
    ],
    ['the bot itself', BOT, '/test all', TRUSTED, []],
    [
      'retest with nothing to do',
      'member',
      '/retest',
      { ...TRUSTED, statuses: { auto: 'success' } },
      [],
    ],
    [
      'a custom trigger',
      'member',
      'please run it',
      {
        ...TRUSTED,
        jobs: [{ name: 'x', trigger: '(?m)^please run', rerun_command: 'please run it' }],
      },
      ['run x'],
    ],
    [
      'a stale label goes on any command',
      'member',
      '/test auto',
      { ...STRANGE, labels: ['ok-to-test', 'needs-ok-to-test'] },
      ['-needs-ok-to-test', 'run auto'],
    ],
    [
      'a stranger on ok-to-test',
      'author',
      '/test auto',
      { ...STRANGE, labels: ['ok-to-test'] },
      ['run auto'],
    ],
    ['a stranger cannot grant', 'author', '/ok-to-test', STRANGE, ['comment']],
    ['a stranger on a member’s', 'rando', '/ok-to-test', TRUSTED, [...ASKED, 'run auto']],
    ['a trusted person tests a stranger’s', 'member', '/test auto', STRANGE, ['run auto']],
    [
      'ignore_ok_to_test: no labels, no jobs',
      'member',
      '/ok-to-test',
      configured(STRANGE, { ignore_ok_to_test: true }),
      [],
    ],
    [
      'ignore_ok_to_test: refusal stays',
      'author',
      '/ok-to-test',
      configured(STRANGE, { ignore_ok_to_test: true }),
      ['comment'],
    ],
    [
      'Actions: approve',
      'member',
      '/ok-to-test',
      configured(STRANGE, { trigger_github_workflows: true }),
      [...ASKED, 'approve workflows', 'run auto'],
    ],
    [
      'Actions: rerun',
      'member',
      '/retest',
      configured({ ...TRUSTED, statuses: { auto: 'success' } }, { trigger_github_workflows: true }),
      ['rerun workflows'],
    ],
  ])('%s: %s says %j', async ([, author, body, world, expected]) => {
    expect(await brief(trigger, comment(author, body), world)).toEqual(expected);
  });

  test.for([
    ['72 an edited comment', { action: 'edited' }],
    ['an issue', { isPullRequest: false }],
    ['a closed pull request', { state: 'closed' }],
  ] as const)('%s is left alone', async ([, change]) => {
    expect(await brief(trigger, comment('member', '/test all', change), TRUSTED)).toEqual([]);
  });

  test('of /ok-to-test and its cancel in one comment the cancel counts', async () => {
    const said = comment('member', '/ok-to-test\n/ok-to-test cancel');

    expect(await brief(trigger, said, STRANGE)).toEqual(['-ok-to-test', '+needs-ok-to-test']);
  });
});

describe('texts', () => {
  test('help lists required, optional and automatic jobs, as Prow does', async () => {
    const jobs = [AUTO, { name: 'opt', optional: true }];

    const [text] = await texts(trigger, comment('member', '/test'), { ...TRUSTED, jobs });

    expect(text?.split('<details>')[0]).toBe(
      [
        '@member: The `/test` command needs one or more targets.',
        'The following commands are available to trigger required jobs:',
        '```\n/test auto\n```\n',
        'The following commands are available to trigger optional jobs:',
        '```\n/test opt\n```\n',
        'Use `/test all` to run the following jobs that were automatically triggered:',
        '```\nauto\n```\n\n\n\n',
      ].join('\n'),
    );
  });

  test('help without any job names the branch', async () => {
    const [text] = await texts(trigger, comment('member', '/test ?'), { ...TRUSTED, jobs: [] });

    expect(text).toMatch(/^@member: No presubmit jobs available for org\/repo@main\n/);
  });

  test('answers quote what they answer, in Prow’s envelope', async () => {
    const [text] = await texts(trigger, comment('author', 'please\r\n/test all'), STRANGE);

    expect(text).toContain(
      '\n\n<details>\n\nIn response to [this](https://github.com/org/repo/pull/5#issuecomment-1):\n\n>please\n>/test all\n',
    );
    expect(text).toMatch(/\n<\/details>$/);
  });

  test.for([
    [undefined, false],
    [{ merged_pr_threshold: 3 }, true],
    [{ merged_pr_threshold: 4 }, false],
    [{ disabled: true }, false],
  ] as const)(
    'an author with 3 merged pull requests, prominent %j: invited %s',
    async ([prominent, invited]) => {
      const settings = { org_invite: prominent === undefined ? {} : { prominent } };
      const world = configured({ ...STRANGE, merged: 3 }, settings);

      const [text] = await texts(trigger, pullRequest('opened'), world);

      expect(text?.includes('[!TIP]')).toBe(invited);
    },
  );

  test('a search that fails is no reason not to greet', async () => {
    const world = configured(STRANGE, { org_invite: { prominent: {} } });

    expect(await brief(trigger, pullRequest('opened'), world)).toEqual([
      '+needs-ok-to-test',
      'comment',
    ]);
  });

  test('an own invitation gets its link', async () => {
    const settings = {
      join_org_url: 'https://join',
      org_invite: { prominent: { merged_pr_threshold: 0, message: 'Come: {join_org_url}' } },
    };

    const [text] = await texts(trigger, pullRequest('opened'), configured(STRANGE, settings));

    expect(text).toContain('> Come: https://join');
  });
});

describe('pushes', () => {
  const postsubmits = [
    { name: 'post', branches: ['^main$'] },
    { name: 'go', run_if_changed: '\\.go$', branches: ['^main$'] },
    { name: 'tag', branches: ['^v1$'] },
  ];

  test.for([
    ['a branch', {}, ['run post']],
    ['by the bot', { sender: BOT }, ['run post']],
    ['files', { changedFiles: ['a.go'] }, ['run post', 'run go']],
    ['a tag', { ref: 'refs/tags/v1' }, ['run tag']],
    ['deleted', { deleted: true }, []],
    ['all-zero', { after: '0'.repeat(40) }, []],
  ] as const)('%s', async ([, change, expected]) => {
    expect(await brief(trigger, push(change), { postsubmits })).toEqual(expected);
  });

  test('files that did not fit the event are asked for', async () => {
    const { changedFiles: _, ...event } = push();

    expect(await brief(trigger, event, { postsubmits, files: ['b.go'] })).toEqual([
      'run post',
      'run go',
    ]);
  });
});

test('runs carry their job and whether they are a retest', async () => {
  const world = { ...TRUSTED, statuses: { auto: 'error' } } as const;

  expect(await effects(trigger, comment('member', '/retest'), world)).toEqual([
    { kind: 'start-run', job: 'auto', retest: true },
  ]);
});
