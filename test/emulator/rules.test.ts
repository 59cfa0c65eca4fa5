import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { as, seedPractice, shop, startPractice, tokenOf } from './practice.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { installed, seedShip } from './ship.ts';

const run = promisify(execFile);

let github: GitHub;

beforeAll(async () => {
  github = await startPractice();
});
beforeEach(async () => {
  await github.control.reset();
  await seedPractice(github);
});
afterAll(() => github.close());

async function open(path = 'b.txt') {
  const files = { [path]: 'b\n' };
  return github.control.openPull('acme/shop', { author: 'eve', title: 'B', files });
}

function status(sha: string, state: 'pending' | 'success' | 'failure') {
  return as(github, 'bot').repos.createCommitStatus({ ...shop, sha, state, context: 'unit' });
}

async function ruleset(rules: readonly Record<string, unknown>[], more = {}) {
  const { data } = await as(github, 'ann').request('POST /repos/{owner}/{repo}/rulesets', {
    ...shop,
    name: 'Main',
    target: 'branch',
    enforcement: 'active',
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    // Octokit knows each rule's own shape; here they are rows of a table.
    rules: JSON.parse(JSON.stringify(rules)),
    ...more,
  });
  return data;
}

const CHECKS = {
  type: 'required_status_checks',
  parameters: {
    strict_required_status_checks_policy: false,
    required_status_checks: [{ context: 'unit' }],
  },
};
const REVIEW = {
  type: 'pull_request',
  parameters: {
    required_approving_review_count: 1,
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_review_thread_resolution: false,
  },
};

describe('rulesets', () => {
  test('are made, read, changed and deleted, each time with a webhook', async () => {
    const receiver: Receiver = await startReceiver();
    await github.control.seed({ orgs: { acme: { hooks: [{ url: receiver.url }] } } });
    const ann = as(github, 'ann');
    const made = await ruleset([CHECKS]);
    const place = { ...shop, ruleset_id: made.id };

    const { data: rules } = await ann.repos.getBranchRules({ ...shop, branch: 'main' });
    const { data: none } = await ann.repos.getBranchRules({ ...shop, branch: 'other' });
    await ann.repos.updateRepoRuleset({ ...place, enforcement: 'disabled' });
    const { data: off } = await ann.repos.getBranchRules({ ...shop, branch: 'main' });
    await ann.repos.deleteRepoRuleset(place);
    const { data: left } = await ann.repos.getRepoRulesets(shop);
    await github.control.idle();

    expect(rules).toMatchObject([{ type: 'required_status_checks', ruleset_id: made.id }]);
    expect([none, off, left]).toEqual([[], [], []]);
    expect(receiver.names()).toEqual([
      'repository_ruleset.created',
      'repository_ruleset.edited',
      'repository_ruleset.deleted',
    ]);
    await receiver.close();
  });

  test('of an organisation hold in the repositories that they name', async () => {
    const ann = as(github, 'ann');
    await ann.repos.createOrgRuleset({
      org: 'acme',
      name: 'Everywhere',
      enforcement: 'active',
      conditions: {
        ref_name: { include: ['refs/heads/ma*'], exclude: [] },
        repository_name: { include: ['sh*'], exclude: [] },
      },
      rules: [{ type: 'deletion' }],
    });

    const { data: rules } = await ann.repos.getBranchRules({ ...shop, branch: 'main' });

    expect(rules).toMatchObject([{ type: 'deletion', ruleset_source: 'acme' }]);
    await expect(as(github, 'bot').git.deleteRef({ ...shop, ref: 'heads/main' })).rejects.toThrow(
      'Cannot delete this protected branch',
    );
  });

  test('keep a pull request from merging until they are fulfilled', async () => {
    await ruleset([CHECKS, REVIEW]);
    const { number, headSha } = await open();
    const bot = as(github, 'bot');
    const pull = { ...shop, pull_number: number };
    const state = async () => (await bot.pulls.get(pull)).data.mergeable_state;

    await expect.poll(state).toBe('blocked');
    await expect(bot.pulls.merge(pull)).rejects.toThrow(
      'Repository rule violations found\n\nAt least 1 approving review is required by reviewers with write access.\n\nRequired status check "unit" is expected.\n\n',
    );
    github.control.review({ repo: 'acme/shop', number }, 'bob', { event: 'APPROVE' });
    await expect(bot.pulls.merge(pull)).rejects.toThrow('Required status check "unit" is expected');
    await status(headSha, 'failure');
    await expect(bot.pulls.merge(pull)).rejects.toThrow('Required status check "unit" is failing');
    await status(headSha, 'success');
    expect(await state()).toBe('clean');
    await expect(bot.pulls.merge(pull)).resolves.toMatchObject({ status: 200 });
  });

  test('let past whom they name', async () => {
    await ruleset([CHECKS], {
      bypass_actors: [{ actor_id: 4, actor_type: 'RepositoryRole', bypass_mode: 'always' }],
    });
    const { number } = await open();

    await expect(
      as(github, 'bot').pulls.merge({ ...shop, pull_number: number }),
    ).resolves.toMatchObject({ status: 200 });
  });
});

describe('branch protection', () => {
  const protection = {
    required_status_checks: { strict: true, contexts: ['unit'] },
    enforce_admins: false,
    required_pull_request_reviews: null,
    restrictions: null,
  };

  function protect(change: Record<string, unknown> = {}) {
    const body = { ...shop, branch: 'main', ...protection, ...change };
    return as(github, 'ann').repos.updateBranchProtection(body);
  }

  test('a check run counts as well as a status', async () => {
    await protect({ required_status_checks: { strict: false, contexts: ['unit'] } });
    const { number, headSha } = await open();
    await seedShip(github);
    const bot = as(github, 'bot');
    const ship = await installed(github);
    await ship.checks.create({ ...shop, name: 'unit', head_sha: headSha, conclusion: 'neutral' });

    await expect(bot.pulls.merge({ ...shop, pull_number: number })).resolves.toMatchObject({
      status: 200,
    });
  });

  test('an administrator is let past, unless it is for everybody', async () => {
    const [first, second] = [await open(), await open('c.txt')];
    const ann = as(github, 'ann');
    await protect();
    await ann.pulls.merge({ ...shop, pull_number: first.number });
    await protect({ enforce_admins: true });

    await expect(ann.pulls.merge({ ...shop, pull_number: second.number })).rejects.toThrow(
      'Required status check "unit" is expected',
    );
  });

  test('strict checks are expected anew when the base has moved', async () => {
    const { number, headSha } = await open();
    await protect();
    await github.control.pushBranch('acme/shop', 'main', { author: 'ann', files: { o: 'o' } });
    await status(headSha, 'success');

    await expect(
      as(github, 'bot').pulls.merge({ ...shop, pull_number: number }),
    ).rejects.toMatchObject({
      status: 405,
      message: expect.stringContaining('Required status check "unit" is expected.'),
    });
  });

  test.for<[string, Record<string, string>, string]>([
    ['none', {}, '3 of 3 required status checks are expected.'],
    [
      'some',
      { lint: 'success', unit: 'failure' },
      '2 of 3 required status checks have not succeeded: 1 expected and 1 failing.',
    ],
    [
      'all',
      { lint: 'failure', unit: 'failure', e2e: 'failure' },
      '3 of 3 required status checks are failing.',
    ],
  ])('of several checks it says how many are missing: %s reported', async ([, states, words]) => {
    await protect({
      required_status_checks: { strict: false, contexts: ['unit', 'lint', 'e2e'] },
      required_pull_request_reviews: { required_approving_review_count: 1 },
    });
    const { number, headSha } = await open();
    for (const [context, state] of Object.entries(states)) {
      const given = state === 'success' ? 'success' : 'failure';
      await as(github, 'bot').repos.createCommitStatus({
        ...shop,
        sha: headSha,
        context,
        state: given,
      });
    }
    const place = { repo: 'acme/shop', number };
    github.control.review(place, 'bob', { event: 'REQUEST_CHANGES', body: 'no' });

    await expect(as(github, 'bot').pulls.merge({ ...shop, pull_number: number })).rejects.toThrow(
      `1 review requesting changes by reviewers with write access. ${words}`,
    );
  });

  test('only those may push who are named', async () => {
    const { number } = await open();
    const restrictions = { users: ['ann'], teams: [] };
    await protect({ required_status_checks: null, restrictions });

    await expect(as(github, 'bot').pulls.merge({ ...shop, pull_number: number })).rejects.toThrow(
      "You're not authorized to push to this branch",
    );
  });

  test('a push takes approvals back where reviews must be fresh', async () => {
    await protect({
      required_status_checks: null,
      required_pull_request_reviews: {
        required_approving_review_count: 1,
        dismiss_stale_reviews: true,
      },
    });
    const { number } = await open();
    const place = { repo: 'acme/shop', number };
    github.control.review(place, 'bob', { event: 'APPROVE' });
    await github.control.push(place, { author: 'eve', files: { 'b.txt': 'B\n' } });
    const pull = { ...shop, pull_number: number };
    const { data: reviews } = await as(github, 'bot').pulls.listReviews(pull);

    expect(reviews.map(({ state }) => state)).toEqual(['DISMISSED']);
    await expect(as(github, 'bot').pulls.merge(pull)).rejects.toThrow('At least 1 approving');
  });

  test('so may the members of teams that are named', async () => {
    const { number } = await open();
    const ann = as(github, 'ann');
    await ann.teams.create({ org: 'acme', name: 'Landers', maintainers: ['bob'] });
    await ann.teams.addOrUpdateRepoPermissionsInOrg({
      org: 'acme',
      team_slug: 'landers',
      ...shop,
      permission: 'push',
    });
    const restrictions = { users: [], teams: ['landers'] };
    await protect({ required_status_checks: null, restrictions });
    const pull = { ...shop, pull_number: number };

    await expect(as(github, 'bot').pulls.merge(pull)).rejects.toMatchObject({ status: 405 });
    await expect(as(github, 'bob').pulls.merge(pull)).resolves.toMatchObject({ status: 200 });
  });

  test('each part is read and changed by itself', async () => {
    const ann = as(github, 'ann');
    const branch = { ...shop, branch: 'main' };
    await protect({ restrictions: { users: ['bob'], teams: [] } });
    const { repos } = ann;

    await repos.addStatusCheckContexts({ ...branch, contexts: ['lint'] });
    await repos.removeStatusCheckContexts({ ...branch, contexts: ['unit'] });
    await repos.updateStatusCheckProtection({ ...branch, strict: false });
    await repos.setAdminBranchProtection(branch);
    await repos.addUserAccessRestrictions({ ...branch, users: ['ann'] });
    const { data: whole } = await repos.getBranchProtection(branch);
    const { data: users } = await repos.getUsersWithAccessToProtectedBranch(branch);
    await repos.deleteAccessRestrictions(branch);
    await repos.removeStatusCheckProtection(branch);
    await repos.deleteAdminBranchProtection(branch);
    const { data: after } = await repos.getBranchProtection(branch);

    expect(whole).toMatchObject({
      required_status_checks: { strict: false, contexts: ['lint'] },
      enforce_admins: { enabled: true },
      restrictions: { users: [{ login: 'bob' }, { login: 'ann' }] },
    });
    expect(users).toMatchObject([{ login: 'bob' }, { login: 'ann' }]);
    expect(after).toMatchObject({ enforce_admins: { enabled: false } });
    expect(after).not.toHaveProperty('required_status_checks');
    await expect(repos.getAccessRestrictions(branch)).rejects.toMatchObject({ status: 404 });
    await expect(repos.getPullRequestReviewProtection(branch)).rejects.toMatchObject({
      status: 404,
    });
  });

  test.for([
    ['a push that rewrites', ['push', '-q', '--force', 'origin', 'HEAD~1:main'], 'force-push'],
    ['a deletion', ['push', '-q', 'origin', ':release'], 'delete this protected branch'],
    [
      'a plain push where reviews are asked for',
      ['push', '-q', 'origin', 'HEAD:main'],
      'pull request',
    ],
  ] as const)('git refuses %s', async ([what, push, words]) => {
    await github.control.pushBranch('acme/shop', 'main', { author: 'ann', files: { o: 'o' } });
    const reviews = what.includes('reviews') ? { required_approving_review_count: 1 } : null;
    const { data: main } = await as(github, 'ann').git.getRef({ ...shop, ref: 'heads/main' });
    const release = { ref: 'refs/heads/release', sha: main.object.sha };
    await as(github, 'ann').git.createRef({ ...shop, ...release });
    for (const branch of ['main', 'release']) {
      const change = { required_status_checks: null, required_pull_request_reviews: reviews };
      await protect({ ...change, branch });
    }
    const cwd = await mkdtemp(join(tmpdir(), 'bowsprit-clone-'));
    const remote = `${github.url.replace('//', `//bot:${tokenOf('bot')}@`)}/acme/shop.git`;
    const git = (...args: readonly string[]) =>
      run('git', ['-c', 'user.name=Bot', '-c', 'user.email=bot@example.com', ...args], { cwd });
    await git('clone', '-q', remote, '.');
    if (push[2] === 'origin' && push[3] === 'HEAD:main') {
      await writeFile(join(cwd, 'c'), 'c');
      await git('add', '-A');
      await git('commit', '-q', '-m', 'C');
    }

    await expect(git(...push)).rejects.toThrow(words);

    await rm(cwd, { recursive: true, force: true });
  });
});
