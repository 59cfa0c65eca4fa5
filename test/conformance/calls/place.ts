import { createSign, type KeyObject } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import type { Scene, Shop } from './case.ts';

/** A GitHub to ask. */
export interface Place {
  readonly name: string;
  readonly url: string;
  /** Whether it has a route for a call at all. */
  serves(call: string): boolean;
  /** The key that signs for its app. */
  readonly appKey: KeyObject;
  /** A repository of its own with a pull request. */
  openShop(): Promise<Shop>;
  close(): Promise<void>;
}

/** The organisation of all cases, and its people. */
export const ORG = 'acme';
/** Everybody who has a token. */
export const LOGINS = ['bot', 'ann', 'bob', 'eve'] as const;

/** The token of somebody. */
export function tokenOf(login: string): string {
  return `token-of-${login}`;
}

/** The app of every place: its number, and what it is called. */
export const APP = { id: 4242, slug: 'helper' } as const;

/** The token by which the app shows who it is. */
function appToken(key: KeyObject): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = { iat: now - 60, exp: now + 540, iss: String(APP.id) };
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

/** What is the same in every place. */
export const CHANGE = {
  author: 'ann',
  title: 'Add a change',
  message: 'Add a change',
  path: 'change.txt',
  content: 'one\ntwo\n',
} as const;

/** Hears of the template of every call that is made. */
export type HearCall = (call: string) => void;

/** A client with a token. */
export function clientAt(url: string, auth: string, hear: HearCall = () => {}): Octokit {
  const quiet = () => undefined;
  const octokit = new Octokit({
    baseUrl: url,
    auth,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    request: { timeout: 10_000 },
  });
  octokit.hook.before('request', ({ method, url: template }) => hear(`${method} ${template}`));
  return octokit;
}

/** A new scene in a place. */
export async function sceneAt(place: Place, hear: HearCall): Promise<Scene> {
  const shop = await place.openShop();
  const client = (login: string) => clientAt(place.url, tokenOf(login), hear);
  return {
    ...shop,
    bot: client('bot'),
    ann: client('ann'),
    bob: client('bob'),
    eve: client('eve'),
    app: clientAt(place.url, appToken(place.appKey), hear),
  };
}
