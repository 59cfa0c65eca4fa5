import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { openDatabase } from '../../activities/database/database.ts';
import { readDelivery } from '../../activities/database/deliveries.ts';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import {
  commentPayload,
  issuePayload,
  pullRequestPayload,
  pushPayload,
  reviewPayload,
  statusPayload,
} from './payloads.ts';
import { deliver, eventsOf, openPostOffice, type PostOffice } from './post-office.ts';

let database: TestDatabase;
let office: PostOffice;

beforeAll(async () => {
  database = await freshDatabase();
  office = openPostOffice(database.db);
});
beforeEach(() => {
  office.sent.length = 0;
  office.logged.length = 0;
  office.temporalDown = false;
});
afterAll(async () => {
  await office.app.close();
  await database.drop();
});

const T = '2026-11-23T10:00:00Z';
const HEAD = 'b'.repeat(40);

describe('identity by meaning', () => {
  const label = { label: { name: 'hold' } };
  test.for([
    // event, payload, addressee, keys
    ['issue_comment', commentPayload('hi'), 'pullRequest', ['comment:501:created']],
    [
      'issue_comment',
      commentPayload('hi', {}, { pull_request: undefined }),
      'issue',
      ['comment:501:created'],
    ],
    [
      'issue_comment',
      commentPayload('hi', { action: 'edited' }),
      'pullRequest',
      [`comment:501:edited:${T}`],
    ],
    [
      'issue_comment',
      commentPayload('hi', { action: 'deleted' }),
      'pullRequest',
      ['comment:501:deleted'],
    ],
    ['issue_comment', commentPayload('hi', { action: 'pinned' }), undefined, []],
    ['pull_request', pullRequestPayload('opened'), 'pullRequest', ['pr:7:opened']],
    [
      'pull_request',
      pullRequestPayload('opened', {}, { body: 'x\r\n/cc @bob' }),
      'pullRequest',
      ['pr:7:opened', 'pr:7:body:opened'],
    ],
    [
      'pull_request',
      pullRequestPayload('opened', {}, { body: null }),
      'pullRequest',
      ['pr:7:opened'],
    ],
    [
      'pull_request',
      pullRequestPayload('edited', { changes: { body: { from: '' } } }, { body: '/hold' }),
      'pullRequest',
      [`pr:7:edited:body:${T}`, `pr:7:body:edited:${T}`],
    ],
    [
      'pull_request',
      pullRequestPayload('edited', { changes: { title: { from: '' } } }, { body: '/hold' }),
      'pullRequest',
      [`pr:7:edited:title:${T}`],
    ],
    [
      'pull_request',
      pullRequestPayload('labeled', label),
      'pullRequest',
      [`pr:7:labeled:hold:${T}`],
    ],
    [
      'pull_request',
      pullRequestPayload('synchronize'),
      'pullRequest',
      [`pr:7:synchronize:${HEAD}:${T}`],
    ],
    [
      'pull_request',
      pullRequestPayload('assigned', { assignee: { login: 'bob' } }),
      'pullRequest',
      [`pr:7:assigned:bob:${T}`],
    ],
    [
      'pull_request',
      pullRequestPayload('review_requested', { requested_team: { slug: 'core' } }),
      'pullRequest',
      [`pr:7:review_requested:core:${T}`],
    ],
    ['pull_request', pullRequestPayload('some_day_new'), 'pullRequest', [`pr:7:some_day_new:${T}`]],
    [
      'pull_request_review',
      reviewPayload('submitted', '/lgtm'),
      'pullRequest',
      ['review:900:submitted', 'review:900:body'],
    ],
    [
      'pull_request_review',
      reviewPayload('submitted', null),
      'pullRequest',
      ['review:900:submitted'],
    ],
    [
      'pull_request_review',
      reviewPayload('dismissed', ''),
      'pullRequest',
      ['review:900:dismissed'],
    ],
    [
      'issues',
      issuePayload('opened', {}, { body: '/kind bug' }),
      'issue',
      ['issue:9:opened', 'issue:9:body:opened'],
    ],
    ['issues', issuePayload('labeled', label), 'issue', [`issue:9:labeled:hold:${T}`]],
    [
      'push',
      pushPayload('refs/heads/release/1.2'),
      'branch',
      [`push:release/1.2:${'c'.repeat(40)}`],
    ],
    ['push', pushPayload('refs/tags/v1'), undefined, []],
    ['status', statusPayload(), 'commit', ['status:4242']],
    ['check_run', {}, undefined, []],
    ['ping', { zen: 'x' }, undefined, []],
  ] as const)('%s %#', async ([event, payload, to, keys]) => {
    const response = await deliver(office, event, payload);

    expect(response.statusCode).toBe(200);
    expect(office.sent.map((message) => message.to)).toEqual(to === undefined ? [] : [to]);
    expect(eventsOf(office.sent[0]).map((each) => each.key)).toEqual(keys);
  });

  it('is the same through the hooks of an organisation and of a repository', async () => {
    const payload = commentPayload('/hold');
    const guid = { 'x-github-delivery': 'one-guid' };

    await deliver(office, 'issue_comment', payload, {
      ...guid,
      'x-github-hook-installation-target-id': '1',
    });
    await deliver(
      office,
      'issue_comment',
      { ...payload, organization: { login: 'Acme' } },
      { 'x-github-delivery': 'other-guid', 'x-github-hook-installation-target-id': '2' },
    );

    const [first, second] = office.sent.map(eventsOf);
    expect(office.sent).toHaveLength(2);
    expect(second?.map(({ guid: _, ...event }) => event)).toEqual(
      first?.map(({ guid: _, ...event }) => event),
    );
    expect(await readDelivery(database.db, 'one-guid@1')).toBeDefined();
    expect(await readDelivery(database.db, 'other-guid@2')).toBeDefined();
  });
});

describe('what an event carries', () => {
  it('has the place in the spelling of GitHub, the number, and the facts of the moment', async () => {
    await deliver(
      office,
      'pull_request',
      pullRequestPayload('labeled', { label: { name: 'lgtm' } }),
      {
        'x-github-delivery': 'guid-7',
      },
    );

    expect(office.sent).toMatchObject([
      {
        to: 'pullRequest',
        signal: 'mail',
        input: { repository: { org: 'Acme', repo: 'Widgets' }, repositoryId: 77, number: 7 },
        body: {
          repository: { org: 'Acme', repo: 'Widgets' },
          repositoryId: 77,
          events: [
            {
              kind: 'pull-request',
              guid: 'guid-7',
              at: T,
              sender: 'ann',
              action: 'labeled',
              label: 'lgtm',
              pullRequest: {
                headSha: HEAD,
                headRepository: 'ann/Widgets',
                labels: ['lgtm'],
                assignees: ['bob'],
              },
            },
          ],
        },
      },
    ]);
  });

  it('dates a push by GitHub and lists the files of all its commits', async () => {
    await deliver(office, 'push', pushPayload('refs/heads/main'));

    expect(eventsOf(office.sent[0])).toMatchObject([
      { ref: 'main', at: '2026-11-23T10:00:00Z', changedFiles: ['new.txt', 'old.txt', 'src/a.ts'] },
    ]);
  });

  it('leaves long texts in the stored delivery', async () => {
    await deliver(office, 'issue_comment', commentPayload(`/hold\n${'ä'.repeat(500)}`), {
      'x-github-delivery': 'long',
    });

    expect(eventsOf(office.sent[0])).toMatchObject([
      { body: { kind: 'stored', deliveryId: 'long', length: 506 } },
    ]);
    const stored = await readDelivery(database.db, 'long');
    expect(JSON.parse(String(stored?.body)).comment.body).toMatch(/^\/hold\n/);
  });

  test.for([
    [
      'pull_request',
      pullRequestPayload(
        'opened',
        {},
        { title: '"'.repeat(1_000), labels: names(30), assignees: logins(20), body: '/x' },
      ),
    ],
    [
      'pull_request',
      pullRequestPayload('opened', {}, { labels: names(100), body: `/x ${'\u0001'.repeat(990)}` }),
    ],
    [
      'pull_request_review',
      {
        ...reviewPayload('submitted', '\\"'.repeat(490)),
        pull_request: pullRequestPayload('x', {}, { labels: names(30), title: 'ä'.repeat(300) })
          .pull_request,
      },
    ],
    [
      'issue_comment',
      commentPayload('\n'.repeat(1_000), {}, { labels: names(30), assignees: logins(20) }),
    ],
    ['issues', issuePayload('opened', {}, { labels: names(100) })],
    [
      'push',
      pushPayload('refs/heads/main', {
        commits: [{ added: names(200).map((it) => it.name) }],
        compare: 'h'.repeat(5_000),
      }),
    ],
    ['status', { ...statusPayload(), target_url: 'h'.repeat(5_000), description: 'ä'.repeat(900) }],
  ] as const)('fits 2 KB: %s %#', async ([event, payload]) => {
    await deliver(office, event, payload);

    expect(office.sent).toHaveLength(1);
    for (const each of eventsOf(office.sent[0])) {
      expect(Buffer.byteLength(JSON.stringify(each))).toBeLessThanOrEqual(2_048);
    }
  });

  test.for([
    ['issue_comment', { action: 'created' }],
    ['pull_request', pullRequestPayload('opened', {}, { number: 'seven' })],
    ['push', { ...pushPayload('refs/heads/x'), repository: { id: 1, full_name: '../../etc' } }],
    ['status', { ...statusPayload(), sha: 'main' }],
    ['issues', { ...issuePayload('opened'), issue: null }],
  ] as const)('that does not have its shape is kept and logged: %s', async ([event, payload]) => {
    const guid = `odd-${event}`;

    const response = await deliver(office, event, payload, { 'x-github-delivery': guid });

    expect(response.statusCode).toBe(200);
    expect(office.sent).toEqual([]);
    expect(await readDelivery(database.db, guid)).toMatchObject({ event });
    expect(office.logged).toContainEqual(
      expect.objectContaining({ 'event-GUID': guid, level: 'warn' }),
    );
  });

  it('comes from a deleted account as well', async () => {
    const payload = commentPayload('hi');
    const { comment } = payload;

    await deliver(office, 'issue_comment', {
      ...payload,
      comment: { ...comment, user: null },
      sender: null,
    });

    expect(eventsOf(office.sent[0])).toMatchObject([{ author: 'ghost', sender: 'ghost' }]);
  });

  it('is logged with the fields that Prow has', async () => {
    await deliver(office, 'issue_comment', commentPayload('/hold'), { 'x-github-delivery': 'g' });

    expect(office.logged).toContainEqual(
      expect.objectContaining({
        component: 'hook',
        'event-GUID': 'g',
        'event-type': 'issue_comment',
        org: 'Acme',
        repo: 'Widgets',
        pr: 7,
        level: 'info',
        msg: 'event handed to its entity',
      }),
    );
  });
});

describe('when something is away', () => {
  it('does not say 200 while Temporal is away', async () => {
    office.temporalDown = true;

    const response = await deliver(office, 'issue_comment', commentPayload('/hold'));

    expect(response.statusCode).toBe(503);
  });

  test.for([
    [
      'a long text travels in the signal',
      'issue_comment',
      commentPayload('/hold\n'.repeat(9_000)),
      200,
    ],
    [
      'one that is too long is refused, not cut',
      'issue_comment',
      commentPayload('/hold\n'.repeat(11_000)),
      503,
    ],
    ['a push travels', 'push', pushPayload('refs/heads/main'), 200],
    ['what cannot be kept is refused', 'issues', { action: 'opened' }, 503],
  ] as const)('without the database, %s', async ([, event, payload, status]) => {
    const gone = openDatabase('postgres://nobody@127.0.0.1:1/none');
    const degraded = openPostOffice(gone);

    const response = await deliver(degraded, event, payload);

    expect(response.statusCode).toBe(status);
    expect(degraded.sent).toHaveLength(status === 200 ? 1 : 0);
    for (const each of eventsOf(degraded.sent[0])) {
      if ('body' in each) expect(each.body).toMatchObject({ kind: 'inline' });
    }
    await degraded.app.close();
    await gone.close();
  });
});

function names(count: number) {
  return Array.from({ length: count }, (_, n) => ({
    name: `a-label-with-a-rather-long-name-for-what-it-is-${n}`,
  }));
}

function logins(count: number) {
  return Array.from({ length: count }, (_, n) => ({
    login: `a-login-with-39-characters-is-possible-${n}`,
  }));
}
