import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createRepairActivities } from '../../../activities/repair/redeliver.ts';
import type { RepairPorts } from '../../../workflows/ports.ts';
import { ACME, clientOf, NAME, populate, type Scene, startScene } from '../github/scene.ts';

/** A receiver of webhooks that can be down. */
interface Receiver {
  readonly url: string;
  readonly got: string[];
  up: boolean;
}

let scene: Scene;
let server: Server;
let receiver: Receiver;
let pullNumber: number;
let since: string;
const silent = { info: () => {}, warn: () => {} };
const later = { timeout: 10_000, interval: 50 };

beforeAll(async () => {
  scene = await startScene();
  const got: string[] = [];
  server = createServer((request, response) => {
    got.push(String(request.headers['x-github-delivery']));
    request.resume().once('end', () => response.writeHead(receiver.up ? 200 : 503).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  receiver = { url: `http://127.0.0.1:${port}/hook`, got, up: true };
});
afterAll(async () => {
  server.close();
  await scene.close();
});
beforeEach(async () => {
  ({ number: pullNumber } = await populate(scene));
  await scene.control.seed({
    repos: [{ name: NAME, hooks: [{ url: receiver.url, secret: 's' }] }],
  });
  since = new Date().toISOString();
  receiver.got.length = 0;
  receiver.up = true;
});

const repairing = (github = scene.github): RepairPorts =>
  createRepairActivities({ github, repositories: async () => [ACME], log: silent });
const question = () => ({ org: 'acme', hookUrl: receiver.url, since });

/** Comments while the receiver is down; returns the GUIDs that were not taken. */
async function lose(count: number): Promise<readonly string[]> {
  receiver.up = false;
  for (let index = 0; index < count; index += 1) {
    scene.control.comment({ repo: NAME, number: pullNumber }, 'bob', `/hold ${index}`);
  }
  await scene.control.idle();
  const lost = [...receiver.got];
  receiver.got.length = 0;
  receiver.up = true;
  return lost;
}

/** A pass some time later: a failure is not repeated while GitHub may still be at it. */
async function passLater(ports: RepairPorts, seconds = 30) {
  const [hook] = await ports.hooksThatLeadHere(question());
  if (hook === undefined) throw new Error('no hook');
  vi.useFakeTimers({ now: Date.now() + seconds * 1_000, toFake: ['Date'] });
  try {
    return await ports.redeliverFailed({ hook, since });
  } finally {
    vi.useRealTimers();
  }
}

test('hooks with our address are found, of the repository and of the organisation', async () => {
  const hooks = [{ url: receiver.url }, { url: 'http://127.0.0.1:9/other' }];
  await scene.control.seed({ orgs: { acme: { hooks } }, repos: [{ name: NAME, hooks }] });

  const found = await repairing().hooksThatLeadHere(question());

  expect(found.map(({ org, repo }) => ({ org, repo }))).toEqual([
    { org: 'acme', repo: undefined },
    { org: 'acme', repo: 'rocket' },
  ]);
});

test('what was not delivered is delivered, in order, once', async () => {
  const lost = await lose(3);
  const ports = repairing();

  expect(await passLater(ports)).toMatchObject({ redelivered: 3 });
  await scene.control.idle();
  expect(receiver.got).toEqual(lost);

  expect(await passLater(ports)).toMatchObject({ redelivered: 0 });
});

test('more than a page of them', async () => {
  const lost = await lose(130);

  expect(await passLater(repairing())).toMatchObject({ redelivered: 130 });

  await vi.waitFor(() => expect(new Set(receiver.got)).toEqual(new Set(lost)), later);
});

test('what fails again is tried again later, and the watermark waits for it', async () => {
  await lose(1);
  receiver.up = false;
  const first = await passLater(repairing());
  await scene.control.idle();

  const second = await passLater(repairing(), 120);

  expect(second.redelivered).toBe(1);
  expect(Date.parse(second.watermark)).toBeLessThan(Date.now());
  expect(first.redelivered).toBe(1);
});

test('in a dry run nothing is asked of GitHub', async () => {
  await lose(1);
  const [github] = clientOf(scene.url, { dryRun: true });

  expect(await passLater(repairing(github))).toMatchObject({ redelivered: 0 });
});

test('where we may not see the hooks there are none to repair', async () => {
  const found = await repairing().hooksThatLeadHere({ ...question(), org: 'elsewhere' });

  expect(found).toEqual([]);
});
