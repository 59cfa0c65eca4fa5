import { Octokit } from '@octokit/rest';
import type { Scene, Shop } from './case.ts';

/** A GitHub to ask. */
export interface Place {
  readonly name: string;
  readonly url: string;
  /** Whether it has a route for a call at all. */
  serves(call: string): boolean;
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

/** A client of somebody's. */
export function clientAt(url: string, login: string, hear: HearCall = () => {}): Octokit {
  const quiet = () => undefined;
  const octokit = new Octokit({
    baseUrl: url,
    auth: tokenOf(login),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    request: { timeout: 10_000 },
  });
  octokit.hook.before('request', ({ method, url: template }) => hear(`${method} ${template}`));
  return octokit;
}

/** A new scene in a place. */
export async function sceneAt(place: Place, hear: HearCall): Promise<Scene> {
  const shop = await place.openShop();
  const client = (login: string) => clientAt(place.url, login, hear);
  return {
    ...shop,
    bot: client('bot'),
    ann: client('ann'),
    bob: client('bob'),
    eve: client('eve'),
  };
}
