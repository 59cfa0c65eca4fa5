import { z } from 'zod';
import { FILES, PEOPLE, PLACES } from './configuration.ts';

const ledgerEntry = z.object({
  time: z.string(),
  client: z.string(),
  method: z.string(),
  route: z.string(),
  path: z.string(),
  status: z.number(),
  durationMs: z.number(),
});
const delivery = z.object({
  event: z.string(),
  action: z.string().nullable(),
  deliveredAt: z.string(),
  request: z.object({ headers: z.record(z.string(), z.string()), body: z.string() }),
});
const opened = z.object({ number: z.number(), headSha: z.string() });
const pull = z.object({
  state: z.string(),
  merged: z.boolean(),
  head: z.object({ sha: z.string() }),
  labels: z.array(z.object({ name: z.string() })),
});
const endState = z.object({
  issues: z.record(z.string(), z.object({ labels: z.array(z.string()) })),
});
const combined = z.object({
  statuses: z.array(z.object({ context: z.string(), state: z.string() })),
});

/** A request that reached the emulator. */
export type LedgerEntry = z.output<typeof ledgerEntry>;
/** A webhook that the emulator sent. */
export type Delivery = z.output<typeof delivery>;
/** A pull request as the emulator shows it. */
export type Pull = z.output<typeof pull>;

/** A pull request to open. */
export interface NewPull {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The emulator, for the benchmark. */
export interface BenchGitHub {
  readonly url: string;
  seed(hook: {
    readonly url: string;
    readonly secret: string;
    readonly token: string;
  }): Promise<void>;
  open(repo: string, pulls: readonly NewPull[]): Promise<readonly number[]>;
  push(repo: string, files: Readonly<Record<string, string | null>>): Promise<void>;
  say(repo: string, number: number, author: string, body: string): Promise<void>;
  pull(repo: string, number: number): Promise<Pull>;
  labels(repo: string): Promise<ReadonlyMap<number, readonly string[]>>;
  status(repo: string, sha: string, context: string): Promise<string | undefined>;
  latency(ms: number): Promise<void>;
  ledger(): Promise<readonly LedgerEntry[]>;
  resetLedger(): Promise<void>;
  deliveries(): Promise<readonly Delivery[]>;
  idle(): Promise<void>;
}

/** The emulator at an address. */
export function benchGitHub(url: string): BenchGitHub {
  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${url}${path}`, { ...sent, signal: AbortSignal.timeout(120_000) });
    if (!answer.ok) throw new Error(`the emulator answered ${answer.status} to ${path}`);
    return answer.json();
  };
  const author = PEOPLE.author;
  return {
    url,
    seed: async (hook) => void (await ask('/control/seed', seedOf(hook))),
    open: async (repo, pulls) => {
      const wanted = pulls.map((one) => ({ author, ...one }));
      const made = z.array(opened).parse(await ask(`/control/repos/${repo}/pulls`, wanted));
      return made.map(({ number }) => number);
    },
    push: async (repo, files) =>
      void (await ask(`/control/repos/${repo}/branches/main/commits`, { author, files })),
    say: async (repo, number, who, body) =>
      void (await ask(`/control/repos/${repo}/issues/${number}/comments`, { author: who, body })),
    pull: async (repo, number) => pull.parse(await ask(`/repos/${repo}/pulls/${number}`)),
    labels: async (repo) => {
      const { issues } = endState.parse(await ask(`/control/state/${repo}`));
      return new Map(
        Object.entries(issues).map(([number, { labels }]) => [Number(number), labels]),
      );
    },
    status: async (repo, sha, context) => {
      const { statuses } = combined.parse(await ask(`/repos/${repo}/commits/${sha}/status`));
      return statuses.find((one) => one.context === context)?.state;
    },
    latency: async (ms) => void (await ask('/control/latency', { ms })),
    ledger: async () => z.array(ledgerEntry).parse(await ask('/control/ledger')),
    resetLedger: async () => void (await ask('/control/ledger/reset', {})),
    deliveries: async () => z.array(delivery).parse(await ask('/control/deliveries')),
    idle: async () => void (await ask('/control/idle')),
  };
}

function seedOf({ url, secret, token }: Parameters<BenchGitHub['seed']>[0]) {
  const { author, reviewer, owner, bot } = PEOPLE;
  const shared = {
    files: FILES,
    collaborators: { [reviewer]: 'write', [owner]: 'admin', [bot]: 'admin' },
    hooks: [{ url, secret }],
  };
  return {
    users: [author, reviewer, owner, { login: bot, type: 'Bot' }],
    tokens: { [token]: bot },
    orgs: { [PLACES.org]: { members: [author, reviewer, bot], admins: [owner] } },
    repos: [
      { name: PLACES.jobs, ...shared },
      { name: PLACES.quiet, ...shared },
    ],
  };
}

/** Requests of ours to the REST API. */
export function ownCalls(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return entries.filter(({ client }) => client.startsWith('bowsprit/'));
}

/** Requests of git on our behalf. */
export function gitCalls(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return entries.filter(({ client }) => client.startsWith('git/'));
}
