import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { EndState } from '../github/control/end-state.ts';
import type { OpenPullInput, PushInput } from '../github/control/pulls.ts';
import type { SeedInput } from '../github/control/seed.ts';
import type { FaultInput } from '../github/http/faults.ts';
import type { LedgerEntry } from '../github/http/ledger.ts';
import type { Settings } from '../github/state/settings.ts';
import type { Delivery } from '../github/webhooks/delivery.ts';
import type { Bowsprit } from './bowsprit.ts';
import { until } from './until.ts';

/** What is asked about a pull request. */
export interface PullSeen {
  readonly number: number;
  readonly state: string;
  readonly merged: boolean;
  readonly merge_commit_sha: string | null;
  readonly head: { readonly sha: string };
  readonly labels: readonly { readonly name: string }[];
}

/** A comment as seen from outside. */
export interface CommentSeen {
  readonly author: string;
  readonly body: string;
}

/** One repository of an emulated GitHub, and the people who work in it. */
export interface Town {
  readonly url: string;
  readonly repo: string;
  /** `practice/clock` by default; another repository of the same GitHub. */
  at(repo: string): Town;
  seed(seed: SeedInput): Promise<void>;
  open(pull: OpenPullInput): Promise<number>;
  openAll(pulls: readonly OpenPullInput[]): Promise<readonly number[]>;
  push(number: number, push: PushInput): Promise<string>;
  pushBranch(branch: string, push: PushInput): Promise<string>;
  say(number: number, who: string, text: string): Promise<void>;
  label(number: number, who: string, change: { add?: string[]; remove?: string[] }): Promise<void>;
  pull(number: number): Promise<PullSeen>;
  labels(number: number): Promise<readonly string[]>;
  comments(number: number): Promise<readonly CommentSeen[]>;
  /** Last state of each context at the head. */
  statuses(number: number): Promise<Readonly<Record<string, string>>>;
  state(): Promise<EndState>;
  faults(...faults: readonly FaultInput[]): Promise<void>;
  noFaults(): Promise<void>;
  settings(change: Partial<Settings>): Promise<void>;
  ledger(): Promise<readonly LedgerEntry[]>;
  deliveries(): Promise<readonly Delivery[]>;
  redeliver(id: number): Promise<void>;
  idle(): Promise<void>;
  untilLabelled(number: number, label: string, timeoutMs?: number): Promise<void>;
  untilUnlabelled(number: number, label: string, timeoutMs?: number): Promise<void>;
  untilMerged(number: number, timeoutMs?: number): Promise<void>;
  untilTested(number: number, contexts: readonly string[], timeoutMs?: number): Promise<void>;
}

const numbered = z.object({ number: z.number() });
const shaOnly = z.object({ sha: z.string() });
const pullSchema = z.object({
  number: z.number(),
  state: z.string(),
  merged: z.boolean(),
  merge_commit_sha: z.string().nullable(),
  head: z.object({ sha: z.string() }),
  labels: z.array(z.object({ name: z.string() })),
});
const PATIENCE_MS = 60_000;
const anything = z.unknown();

async function ask(url: string, method: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return anything.parse(await answer.json());
}

/** The emulator at an address, as its people and its operator use it. */
export function townAt(url: string, repo = 'practice/clock'): Town {
  const control = `${url}/control`;
  const place = `${control}/repos/${repo}`;
  const post = (path: string, body: unknown) => ask(`${place}${path}`, 'POST', body);
  // The shapes are the emulator's own types; it is the same code base, so they are taken at their word.
  const look = async <T>(path: string): Promise<T> => (await ask(`${control}${path}`, 'GET')) as T;

  const town: Town = {
    url,
    repo,
    at: (other) => townAt(url, other),
    seed: async (seed) => void (await ask(`${control}/seed`, 'POST', seed)),
    open: async (pull) => numbered.parse(await post('/pulls', pull)).number,
    openAll: async (pulls) =>
      z
        .array(numbered)
        .parse(await post('/pulls', pulls))
        .map(({ number }) => number),
    push: async (number, push) => shaOnly.parse(await post(`/pulls/${number}/commits`, push)).sha,
    pushBranch: async (branch, push) =>
      shaOnly.parse(await post(`/branches/${branch}/commits`, push)).sha,
    say: async (number, author, body) =>
      void (await post(`/issues/${number}/comments`, { author, body })),
    label: async (number, author, change) =>
      void (await post(`/issues/${number}/labels`, { author, ...change })),
    // From the operator's side, so that looking neither costs calls nor meets faults.
    state: () => look<EndState>(`/state/${repo}`),
    pull: async (number) =>
      pullSchema.parse(await ask(`${url}/repos/${repo}/pulls/${number}`, 'GET')),
    labels: async (number) => (await town.state()).issues[String(number)]?.labels ?? [],
    comments: async (number) => (await town.state()).issues[String(number)]?.comments ?? [],
    async statuses(number) {
      const { issues, statuses } = await town.state();
      const head = issues[String(number)]?.head ?? '';
      return Object.fromEntries(
        Object.entries(statuses[head] ?? {}).map(([context, states]) => [
          context,
          states.at(-1) ?? '',
        ]),
      );
    },
    faults: async (...faults) => void (await ask(`${control}/faults`, 'POST', faults)),
    noFaults: async () => void (await ask(`${control}/faults`, 'DELETE')),
    settings: async (change) => void (await ask(`${control}/settings`, 'POST', change)),
    ledger: () => look<readonly LedgerEntry[]>('/ledger'),
    deliveries: () => look<readonly Delivery[]>('/deliveries'),
    redeliver: async (id) => void (await ask(`${control}/deliveries/${id}/redeliver`, 'POST')),
    idle: async () => void (await ask(`${control}/idle`, 'GET')),
    untilLabelled: async (number, label, timeoutMs = PATIENCE_MS) => {
      await until(`#${number} to have ${label}`, timeoutMs, async () =>
        (await town.labels(number)).includes(label),
      );
    },
    untilUnlabelled: async (number, label, timeoutMs = PATIENCE_MS) => {
      await until(
        `#${number} to lose ${label}`,
        timeoutMs,
        async () => !(await town.labels(number)).includes(label),
      );
    },
    untilMerged: async (number, timeoutMs = PATIENCE_MS) => {
      await until(
        `#${number} to be merged`,
        timeoutMs,
        async () => (await town.state()).issues[String(number)]?.merged,
      );
    },
    untilTested: async (number, contexts, timeoutMs = PATIENCE_MS) => {
      await until(`${contexts.join(', ')} on #${number}`, timeoutMs, async () => {
        const statuses = await town.statuses(number);
        return contexts.every((context) => statuses[context] === 'success');
      });
    },
  };
  return town;
}

/** The secret that the practice's webhooks are signed with. */
export function practiceSecret(stateDir: string): Promise<string> {
  return readFile(join(stateDir, 'practice', 'hmac'), 'utf8');
}

/** An address that `up` names: `GitHub`, `Bowsprit` (the gateway) or `Temporal`. */
export function addressOf({ lines }: Pick<Bowsprit, 'lines'>, name: string): string {
  return lines.find((line) => line.startsWith(name))?.split(/\s+/)[1] ?? '';
}

/** The recorded deliveries that were made while `act` ran, none of which arrived. */
export async function withheld(town: Town, act: () => Promise<void>): Promise<readonly Delivery[]> {
  const before = new Set((await town.deliveries()).map(({ id }) => id));
  await town.faults({ match: {}, do: 'drop' });
  try {
    await act();
  } finally {
    await town.noFaults();
  }
  return (await town.deliveries()).filter(({ id }) => !before.has(id));
}

/** Posts a recorded delivery straight to the gateway, as GitHub would; returns the status. */
export async function post(gatewayUrl: string, { request }: Delivery): Promise<number> {
  const answer = await fetch(`${gatewayUrl}/hook`, {
    method: 'POST',
    headers: request.headers,
    body: request.body,
    signal: AbortSignal.timeout(10_000),
  });
  await answer.arrayBuffer();
  return answer.status;
}
