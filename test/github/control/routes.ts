import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { refuse } from '../http/errors.ts';
import { faultSchema } from '../http/faults.ts';
import { fromOurPages } from '../http/identity.ts';
import type { Hub } from '../hub.ts';
import { type Control, createControl, type Place } from './control.ts';
import { differencesBetween } from './difference.ts';
import { endStateSchema } from './end-state.ts';
import { openPullSchema, pushSchema } from './pulls.ts';
import { seedSchema } from './seed.ts';

const repoParams = z.object({ owner: z.string(), repo: z.string() });
const placeParams = repoParams.extend({ number: z.coerce.number().int() });
const byline = z.object({ author: z.string() });
const commentBody = byline.extend({ body: z.string() });
const labelBody = byline.extend({
  add: z.array(z.string()).optional(),
  remove: z.array(z.string()).optional(),
});
const reviewBody = byline.extend({
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']),
  body: z.string().optional(),
});
const stateBody = byline.extend({ state: z.enum(['open', 'closed']) });
const mergeBody = byline.extend({
  method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
  sha: z.string().optional(),
});
const issueBody = byline.extend({
  title: z.string(),
  body: z.string().nullish(),
  labels: z.array(z.string()).optional(),
});
const diffBody = z.object({ one: endStateSchema, other: endStateSchema });
const faultsBody = z.union([
  z.array(faultSchema).transform((faults) => ({ faults, seed: 1 })),
  z.object({ faults: z.array(faultSchema), seed: z.number().default(1) }),
]);
const pullsBody = z.union([z.array(openPullSchema), openPullSchema.transform((pull) => pull)]);

function nameOf(request: FastifyRequest): string {
  const { owner, repo } = repoParams.parse(request.params);
  return `${owner}/${repo}`;
}

function placeOf(request: FastifyRequest): Place {
  return { repo: nameOf(request), number: placeParams.parse(request.params).number };
}

function registerPeople(control: Control, app: FastifyInstance): void {
  const issue = '/control/repos/:owner/:repo/issues/:number';
  app.post(`${issue}/comments`, async (request) => {
    const { author, body } = commentBody.parse(request.body);
    return control.comment(placeOf(request), author, body);
  });
  app.post(`${issue}/labels`, async (request) => {
    const { author, ...change } = labelBody.parse(request.body);
    return control.label(placeOf(request), author, change);
  });
  app.post(`${issue}/state`, async (request) => {
    const { author, state } = stateBody.parse(request.body);
    control.setState(placeOf(request), author, state);
    return {};
  });
  app.post('/control/repos/:owner/:repo/pulls/:number/reviews', async (request) => {
    const { author, ...review } = reviewBody.parse(request.body);
    return control.review(placeOf(request), author, review);
  });
  app.post('/control/repos/:owner/:repo/pulls/:number/merge', async (request) => {
    const { author, ...merge } = mergeBody.parse(request.body);
    return { sha: await control.merge(placeOf(request), author, merge) };
  });
}

function registerCode(control: Control, app: FastifyInstance): void {
  const repo = '/control/repos/:owner/:repo';
  app.post(`${repo}/pulls`, async (request) => {
    const pulls = pullsBody.parse(request.body);
    return Array.isArray(pulls)
      ? control.openPulls(nameOf(request), pulls)
      : control.openPull(nameOf(request), pulls);
  });
  app.post(`${repo}/pulls/:number/commits`, async (request) => ({
    sha: await control.push(placeOf(request), pushSchema.parse(request.body)),
  }));
  app.post(`${repo}/branches/:branch/commits`, async (request) => {
    const { branch } = z.object({ branch: z.string() }).parse(request.params);
    const push = pushSchema.parse(request.body);
    return { sha: await control.pushBranch(nameOf(request), branch, push) };
  });
  app.post(`${repo}/issues`, async (request) => {
    const { author, ...issue } = issueBody.parse(request.body);
    return control.openIssue(nameOf(request), author, issue);
  });
  app.put(`${repo}/workflow-runs`, async (request) => {
    const runs = z.array(z.record(z.string(), z.unknown())).parse(request.body);
    control.workflowRuns(nameOf(request), runs);
    return {};
  });
}

function registerFaults(hub: Hub, control: Control, app: FastifyInstance): void {
  app.post('/control/faults', async (request) => {
    const { faults, seed } = faultsBody.parse(request.body);
    control.faults.add(faults, seed);
    return hub.faults.list();
  });
  app.get('/control/faults', async () => hub.faults.list());
  app.delete('/control/faults', async () => {
    control.faults.clear();
    return {};
  });
  app.post('/control/latency', async (request) =>
    control.settings({ latencyMs: z.object({ ms: z.number() }).parse(request.body).ms }),
  );
  app.get('/control/settings', async () => hub.settings);
  app.post('/control/settings', async (request) =>
    control.settings(z.record(z.string(), z.unknown()).parse(request.body)),
  );
}

function registerLooking(control: Control, app: FastifyInstance): void {
  app.get('/control/ledger', async () => control.ledger());
  app.get('/control/writes', async () => control.writes());
  app.post('/control/ledger/reset', async () => {
    control.resetLedger();
    return {};
  });
  app.get('/control/missing', async () => control.missing());
  app.get('/control/deliveries', async () => control.deliveries());
  app.post('/control/deliveries/:id/redeliver', async (request) => {
    const { id } = z.object({ id: z.coerce.number() }).parse(request.params);
    return control.redeliver(id);
  });
  app.get('/control/state/:owner/:repo', async (request) => control.state(nameOf(request)));
  app.post('/control/diff', async (request) => {
    const { one, other } = diffBody.parse(request.body);
    return differencesBetween(one, other);
  });
  app.get('/control/idle', async () => {
    await control.idle();
    return {};
  });
}

/** Serves `/control/`: JSON in, JSON out, no authentication, loopback only. */
export function registerControl(hub: Hub, app: FastifyInstance): void {
  const control = createControl(hub);
  app.addHook('onRequest', async (request) => {
    if (request.url.startsWith('/control/') && !fromOurPages(request)) {
      refuse(403, 'The control API is not for pages of other sites.');
    }
  });
  app.post('/control/reset', async () => {
    await control.reset();
    return {};
  });
  app.post('/control/seed', async (request) => {
    await control.seed(seedSchema.parse(request.body));
    return {};
  });
  registerCode(control, app);
  registerPeople(control, app);
  registerFaults(hub, control, app);
  registerLooking(control, app);
}
