import { at, callCase, seen } from '../case.ts';

const USER = 'GET /user';
const MEMBER = 'GET /orgs/{org}/members/{username}';
const PUBLIC_MEMBER = 'GET /orgs/{org}/public_members/{username}';
const COLLABORATORS = 'GET /repos/{owner}/{repo}/collaborators';
const COLLABORATOR = 'GET /repos/{owner}/{repo}/collaborators/{username}';
const TEAMS = 'GET /orgs/{org}/teams';
const TEAM_MEMBERS = 'GET /orgs/{org}/teams/{team_slug}/members';
const INSTALLATIONS = 'GET /app/installations';
const REPOS = 'GET /orgs/{org}/repos';

export const cases = [
  callCase(USER, 'a token tells whose it is', {
    run: ({ bot }) => seen(bot.request(USER), ({ login }) => login),
    answer: { status: 200, body: 'bot' },
  }),
  callCase(MEMBER, 'a member is one, a stranger is none', {
    run: ({ bot, owner: org }) =>
      Promise.all(['ann', 'eve'].map((username) => seen(bot.request(MEMBER, { org, username })))),
    answer: [{ status: 204 }, { status: 404 }],
  }),
  callCase(PUBLIC_MEMBER, 'membership is not public by itself', {
    run: ({ bot, owner: org }) => seen(bot.request(PUBLIC_MEMBER, { org, username: 'ann' })),
    answer: { status: 404 },
  }),
  callCase(MEMBER, 'an outsider is led to the public members', {
    run: ({ eve, owner: org }) => {
      const question = { org, username: 'ann', request: { redirect: 'manual' } } as const;
      return seen(eve.request(MEMBER, question));
    },
    answer: { status: 302 },
  }),
  callCase(COLLABORATOR, 'who was given a role is a collaborator, a stranger is none', {
    run: async (scene) => {
      return Promise.all(
        ['bob', 'eve'].map((username) =>
          seen(scene.bot.request(COLLABORATOR, { ...at(scene), username })),
        ),
      );
    },
    answer: [{ status: 204 }, { status: 404 }],
  }),
  callCase(COLLABORATORS, 'collaborators with what they may do', {
    run: (scene) =>
      seen(
        scene.bot.request(COLLABORATORS, { ...at(scene), affiliation: 'all', per_page: 100 }),
        (people) =>
          people
            .filter(({ login }) => login === 'bob' || login === 'eve')
            .map(({ login, permissions }) => [login, permissions?.push, permissions?.admin]),
      ),
    answer: { status: 200, body: [['bob', true, false]] },
  }),
  callCase(TEAMS, 'teams with their slugs', {
    run: async ({ bot, owner: org, repo }) => {
      await bot.rest.teams.create({ org, name: `Red ${repo}` });
      return seen(bot.request(TEAMS, { org, per_page: 100 }), (teams) =>
        teams
          .filter(({ name }) => name === `Red ${repo}`)
          .map(({ slug }) => slug === `red-${repo}`),
      );
    },
    answer: { status: 200, body: [true] },
  }),
  callCase(TEAM_MEMBERS, 'the members of a team', {
    run: async ({ bot, owner: org, repo }) => {
      const { data: team } = await bot.rest.teams.create({ org, name: `Blue ${repo}` });
      const { slug: team_slug } = team;
      await bot.rest.teams.addOrUpdateMembershipForUserInOrg({ org, team_slug, username: 'bob' });
      return seen(bot.request(TEAM_MEMBERS, { org, team_slug, per_page: 100 }), (members) =>
        members.map(({ login }) => login).filter((login) => login === 'bob'),
      );
    },
    answer: { status: 200, body: ['bob'] },
  }),
  callCase(REPOS, 'the repositories of an organisation', {
    run: ({ bot, owner: org, repo }) =>
      seen(bot.request(REPOS, { org, per_page: 100 }), (found) =>
        found.filter(({ name }) => name === repo).map(({ archived }) => archived),
      ),
    answer: { status: 200, body: [false] },
  }),
  callCase(INSTALLATIONS, 'an app is told where it is installed', {
    run: ({ app }) =>
      seen(app.request(INSTALLATIONS, { per_page: 100 }), (found) =>
        found.map(({ account, app_slug: slug }) => [
          account && 'login' in account ? account.login : account,
          slug,
        ]),
      ),
    answer: { status: 200, body: [['acme', 'helper']] },
  }),
];
