import { at, callCase, type Scene, seen } from '../case.ts';

const HOOKS = 'GET /repos/{owner}/{repo}/hooks';
const ORG_HOOKS = 'GET /orgs/{org}/hooks';
const DELIVERIES = 'GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries';
const ORG_DELIVERIES = 'GET /orgs/{org}/hooks/{hook_id}/deliveries';
const ATTEMPT = 'POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts';
const ORG_ATTEMPT = 'POST /orgs/{org}/hooks/{hook_id}/deliveries/{delivery_id}/attempts';

/** Nobody listens there: what is sent to it fails. */
const NOWHERE = 'http://127.0.0.1:9/hook';

/** Each its own address: one place has no two hooks with the same. */
function hookFor({ repo }: Scene) {
  const config = { url: `${NOWHERE}/${repo}`, content_type: 'json' };
  return { config, events: ['issue_comment'] };
}

async function hookOf(scene: Scene): Promise<number> {
  return (await scene.bot.rest.repos.createWebhook({ ...at(scene), ...hookFor(scene) })).data.id;
}

async function orgHookOf(scene: Scene): Promise<number> {
  const hook = { org: scene.owner, name: 'web', ...hookFor(scene) };
  return (await scene.bot.rest.orgs.createWebhook(hook)).data.id;
}

/** Asks again until there is one: GitHub delivers when it likes. */
async function firstDelivery(
  ask: () => Promise<{ readonly data: readonly { readonly id: number | bigint }[] }>,
): Promise<number> {
  for (let tries = 0; tries < 50; tries += 1) {
    const [first] = (await ask()).data;
    if (first) return Number(first.id);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no delivery within 5 s');
}

const ids = (found: readonly { readonly id: number; readonly active: boolean }[], id: number) =>
  found.filter((one) => one.id === id).map(({ active }) => active);

export const cases = [
  callCase(HOOKS, 'a hook that was made is listed', {
    run: async (scene) => {
      const id = await hookOf(scene);
      return seen(scene.bot.request(HOOKS, at(scene)), (found) => ids(found, id));
    },
    answer: { status: 200, body: [true] },
  }),
  callCase(HOOKS, 'who does not administer a repository does not see its hooks', {
    run: (scene) => seen(scene.eve.request(HOOKS, at(scene))),
    answer: { status: 404 },
  }),
  callCase(ORG_HOOKS, 'a hook of the organisation that was made is listed', {
    run: async (scene) => {
      const id = await orgHookOf(scene);
      return seen(scene.bot.request(ORG_HOOKS, { org: scene.owner }), (found) => ids(found, id));
    },
    answer: { status: 200, body: [true] },
  }),
  callCase(DELIVERIES, 'what was sent to a new hook first is a ping', {
    run: async (scene) => {
      const which = { ...at(scene), hook_id: await hookOf(scene) };
      await firstDelivery(() => scene.bot.request(DELIVERIES, which));
      return seen(scene.bot.request(DELIVERIES, which), (found) =>
        found.map(({ event, redelivery }) => [event, redelivery]),
      );
    },
    answer: { status: 200, body: [['ping', false]] },
  }),
  callCase(ATTEMPT, 'a delivery is repeated when asked for', {
    run: async (scene) => {
      const which = { ...at(scene), hook_id: await hookOf(scene) };
      const delivery_id = await firstDelivery(() => scene.bot.request(DELIVERIES, which));
      return seen(scene.bot.request(ATTEMPT, { ...which, delivery_id }));
    },
    answer: { status: 202 },
  }),
  callCase(ORG_DELIVERIES, 'deliveries of a hook of the organisation', {
    run: async (scene) => {
      const which = { org: scene.owner, hook_id: await orgHookOf(scene) };
      await firstDelivery(() => scene.bot.request(ORG_DELIVERIES, which));
      return seen(scene.bot.request(ORG_DELIVERIES, which), (found) => found.at(-1)?.event);
    },
    answer: { status: 200, body: 'ping' },
  }),
  callCase(ORG_ATTEMPT, 'a delivery of a hook of the organisation is repeated', {
    run: async (scene) => {
      const which = { org: scene.owner, hook_id: await orgHookOf(scene) };
      const delivery_id = await firstDelivery(() => scene.bot.request(ORG_DELIVERIES, which));
      return seen(scene.bot.request(ORG_ATTEMPT, { ...which, delivery_id }));
    },
    answer: { status: 202 },
  }),
];
