import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Registry } from 'prom-client';
import { createEffectActivities } from '../../../activities/github/apply-effect.ts';
import { createGitHub, type GitHub } from '../../../activities/github/client.ts';
import type { WriteLimits } from '../../../activities/github/http/write-queue.ts';
import type { Effect, KeyedEffect } from '../../../workflows/domain/effect.ts';
import type { EffectPorts, EffectTarget } from '../../../workflows/ports.ts';
import { type Control, type OpenedPull, startGitHub } from '../../github/server.ts';

/** The bot and a repository of a GitHub of its own. */
export interface Scene {
  readonly url: string;
  readonly control: Control;
  readonly registry: Registry;
  readonly github: GitHub;
  readonly effects: EffectPorts;
  readonly close: () => Promise<void>;
}

export const ACME = { org: 'acme', repo: 'rocket' };
export const NAME = 'acme/rocket';
export const BOT = 'bowsprit-bot';

/** What a scene may have otherwise. */
export interface SceneOptions {
  readonly dryRun?: boolean;
  readonly limits?: WriteLimits;
  readonly readLagMs?: number;
}

/** A client of the scene's GitHub. */
export function clientOf(url: string, options: SceneOptions = {}): [GitHub, Registry] {
  const registry = new Registry();
  const github = createGitHub({
    endpoint: url,
    token: 'bot-token',
    version: '9.9',
    dryRun: options.dryRun ?? false,
    registry,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  return [github, registry];
}

/** Starts a GitHub; `populate` gives it its people and its repository. */
export async function startScene(options: SceneOptions = {}): Promise<Scene> {
  const server = await startGitHub();
  const [github, registry] = clientOf(server.url, options);
  return {
    url: server.url,
    control: server.control,
    registry,
    github,
    effects: createEffectActivities({ github, readLagMs: options.readLagMs ?? 20 }),
    close: () => server.close(),
  };
}

/** Begins anew: people, a repository, a pull request of ann's. */
export async function populate({ control, github }: Scene): Promise<OpenedPull> {
  await control.reset();
  for (const cache of Object.values(github.memory)) cache.clear();
  await control.seed({
    users: ['ann', 'bob', 'carol', { login: BOT, type: 'Bot' }],
    tokens: { 'bot-token': BOT },
    orgs: { acme: { members: ['ann', 'bob'], admins: [BOT] } },
    repos: [
      {
        name: NAME,
        files: { 'README.md': 'hello\n', 'dir/file.txt': 'text\n' },
        labels: ['lgtm', 'do-not-merge/hold', 'kind/bug'],
        collaborators: { bob: 'write', [BOT]: 'admin' },
      },
    ],
  });
  const pull = await control.openPull(NAME, {
    author: 'ann',
    title: 'A change',
    body: 'What it does',
    files: { 'new.txt': 'a\nb\n' },
  });
  control.resetLedger();
  return pull;
}

/** Where effects on a pull request go. */
export function targetOf({ number }: { readonly number: number }): EffectTarget {
  return { repository: ACME, number, entity: `pr/acme/rocket/${number}`, configHash: 'c' };
}

/** An effect as the core hands it over. */
export function keyed(effect: Effect, more: Partial<KeyedEffect> = {}): KeyedEffect {
  const rest = {
    key: 'comment:hold',
    id: 'hold/comment',
    plugin: 'hold',
    cause: 'comment:1:created',
    reason: 'asked',
  };
  return { ...rest, effect, ...more };
}

/** Runs something as the first or a later attempt of an activity. */
export function asAttempt<T>(
  attempt: number,
  act: () => Promise<T>,
  startToCloseTimeoutMs = 10_000,
): Promise<T> {
  const now = Date.now();
  const environment = new MockActivityEnvironment(
    {
      attempt,
      startToCloseTimeoutMs,
      scheduleToCloseTimeoutMs: 60_000,
      scheduledTimestampMs: now - 1000,
      currentAttemptScheduledTimestampMs: now,
    },
    // Failures are what these tests are about: they need not be logged.
    { logger: new DefaultLogger('ERROR') },
  );
  return environment.run(act);
}

/** What the bot wrote to GitHub since the ledger was reset: `METHOD path`. */
export function writes({ control }: Scene): string[] {
  return control
    .ledger()
    .filter(({ method, path }) => method !== 'GET' && path.startsWith('/repos/'))
    .map(({ method, path }) => `${method} ${path}`);
}
