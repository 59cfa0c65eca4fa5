import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { GitHub } from '../github/server.ts';
import { anewForEachTest } from './anew.ts';
import { as, shop, tokenOf } from './practice.ts';
import type { Receiver } from './receiver.ts';

let github: GitHub;
let receiver: Receiver;

anewForEachTest((...anew) => {
  [github, receiver] = anew;
});
beforeEach(async () => {
  await github.control.seed({
    tokens: { 'token-fork': { login: 'ann', readOnly: true } },
    repos: [
      { name: 'acme/other', files: { a: 'a\n' }, labels: ['kind/bug'] },
      { name: 'umbrella/far', files: { a: 'a\n' } },
    ],
  });
});

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.looseObject({ message: z.string(), type: z.string().optional() })).optional(),
});

async function ask(query: string, variables: Record<string, unknown> = {}, token = 'token-ann') {
  const answer = await fetch(`${github.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  expect(answer.status).toBe(200);
  return answerSchema.parse(await answer.json());
}

async function openIssue(title = 'Broken'): Promise<{ number: number; id: string }> {
  const { number } = github.control.openIssue('acme/shop', 'eve', {
    title,
    labels: ['lgtm', 'kind/bug'],
  });
  const { data } = await as(github, 'ann').issues.get({ ...shop, issue_number: number });
  return { number, id: data.node_id };
}

async function idOf(repo: string, owner = 'acme'): Promise<string> {
  return (await as(github, 'ann').repos.get({ owner, repo })).data.node_id;
}

const TRANSFER =
  'mutation($input:TransferIssueInput!){transferIssue(input:$input){issue{url number labels(first:9){nodes{name}} comments(first:9){nodes{body}}}}}';
const PIN =
  'mutation($input:PinIssueInput!){pinIssue(input:$input){clientMutationId issue{isPinned}}}';
const UNPIN = 'mutation($input:UnpinIssueInput!){unpinIssue(input:$input){issue{isPinned}}}';

describe('an issue', () => {
  test('goes to another repository with what that one knows, and its old number leads there', async () => {
    const { number, id } = await openIssue();
    github.control.comment({ repo: 'acme/shop', number }, 'bob', '/transfer-issue other');
    const input = { issueId: id, repositoryId: await idOf('other') };

    const { data } = await ask(TRANSFER, { input });
    const { data: found } = await as(github, 'ann').issues.get({ ...shop, issue_number: number });
    await github.control.idle();

    expect(data).toMatchObject({
      transferIssue: {
        issue: {
          url: `${github.url}/acme/other/issues/1`,
          labels: { nodes: [{ name: 'kind/bug' }] },
          comments: { nodes: [{ body: '/transfer-issue other' }] },
        },
      },
    });
    const page = await fetch(`${github.url}/acme/shop/issues/${number}`);
    expect(page.url).toBe(`${github.url}/acme/other/issues/1`);
    expect(found).toMatchObject({
      number: 1,
      repository_url: expect.stringMatching(/acme\/other$/),
    });
    expect(receiver.names().slice(-2)).toEqual(['issues.transferred', 'issues.opened']);
  });

  test.for<[string, string, string, string]>([
    ['a stranger', 'token-eve', 'other', 'does not have the correct permissions'],
    ['the token of a fork', 'token-fork', 'other', 'does not have the correct permissions'],
    ['to itself', 'token-ann', 'shop', 'another repository of the same owner'],
  ])('does not: %s', async ([, token, to, words]) => {
    const { number, id } = await openIssue();

    const { errors } = await ask(
      TRANSFER,
      { input: { issueId: id, repositoryId: await idOf(to) } },
      token,
    );

    expect(errors?.[0]?.message).toContain(words);
    expect(github.control.state('acme/shop').issues[number]).toBeDefined();
  });

  test('is pinned, three at most, and taken off again', async () => {
    const issues: { readonly id: string }[] = [];
    for (const title of ['One', 'Two', 'Three', 'Four']) issues.push(await openIssue(title));
    const pin = (index: number, query = PIN) =>
      ask(query, { input: { issueId: issues[index]?.id, clientMutationId: 'mine' } });

    const first = await pin(0);
    await pin(1);
    await pin(2);
    const fourth = await pin(3);
    await pin(1, UNPIN);
    const { data } = await ask(
      '{repository(owner:"acme",name:"shop"){pinnedIssues(first:3){nodes{issue{title}}}}}',
    );
    await github.control.idle();

    expect(first.data).toEqual({
      pinIssue: { clientMutationId: 'mine', issue: { isPinned: true } },
    });
    expect(fourth.errors).toMatchObject([
      { type: 'UNPROCESSABLE', message: 'Maximum 3 pinned issues per repository' },
    ]);
    expect(data).toEqual({
      repository: {
        pinnedIssues: { nodes: [{ issue: { title: 'One' } }, { issue: { title: 'Three' } }] },
      },
    });
    expect(receiver.names().filter((name) => name.includes('pinned'))).toEqual([
      'issues.pinned',
      'issues.pinned',
      'issues.pinned',
      'issues.unpinned',
    ]);
  });
});

test('a pull request becomes a draft and ready again', async () => {
  const { number } = await github.control.openPull('acme/shop', {
    author: 'eve',
    title: 'B',
    files: { b: 'b\n' },
  });
  const pull = { ...shop, pull_number: number };
  const { data } = await as(github, 'ann').pulls.get(pull);
  const change = (mutation: string) =>
    ask(`mutation($id:ID!){${mutation}(input:{pullRequestId:$id}){pullRequest{isDraft}}}`, {
      id: data.node_id,
    });

  const draft = await change('convertPullRequestToDraft');
  const ready = await change('markPullRequestReadyForReview');
  await github.control.idle();

  expect(draft.data).toEqual({ convertPullRequestToDraft: { pullRequest: { isDraft: true } } });
  expect(ready.data).toEqual({
    markPullRequestReadyForReview: { pullRequest: { isDraft: false } },
  });
  expect(receiver.names().slice(1)).toEqual([
    'pull_request.converted_to_draft',
    'pull_request.ready_for_review',
  ]);
});

describe('what plugins ask of people and files', () => {
  const BUSY = '{user(login:"bob"){login status{indicatesLimitedAvailability}}}';

  test('whether somebody is busy', async () => {
    const before = await ask(BUSY);
    await ask(
      'mutation{changeUserStatus(input:{message:"On a ship",limitedAvailability:true}){status{message}}}',
      {},
      tokenOf('bob'),
    );
    const after = await ask(BUSY);

    expect(before.data).toEqual({ user: { login: 'bob', status: null } });
    expect(after.data).toEqual({
      user: { login: 'bob', status: { indicatesLimitedAvailability: true } },
    });
  });

  test('who has an address', async () => {
    await github.control.seed({ users: [{ login: 'carol', email: 'carol@example.com' }] });

    const { data } = await ask(
      'query($email:String!){search(type:USER query:$email first:5){userCount edges{node{... on User{login}}}}}',
      { email: 'carol@example.com' },
    );

    expect(data).toEqual({ search: { userCount: 1, edges: [{ node: { login: 'carol' } }] } });
  });

  const SHOWN = 'number author{login} repository{name owner{login}} labels(first:100){nodes{name}}';

  test.for<[string, string, object]>([
    ['needs-rebase', `${SHOWN} mergeable state`, { number: 1, state: 'OPEN' }],
    [
      'the page of pull requests',
      `${SHOWN} merged title baseRef{name prefix} headRefOid milestone{title} mergeable`,
      { number: 1, merged: false, baseRef: { name: 'main', prefix: 'refs/heads/' } },
    ],
  ])('what %s asks of pull requests', async ([, fields, shown]) => {
    const files = { b: 'b\n' };
    await github.control.openPull('acme/shop', { author: 'eve', title: 'B', files });

    const { data, errors } = await ask(
      `query($query:String!$searchCursor:String){rateLimit{cost remaining} search(type:ISSUE,first:100,after:$searchCursor,query:$query){pageInfo{hasNextPage endCursor} nodes{... on PullRequest{${fields}}}}}`,
      { query: 'archived:false is:pr is:open org:"acme"', searchCursor: null },
    );

    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ search: { nodes: [shown] } });
  });

  test('who wrote which lines, and what is in a file', async () => {
    await github.control.pushBranch('acme/shop', 'main', {
      author: 'bob',
      files: { 'src/a.js': 'one\nTWO\nthree\n' },
    });

    const { data } = await ask(
      '{repository(owner:"acme",name:"shop"){file:object(expression:"main:src/a.js"){... on Blob{text}} object(expression:"main"){... on Commit{blame(path:"src/a.js"){ranges{startingLine endingLine age commit{author{name}}}}}}}}',
    );

    const range = (from: number, to: number, name: string) => ({
      startingLine: from,
      endingLine: to,
      age: 1,
      commit: { author: { name } },
    });
    expect(data).toEqual({
      repository: {
        file: { text: 'one\nTWO\nthree\n' },
        object: {
          blame: { ranges: [range(1, 1, 'acme'), range(2, 2, 'bob'), range(3, 3, 'acme')] },
        },
      },
    });
  });
});
