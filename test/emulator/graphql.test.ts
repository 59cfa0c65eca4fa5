import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { GitHub } from '../github/server.ts';
import { seedPractice, startPractice, tokenOf } from './practice.ts';

let github: GitHub;
const REPO = 'acme/shop';

beforeAll(async () => {
  github = await startPractice();
});

beforeEach(async () => {
  await github.control.reset();
  await seedPractice(github);
});

afterAll(() => github.close());

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.looseObject({ message: z.string(), type: z.string().optional() })).optional(),
});

async function post(body: unknown, token: string | undefined = tokenOf('bot')): Promise<Response> {
  return fetch(`${github.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
}

async function ask(query: string, variables: Record<string, unknown> = {}) {
  const answer = await post({ query, variables });
  expect(answer.status).toBe(200);
  return answerSchema.parse(await answer.json());
}

/** What Prow's Tide asks of each pull request (docs of its wire format). */
const TIDE = `query($query:String!$searchCursor:String){rateLimit{cost,remaining},search(type: ISSUE, first: 37, after: $searchCursor, query: $query){pageInfo{hasNextPage,endCursor},nodes{... on PullRequest{number,author{login},authorMetadata:author{__typename},baseRef{name,prefix},headRefName,headRefOid,mergeable,mergeStateStatus,canBeRebased,repository{name,nameWithOwner,owner{login}},reviewDecision,commits(last: 4){nodes{commit{status{contexts{context,description,state}},oid,statusCheckRollup{contexts(last: 100){nodes{... on CheckRun{name,conclusion,status}}}}}}},labels(first: 100){nodes{name}},milestone{title},body,title,updatedAt}}}}`;
const BLOCKERS = `query($query:String!$searchCursor:String){rateLimit{cost,remaining},search(type: ISSUE, first: 100, after: $searchCursor, query: $query){pageInfo{hasNextPage,endCursor},nodes{... on Issue{number,title,url,repository{name,owner{login}}}}}}`;
const READY = 'is:pr state:open archived:false label:"lgtm" -label:"area/core" org:"acme"';

describe('what Tide asks', () => {
  test('its search shows pull requests with their contexts, commits and labels', async () => {
    const { control } = github;
    const input = { author: 'ann', title: 'Paint it', files: { 'b.js': 'b\n' }, labels: ['lgtm'] };
    const { headSha } = await control.openPull(REPO, input);
    await status(headSha, 'pending');
    await status(headSha, 'success');
    await mergeable();

    const { data } = await ask(TIDE, { query: READY });

    expect(data?.['search']).toEqual({
      pageInfo: { hasNextPage: false, endCursor: expect.any(String) },
      nodes: [
        {
          number: 1,
          author: { login: 'ann' },
          authorMetadata: { __typename: 'User' },
          baseRef: { name: 'main', prefix: 'refs/heads/' },
          headRefName: 'ann-1',
          headRefOid: headSha,
          mergeable: 'MERGEABLE',
          mergeStateStatus: 'CLEAN',
          canBeRebased: true,
          repository: { name: 'shop', nameWithOwner: 'acme/shop', owner: { login: 'acme' } },
          reviewDecision: null,
          commits: {
            nodes: [
              {
                commit: {
                  oid: headSha,
                  status: {
                    contexts: [{ context: 'unit', description: 'all well', state: 'SUCCESS' }],
                  },
                  statusCheckRollup: { contexts: { nodes: [{}] } },
                },
              },
            ],
          },
          labels: { nodes: [{ name: 'lgtm' }] },
          milestone: null,
          body: '',
          title: 'Paint it',
          updatedAt: expect.stringMatching(/Z$/),
        },
      ],
    });
    expect(data?.['rateLimit']).toEqual({ cost: 2, remaining: expect.any(Number) });
  });

  test('mergeable is unknown until it was computed', async () => {
    github.control.settings({ mergeableAfterMs: 5000 });
    await github.control.openPull(REPO, { author: 'ann', title: 'A', files: { 'b.js': 'b\n' } });

    const { data } = await ask(
      '{ search(type: ISSUE, first: 1, query: "is:pr") { nodes { ... on PullRequest { mergeable mergeStateStatus canBeRebased } } } }',
    );

    expect(data?.['search']).toEqual({
      nodes: [{ mergeable: 'UNKNOWN', mergeStateStatus: 'UNKNOWN', canBeRebased: false }],
    });
  });

  test('pages follow one another by cursor', async () => {
    const pulls = Array.from({ length: 40 }, (_, index) => ({
      author: 'ann',
      title: `No ${index}`,
      files: { [`f${index}`]: 'x\n' },
    }));
    await github.control.openPulls(REPO, pulls);
    const page = z.object({
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string() }),
      nodes: z.array(z.object({ number: z.number() })),
    });

    const first = page.parse((await ask(TIDE, { query: 'is:pr' })).data?.['search']);
    const searchCursor = first.pageInfo.endCursor;
    const second = page.parse((await ask(TIDE, { query: 'is:pr', searchCursor })).data?.['search']);

    expect([first.nodes.length, first.pageInfo.hasNextPage]).toEqual([37, true]);
    expect([second.nodes.length, second.pageInfo.hasNextPage]).toEqual([3, false]);
    const numbers = [...first.nodes, ...second.nodes].map(({ number }) => number);
    expect(new Set(numbers).size).toBe(40);
  });

  test('its search for blockers shows issues', async () => {
    github.control.openIssue(REPO, 'ann', { title: 'Stop [branch:main]', labels: ['area/core'] });

    const { data } = await ask(BLOCKERS, {
      query: 'is:issue state:open label:"area/core" org:"acme"',
    });

    expect(data).toMatchObject({
      rateLimit: { cost: 1 },
      search: {
        nodes: [
          {
            number: 1,
            title: 'Stop [branch:main]',
            url: `${github.url}/acme/shop/issues/1`,
            repository: { name: 'shop', owner: { login: 'acme' } },
          },
        ],
      },
    });
  });
});

async function status(sha: string, state: string): Promise<void> {
  const answer = await fetch(`${github.url}/repos/${REPO}/statuses/${sha}`, {
    method: 'POST',
    headers: { authorization: `bearer ${tokenOf('bot')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ state, context: 'unit', description: 'all well' }),
  });
  expect(answer.status).toBe(201);
}

/** Until GitHub has found out whether the only pull request merges. */
async function mergeable(): Promise<void> {
  await expect
    .poll(
      async () => {
        const { data } = await ask(
          '{ repository(owner: "acme", name: "shop") { pullRequest(number: 1) { mergeable } } }',
        );
        return data?.['repository'];
      },
      { timeout: 5000 },
    )
    .toEqual({ pullRequest: { mergeable: 'MERGEABLE' } });
}

describe('a pull request', () => {
  test('shows what review and protection make of it', async () => {
    const { control } = github;
    const required = {
      required_pull_request_reviews: {},
      required_status_checks: { contexts: ['unit'] },
    };
    await control.seed({ repos: [{ name: REPO, protection: { main: required } }] });
    const { headSha } = await control.openPull(REPO, {
      author: 'ann',
      title: 'A',
      files: { b: 'b\n' },
    });
    await mergeable();
    const query =
      '{ repository(owner: "acme", name: "shop") { pullRequest(number: 1) { reviewDecision mergeStateStatus } } }';
    const seen: unknown[] = [];
    const look = async () => seen.push((await ask(query)).data?.['repository']);

    await look();
    control.review({ repo: REPO, number: 1 }, 'bob', { event: 'REQUEST_CHANGES', body: 'no' });
    await look();
    control.review({ repo: REPO, number: 1 }, 'bob', { event: 'APPROVE' });
    await look();
    await status(headSha, 'success');
    await look();

    expect(seen).toEqual([
      { pullRequest: { reviewDecision: 'REVIEW_REQUIRED', mergeStateStatus: 'BLOCKED' } },
      { pullRequest: { reviewDecision: 'CHANGES_REQUESTED', mergeStateStatus: 'BLOCKED' } },
      { pullRequest: { reviewDecision: 'APPROVED', mergeStateStatus: 'BLOCKED' } },
      { pullRequest: { reviewDecision: 'APPROVED', mergeStateStatus: 'CLEAN' } },
    ]);
  });

  test('shows its merge, files, people and place', async () => {
    const { control } = github;
    await control.openPull(REPO, {
      author: 'eve',
      title: 'A',
      files: { 'b.js': 'b\n' },
      fork: true,
    });
    await mergeable();
    const sha = await control.merge({ repo: REPO, number: 1 }, 'ann', { method: 'squash' });

    const { data, errors } = await ask(`{ repository(owner: "acme", name: "shop") {
      defaultBranchRef { name target { oid ... on Commit { messageHeadline parents(first: 5) { totalCount } } } }
      pullRequest(number: 1) {
        id state merged mergeCommit { oid author { user { login } } } mergedBy { login __typename }
        files(first: 5) { nodes { path additions changeType } }
        isCrossRepository headRepositoryOwner { login } commits(first: 5) { totalCount }
      } } }`);

    expect(errors).toBeUndefined();
    expect(data?.['repository']).toMatchObject({
      defaultBranchRef: { name: 'main', target: { oid: sha, parents: { totalCount: 1 } } },
      pullRequest: {
        state: 'MERGED',
        merged: true,
        mergeCommit: { oid: sha, author: { user: { login: 'eve' } } },
        mergedBy: { login: 'ann', __typename: 'User' },
        files: { nodes: [{ path: 'b.js', additions: 1, changeType: 'ADDED' }] },
        isCrossRepository: true,
        headRepositoryOwner: { login: 'eve' },
        commits: { totalCount: 1 },
      },
    });
  });

  test('is found again by its global id', async () => {
    await github.control.openPull(REPO, { author: 'ann', title: 'A', files: { b: 'b\n' } });
    const byNumber = await ask(
      '{ repository(owner: "acme", name: "shop") { issueOrPullRequest(number: 1) { ... on PullRequest { id } } } }',
    );
    const { id } = z
      .object({ issueOrPullRequest: z.object({ id: z.string() }) })
      .parse(byNumber.data?.['repository']).issueOrPullRequest;

    const { data } = await ask(
      'query($id: ID!) { node(id: $id) { __typename ... on PullRequest { title } } }',
      { id },
    );

    expect(data).toEqual({ node: { __typename: 'PullRequest', title: 'A' } });
  });
});

describe('limits', () => {
  const many = (size: number) =>
    `{ search(type: ISSUE, query: "is:pr", first: ${size}) { nodes { ... on PullRequest { labels(first: 100) { nodes { name } } comments(first: 100) { nodes { id } } commits(first: 100) { nodes { commit { statusCheckRollup { contexts(first: 100) { nodes { __typename } } } } } } } } } rateLimit { cost nodeCount } }`;

  test.for<[string, string, string]>([
    [
      '{ search(type: ISSUE, query: "is:pr") { issueCount } }',
      'MISSING_PAGINATION_BOUNDARIES',
      'You must provide a `first` or `last` value to properly paginate the `search` connection.',
    ],
    [
      '{ search(type: ISSUE, query: "is:pr", first: 101) { issueCount } }',
      'EXCESSIVE_PAGINATION',
      'Requesting 101 records on the `search` connection exceeds the `first` limit of 100 records.',
    ],
    [
      many(100),
      'MAX_NODE_LIMIT_EXCEEDED',
      'This query requests up to 1,030,100 possible nodes which exceeds the maximum limit of 500,000.',
    ],
  ])('%s is refused as %s', async ([query, type, message]) => {
    expect((await ask(query)).errors).toMatchObject([{ type, message }]);
  });

  test('cost and nodes are counted as if every page were full', async () => {
    // 1 search, and for each of 10: labels, comments, commits, and for each of 100 commits its contexts.
    const { data } = await ask(many(10));

    expect(data?.['rateLimit']).toEqual({ cost: 10, nodeCount: 10 + 3 * 1000 + 100_000 });
  });

  test('points are spent, shown in the headers, and run out', async () => {
    github.control.settings({ rateLimit: 3, rateLimitEnforced: true });
    const query = '{ viewer { login } rateLimit { limit cost remaining used resetAt } }';
    const token = tokenOf('eve');

    const first = await post({ query }, token);
    await post({ query }, token);
    await post({ query }, token);
    const last = await post({ query }, token);

    expect(first.headers.get('x-ratelimit-resource')).toBe('graphql');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('2');
    expect(await first.json()).toMatchObject({
      data: { viewer: { login: 'eve' }, rateLimit: { limit: 3, cost: 1, remaining: 2, used: 1 } },
    });
    expect(await last.json()).toMatchObject({ errors: [{ type: 'RATE_LIMITED' }] });
  });
});

describe('refusals', () => {
  test('nobody asks without saying who it is', async () => {
    const query = '{ viewer { login } }';
    const none = await fetch(`${github.url}/graphql`, {
      method: 'POST',
      body: JSON.stringify({ query }),
    });
    const wrong = await post({ query }, 'never-issued');

    expect([none.status, wrong.status]).toEqual([401, 401]);
    expect(await wrong.json()).toMatchObject({ message: 'Bad credentials' });
  });

  test.for<[string, object]>([
    [
      '{ viewer { shoeSize } }',
      {
        message: "Field 'shoeSize' doesn't exist on type 'User'",
        extensions: { code: 'undefinedField', typeName: 'User', fieldName: 'shoeSize' },
      },
    ],
    [
      '{ repository(owner: "acme", name: "none") { id } }',
      {
        type: 'NOT_FOUND',
        path: ['repository'],
        message: "Could not resolve to a Repository with the name 'acme/none'.",
      },
    ],
    [
      '{ repository(owner: "acme", name: "shop") { pullRequest(number: 9) { id } } }',
      {
        type: 'NOT_FOUND',
        path: ['repository', 'pullRequest'],
        message: 'Could not resolve to a PullRequest with the number of 9.',
      },
    ],
    [
      '{ user(login: "nobody") { id } }',
      { type: 'NOT_FOUND', message: "Could not resolve to a User with the login of 'nobody'." },
    ],
    ['{ viewer {', { message: expect.stringContaining('Syntax Error') }],
    [
      'query($q: String!) { search(type: ISSUE, first: 1, query: $q) { issueCount } }',
      { message: expect.stringContaining('$q') },
    ],
  ])('%s', async ([query, error]) => {
    expect((await ask(query)).errors?.[0]).toMatchObject(error);
  });

  test('a field that the emulator does not have is said and counted, never null in silence', async () => {
    const { data, errors } = await ask('{ viewer { login bio } }');

    expect(data).toEqual({ viewer: { login: 'bot', bio: null } });
    expect(errors).toMatchObject([{ type: 'NOT_SERVED', path: ['viewer', 'bio'] }]);
    expect(github.control.missing()).toEqual({ 'GraphQL User.bio': 1 });
  });

  test('a private repository is no repository to strangers', async () => {
    await github.control.seed({
      repos: [{ name: 'acme/vault', private: true, files: { a: 'a' } }],
    });
    const query = '{ repository(owner: "acme", name: "vault") { isPrivate } }';

    const stranger = await (await post({ query }, tokenOf('eve'))).json();
    const member = await (await post({ query }, tokenOf('ann'))).json();

    expect(stranger).toMatchObject({ data: { repository: null }, errors: [{ type: 'NOT_FOUND' }] });
    expect(member).toEqual({ data: { repository: { isPrivate: true } } });
  });

  test('faults strike it as any route', async () => {
    github.control.faults.add([
      { match: { route: '^/graphql' }, do: 'status', status: 502, count: 1 },
    ]);

    const failed = await post({ query: '{ viewer { login } }' });
    const again = await post({ query: '{ viewer { login } }' });

    expect([failed.status, again.status]).toEqual([502, 200]);
  });
});
