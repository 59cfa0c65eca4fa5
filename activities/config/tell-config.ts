import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { concerns } from '../../config/change.ts';
import type { Message } from '../../workflows/contract.ts';
import type { ConfigPorts } from '../../workflows/ports.ts';
import { type ConfigStore, storedConfig } from '../active-config.ts';
import type { Database } from '../database/database.ts';
import { type OpenHead, pageOpenPulls } from '../database/open-heads.ts';
import { listPools } from '../database/pools.ts';

/** What telling needs. */
export interface TellingSetting {
  readonly store: ConfigStore;
  readonly database: Database;
  readonly tell: (message: Message) => Promise<void>;
  readonly heartbeat: (details: unknown) => void;
  readonly heartbeatDetails: () => unknown;
}

/** Everyone who is told decides anew, and may ask GitHub for it: so many a second. */
const A_SECOND = 20;
const PAGE = 100;

const place = z.object({ org: z.string(), repo: z.string(), number: z.number() });
const START = { org: '', repo: '', number: 0 };

/** Tells open pull requests and pools of a configuration, as many a second as GitHub bears. */
export function createTelling(setting: TellingSetting): ConfigPorts['tellConfigChanged'] {
  const { store } = setting;
  return async ({ number, from, to }) => {
    const [before, after] = [await storedConfig(store, from), await store.byHash(to)];
    // Nobody knows any more what it was: then it is news to everybody.
    const isConcerned = before === undefined ? () => true : concerns(before, after);
    const told = place.safeParse(setting.heartbeatDetails());
    if (!told.success) await tellPools(setting, number, isConcerned);
    return tellPulls(setting, { number, isConcerned, after: told.success ? told.data : START });
  };
}

/** False when a newer configuration came meanwhile: those who are left hear of that one. */
async function tellPulls(setting: TellingSetting, first: Page): Promise<boolean> {
  let after: Reached | undefined = first.after;
  while (after !== undefined) {
    setting.heartbeat(after);
    after = await tellPage(setting, { ...first, after });
    const newest = setting.store.known()?.number ?? 0;
    if (newest > first.number) return false;
  }
  return true;
}

interface Page {
  readonly number: number;
  readonly isConcerned: Concerned;
  readonly after: Reached;
}

type Reached = z.infer<typeof place>;

/** Tells one page of pull requests, and says where the next one begins. */
async function tellPage(
  { database, tell }: TellingSetting,
  page: Page,
): Promise<Reached | undefined> {
  const pulls = await pageOpenPulls(database, page.after, PAGE);
  for (const pull of pulls.filter(page.isConcerned)) {
    await tell(recheck(pull, page.number));
    await delay(1_000 / A_SECOND);
  }
  const last = pulls.at(-1);
  return last && { org: last.org, repo: last.repo, number: last.number };
}

type Concerned = ReturnType<typeof concerns>;

async function tellPools(
  { database, tell }: TellingSetting,
  number: number,
  isConcerned: Concerned,
): Promise<void> {
  for (const { org, repo, branch } of (await listPools(database)).filter(isConcerned)) {
    const input = { repository: { org, repo }, repositoryId: 0, branch };
    const body = { number };
    await tell({ to: 'mergePool', input, signal: 'configChanged', body });
  }
}

function recheck({ org, repo, number, repositoryId }: OpenHead, config: number): Message {
  const repository = { org, repo };
  const event = {
    kind: 'recheck',
    key: `config:${config}`,
    guid: '',
    at: new Date().toISOString(),
    sender: '',
    why: `configuration ${config} came into force`,
    configNumber: config,
  } as const;
  return {
    to: 'pullRequest',
    input: { repository, repositoryId, number },
    signal: 'mail',
    body: { repository, repositoryId, events: [event] },
  };
}
