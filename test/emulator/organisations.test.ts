import { describe, expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { anewForEachTest } from './anew.ts';
import { as, shop } from './practice.ts';
import type { Receiver } from './receiver.ts';

let github: GitHub;
let receiver: Receiver;

anewForEachTest((...anew) => {
  [github, receiver] = anew;
});

const ORG = { org: 'acme' } as const;

describe('a team', () => {
  async function makeTeam() {
    const { data } = await as(github, 'ann').teams.create({ ...ORG, name: 'Core Team' });
    return data;
  }

  test('is found and changed by its id as by its slug', async () => {
    const ann = as(github, 'ann');
    const team = await makeTeam();
    const byId = { team_id: team.id };
    await ann.request('PUT /teams/{team_id}/memberships/{username}', {
      ...byId,
      username: 'bob',
      role: 'maintainer',
    });
    await ann.request('PUT /teams/{team_id}/repos/{owner}/{repo}', {
      ...byId,
      owner: 'acme',
      repo: 'shop',
      permission: 'push',
    });

    const { data: found } = await ann.request('GET /teams/{team_id}', byId);
    const { data: members } = await ann.teams.listMembersInOrg({ ...ORG, team_slug: team.slug });
    const { data: repos } = await ann.request('GET /teams/{team_id}/repos', byId);
    const { status } = await ann.request('GET /teams/{team_id}/members/{username}', {
      ...byId,
      username: 'bob',
    });
    const { data: own } = await as(github, 'bob').teams.listForAuthenticatedUser();
    await ann.request('DELETE /teams/{team_id}/members/{username}', { ...byId, username: 'bob' });
    await ann.request('PATCH /teams/{team_id}', { ...byId, name: 'Shell' });
    await ann.request('DELETE /teams/{team_id}/repos/{owner}/{repo}', {
      ...byId,
      owner: 'acme',
      repo: 'shop',
    });
    const { data: after } = await ann.teams.getByName({ ...ORG, team_slug: 'shell' });
    await ann.request('DELETE /teams/{team_id}', byId);
    await github.control.idle();

    expect(found).toMatchObject({ slug: 'core-team', members_count: 1, repos_count: 1 });
    expect(members).toMatchObject([{ login: 'bob' }]);
    expect(repos).toMatchObject([{ full_name: 'acme/shop', role_name: 'write' }]);
    expect([status, own.map(({ slug }) => slug)]).toEqual([204, ['core-team']]);
    expect(after).toMatchObject({ name: 'Shell', members_count: 0, repos_count: 0 });
    expect(receiver.names()).toEqual([
      'team.created',
      'membership.added',
      'team.added_to_repository',
      'membership.removed',
      'team.edited',
      'team.removed_from_repository',
      'team.deleted',
    ]);
  });

  test('is served where its own links lead', async () => {
    const team = await makeTeam();

    const { status } = await as(github, 'ann').request(`GET ${team.repositories_url}`);

    expect(status).toBe(200);
  });

  test('is nothing that outsiders see, by whichever name', async () => {
    const team = await makeTeam();
    const eve = as(github, 'eve');

    await expect(
      eve.request('GET /teams/{team_id}/members', { team_id: team.id }),
    ).rejects.toMatchObject({ status: 404 });
    await expect(eve.teams.getByName({ ...ORG, team_slug: team.slug })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('who belongs', () => {
  test('a member becomes an outside collaborator, keeps what was given, and is removed', async () => {
    const ann = as(github, 'ann');
    const logins = async () =>
      (await ann.orgs.listOutsideCollaborators(ORG)).data.map(({ login }) => login);
    const before = await logins();
    await ann.orgs.convertMemberToOutsideCollaborator({ ...ORG, username: 'bob' });
    const during = await logins();
    await ann.orgs.removeOutsideCollaborator({ ...ORG, username: 'bob' });

    expect([before, during, await logins()]).toEqual([['bot'], ['bob', 'bot'], ['bot']]);
    await expect(
      ann.orgs.removeOutsideCollaborator({ ...ORG, username: 'ann' }),
    ).rejects.toMatchObject({ status: 422 });
    await expect(
      ann.orgs.convertMemberToOutsideCollaborator({ ...ORG, username: 'ann' }),
    ).rejects.toMatchObject({ status: 403 });
  });

  test('the permission of a collaborator is changed, a stranger has none to change', async () => {
    const ann = as(github, 'ann');
    const change = (username: string) =>
      ann.request('PATCH /repos/acme/shop/collaborators/{username}', {
        username,
        permission: 'maintain',
      });

    await change('bot');

    const { data } = await ann.repos.getCollaboratorPermissionLevel({
      ...shop,
      username: 'bot',
    });
    expect(data.role_name).toBe('maintain');
    await expect(change('eve')).rejects.toMatchObject({ status: 404 });
  });

  test('everybody sees the own organisations, others only those that somebody shows', async () => {
    const bob = as(github, 'bob');
    const shown = async () => (await as(github, 'eve').orgs.listForUser({ username: 'bob' })).data;

    const before = await shown();
    await bob.orgs.setPublicMembershipForAuthenticatedUser({ ...ORG, username: 'bob' });

    expect(before).toEqual([]);
    expect(await shown()).toMatchObject([{ login: 'acme' }]);
    expect((await bob.orgs.listForAuthenticatedUser()).data).toMatchObject([{ login: 'acme' }]);
    expect((await bob.orgs.list()).data).toMatchObject([{ login: 'acme' }]);
    expect((await bob.orgs.getMembershipForAuthenticatedUser(ORG)).data).toMatchObject({
      state: 'active',
      role: 'member',
    });
    expect((await bob.repos.listForAuthenticatedUser()).data).toMatchObject([
      { full_name: 'acme/shop' },
    ]);
  });
});
