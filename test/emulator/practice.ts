import { Octokit } from '@octokit/rest';
import { type GitHub, startGitHub } from '../github/server.ts';

/** The token of a user in these tests. */
export function tokenOf(login: string): string {
  return `token-${login}`;
}

/** An emulator with an organisation, four people and a small repository. */
export async function startPractice(): Promise<GitHub> {
  const github = await startGitHub();
  await seedPractice(github);
  return github;
}

/** Puts the practice organisation into an empty emulator. */
export async function seedPractice(github: GitHub): Promise<void> {
  const logins = ['bot', 'ann', 'bob', 'eve'];
  await github.control.seed({
    tokens: Object.fromEntries(logins.map((login) => [tokenOf(login), login])),
    orgs: { acme: { admins: ['ann'], members: ['bob'] } },
    repos: [
      {
        name: 'acme/shop',
        files: { 'README.md': '# Shop\n', 'src/a.js': 'one\ntwo\nthree\n' },
        labels: ['lgtm', { name: 'area/core', color: 'ff0000', description: 'The core' }],
        collaborators: { bot: 'write' },
      },
    ],
  });
}

/** A client that speaks as a user. */
export function as(github: GitHub, login: string): Octokit {
  return new Octokit({
    baseUrl: `${github.url}/api/v3`,
    auth: tokenOf(login),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
}

/** The practice repository, as Octokit's parameters want it. */
export const shop = { owner: 'acme', repo: 'shop' } as const;
