import type { Logger } from 'pino';
import { z } from 'zod';
import { type DeliveryTry, planRedelivery } from '../../workflows/domain/redelivery.ts';
import type { RepositoryName } from '../../workflows/domain/repository.ts';
import type { HookPlace, RepairPorts } from '../../workflows/ports.ts';
import type { GitHub } from '../github/client.ts';
import { refusalOf } from '../github/http/failure.ts';
import { pageOf } from '../github/read/reading.ts';

/** What repair passes need. */
export interface RepairDependencies {
  readonly github: GitHub;
  /** Repositories that the configuration names. */
  readonly repositories: () => Promise<readonly RepositoryName[]>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

const hooksSchema = z.array(
  z.object({
    id: z.number(),
    active: z.boolean(),
    config: z.object({ url: z.string().optional() }),
  }),
);
const deliveriesSchema = z.array(
  z.object({
    id: z.number(),
    guid: z.string(),
    delivered_at: z.string(),
    status: z.string(),
    status_code: z.number(),
  }),
);
type Delivery = z.output<typeof deliveriesSchema>[number];

/** Some 20,000 deliveries: more is another pass's work. */
const MOST_PAGES = 200;

/** The activities of repair passes. */
export function createRepairActivities(dependencies: RepairDependencies): RepairPorts {
  return {
    hooksThatLeadHere: async ({ org, hookUrl }) => {
      const named = await dependencies.repositories();
      const repositories = named.filter((one) => one.org.toLowerCase() === org.toLowerCase());
      const places = [{ org }, ...repositories.map(({ repo }) => ({ org, repo }))];
      const found: HookPlace[] = [];
      for (const place of places) found.push(...(await hooksOf(dependencies, place, hookUrl)));
      if (found.length === 0) {
        dependencies.log.warn({ org, hookUrl }, 'no webhook that we may read leads here');
      }
      return found;
    },
    redeliverFailed: async ({ hook, since }) => {
      const tries = await triesSince(dependencies, hook, since);
      const plan = planRedelivery(tries, { since, now: Date.now() });
      const { org, repo = '' } = hook;
      for (const guid of plan.givenUp) {
        dependencies.log.warn({ org, repo, 'event-GUID': guid }, 'webhook lost: too old to repeat');
      }
      if (dependencies.github.dryRun) return { watermark: plan.watermark, redelivered: 0 };
      for (const id of plan.redeliver) await redeliver(dependencies, hook, id);
      const redelivered = plan.redeliver.length;
      if (redelivered > 0) dependencies.log.info({ org, repo, redelivered }, 'webhooks repeated');
      return { watermark: plan.watermark, redelivered };
    },
  };
}

type Place = Omit<HookPlace, 'id'>;

/** Active hooks of a place with this very address; none where we may not look. */
async function hooksOf(
  { github }: RepairDependencies,
  place: Place,
  hookUrl: string,
): Promise<readonly HookPlace[]> {
  try {
    const ask = asking(github);
    const { org, repo } = place;
    const { data } =
      repo === undefined
        ? await ask('GET /orgs/{org}/hooks', { org, per_page: 100 })
        : await ask('GET /repos/{owner}/{repo}/hooks', { owner: org, repo, per_page: 100 });
    return hooksSchema
      .parse(data)
      .filter(({ active, config }) => active && config.url === hookUrl)
      .map(({ id }) => ({ ...place, id }));
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    return [];
  }
}

async function triesSince(
  { github }: RepairDependencies,
  hook: HookPlace,
  since: string,
): Promise<readonly DeliveryTry[]> {
  const tries: DeliveryTry[] = [];
  let next: Readonly<Record<string, string>> | undefined = {};
  for (let page = 0; next !== undefined && page < MOST_PAGES; page += 1) {
    const { items, link } = await deliveriesOf(github, hook, next);
    const read = deliveriesSchema.parse(items);
    const recent = read.filter(({ delivered_at: at }) => Date.parse(at) >= Date.parse(since));
    tries.push(...recent.map(tryOf));
    // Newest first: an older one ends the part that is ours to look at.
    next = recent.length < read.length ? undefined : nextPage(link);
  }
  return tries;
}

async function deliveriesOf(
  github: GitHub,
  { org, repo, id }: HookPlace,
  from: Readonly<Record<string, string>>,
) {
  const ask = asking(github);
  const query = { hook_id: id, per_page: 100, ...from };
  const answer =
    repo === undefined
      ? await ask('GET /orgs/{org}/hooks/{hook_id}/deliveries', { org, ...query })
      : await ask('GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries', {
          owner: org,
          repo,
          ...query,
        });
  return pageOf<unknown>(answer);
}

function tryOf({ id, guid, delivered_at, status, status_code }: Delivery): DeliveryTry {
  const delivered = status_code >= 200 && status_code < 300;
  const failed = status === 'pending' ? 'pending' : 'failed';
  return { id, guid, deliveredAt: delivered_at, outcome: delivered ? 'delivered' : failed };
}

/** The cursor of the next page, from GitHub's own link to it. */
function nextPage(link: string | undefined): Readonly<Record<string, string>> | undefined {
  const address = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  return address === undefined ? undefined : Object.fromEntries(new URL(address).searchParams);
}

/** One that GitHub will not repeat (too old, the hook is gone) does not stop the others. */
async function redeliver(
  { github, log }: RepairDependencies,
  hook: HookPlace,
  id: number,
): Promise<void> {
  try {
    const ask = asking(github);
    const { org, repo, id: hook_id } = hook;
    const which = { hook_id, delivery_id: id };
    if (repo === undefined) {
      await ask('POST /orgs/{org}/hooks/{hook_id}/deliveries/{delivery_id}/attempts', {
        org,
        ...which,
      });
    } else {
      await ask('POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts', {
        owner: org,
        repo,
        ...which,
      });
    }
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    log.warn({ ...hook, delivery: id, ...refusal }, 'webhook not repeated');
  }
}

function asking(github: GitHub) {
  return github.ask({ purpose: 'repair', lane: 'repair' });
}
