import { createSign, generateKeyPairSync } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import type { GitHub } from '../github/server.ts';
import { shop } from './practice.ts';

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** The number of the app that these tests install. */
export const SHIP = 77;

/** Makes the app `ship` and installs it in the practice repository. */
export async function seedShip(
  github: GitHub,
  hook?: { readonly url: string; readonly secret: string },
): Promise<void> {
  await github.control.seed({
    apps: [
      {
        slug: 'ship',
        id: SHIP,
        owner: 'acme',
        publicKey: keys.publicKey,
        permissions: { checks: 'write', contents: 'read', issues: 'write', metadata: 'read' },
        events: ['issues', 'check_run', 'check_suite', 'pull_request'],
        ...(hook ? { hook } : {}),
        installations: [{ account: 'acme', repositories: ['shop'] }],
      },
    ],
  });
}

/** The app's signature under who it is, for at most ten minutes. */
export function jwt(claims: Record<string, unknown> = {}, issuer: string | number = SHIP): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const told = { iss: issuer, iat: now - 10, exp: now + 540, ...claims };
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(told)}`;
  const signature = createSign('RSA-SHA256').update(text).sign(keys.privateKey, 'base64url');
  return `${text}.${signature}`;
}

/** A client with a token or a signature. */
export function client(github: GitHub, auth: string): Octokit {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  return new Octokit({ baseUrl: `${github.url}/api/v3`, auth: `bearer ${auth}`, log });
}

/** The number of the app's installation in the practice repository. */
export async function installationId(github: GitHub): Promise<number> {
  const { data } = await client(github, jwt()).apps.getRepoInstallation(shop);
  return data.id;
}

/** A client with a token of the installation, narrowed as wished. */
export async function installed(
  github: GitHub,
  wish: Record<string, unknown> = {},
): Promise<Octokit> {
  const { data } = await client(github, jwt()).apps.createInstallationAccessToken({
    installation_id: await installationId(github),
    ...wish,
  });
  return client(github, data.token);
}
