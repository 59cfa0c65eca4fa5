import { generateKeyPairSync } from 'node:crypto';
import { startGitHub } from '../../github/server.ts';
import { APP, CHANGE, LOGINS, ORG, type Place, tokenOf } from './place.ts';

/** Our own emulator. */
export async function startEmulator(): Promise<Place> {
  const github = await startGitHub();
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await github.control.seed({
    users: [...LOGINS],
    tokens: Object.fromEntries(LOGINS.map((login) => [tokenOf(login), login])),
    orgs: { [ORG]: { members: ['ann', 'bob'], admins: ['bot'] } },
    apps: [
      {
        ...APP,
        owner: ORG,
        publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        installations: [{ account: ORG }],
      },
    ],
  });
  let shops = 0;
  return {
    name: 'the emulator',
    url: github.url,
    appKey: privateKey,
    serves: () => true,
    async openShop() {
      shops += 1;
      const repo = `shop-${shops}`;
      const name = `${ORG}/${repo}`;
      const collaborators = { bob: 'write' } as const;
      const files = { 'README.md': 'A shop.\n' };
      await github.control.seed({ repos: [{ name, files, collaborators }] });
      const { author, title, path, content } = CHANGE;
      const pull = { author, title, files: { [path]: content } };
      const { number, headSha: head, baseSha: base } = await github.control.openPull(name, pull);
      return { owner: ORG, repo, number, head, base };
    },
    close: () => github.close(),
  };
}
