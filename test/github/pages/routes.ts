import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { pullFiles, refreshMergeability } from '../actions/size.ts';
import { readDiff } from '../git/changes.ts';
import { GitHubError } from '../http/errors.ts';
import { fromOurPages } from '../http/identity.ts';
import { isPull } from '../http/route.ts';
import type { Hub } from '../hub.ts';
import { findRun } from '../render/checks.ts';
import type { Issue, Repo } from '../state/model.ts';
import { ACTS, actIssue, actPull, actRerun } from './acts.ts';
import { runPage } from './checks.ts';
import { deliveriesPage, deliveryPage } from './deliveries.ts';
import { type Page, refusalPage, renderPage } from './layout.ts';
import { pullPage } from './pull.ts';
import { homePage, issuePage, repositoryPage } from './repository.ts';
import { STYLE } from './style.ts';
import { pathOf } from './thread.ts';

/** Says that a path is not served. */
export type Missing = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

const place = z.object({ owner: z.string(), repo: z.string(), number: z.string().optional() });
const numbered = z.object({ id: z.coerce.number() });
const AVATAR =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><circle cx="1" cy="1" r="1" fill="#888"/></svg>';
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

interface Found {
  readonly repo: Repo;
  readonly issue: Issue | undefined;
}

function find(hub: Hub, request: FastifyRequest): Found | undefined {
  const { owner, repo: name, number } = place.parse(request.params);
  const repo = hub.findRepo(owner, name);
  return repo ? { repo, issue: number ? repo.issues[number] : undefined } : undefined;
}

function show(reply: FastifyReply, page: Page): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('Content-Security-Policy', POLICY)
    .header('X-Content-Type-Options', 'nosniff')
    .header('Referrer-Policy', 'same-origin')
    .send(renderPage(page));
}

/** Where an issue is that another repository has now. */
function placeOfTransferred(hub: Hub, repo: Repo, request: FastifyRequest): string | undefined {
  const now = repo.transferred?.[place.parse(request.params).number ?? ''];
  const there = now && hub.findRepoById(now.repository);
  const issue = now && there?.issues[now.number];
  return there && issue && pathOf(there, issue);
}

async function pageOf(hub: Hub, found: Found): Promise<Page | undefined> {
  const { repo, issue } = found;
  if (!issue) return undefined;
  if (!isPull(issue)) return issuePage({ hub, repo, issue });
  refreshMergeability(hub, repo, issue);
  return pullPage({ hub, repo, issue }, await pullFiles(hub, repo, issue));
}

/** Does what a form asks for, and leads to where it shows; what GitHub would refuse is a page that says so. */
async function carryOut(
  request: FastifyRequest,
  reply: FastifyReply,
  act: () => string | Promise<string>,
): Promise<FastifyReply> {
  if (!fromOurPages(request)) return reply.code(403).send('Only from these pages.');
  try {
    return reply.redirect(await act(), 303);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const back = request.url.replace(/\/[^/]*$/, '');
    return show(reply.code(error.status), refusalPage(error.message, back));
  }
}

/** `pull/N.diff` and `pull/N.patch`, as GitHub has them beside the page. */
async function rawDiff(hub: Hub, request: FastifyRequest): Promise<string | undefined> {
  const { owner, repo: name, number = '' } = place.parse(request.params);
  const [, digits = '', kind] = /^(\d+)\.(diff|patch)$/.exec(number) ?? [];
  const repo = hub.findRepo(owner, name);
  const issue = repo?.issues[digits];
  if (!repo || !issue || !isPull(issue)) return undefined;
  const { base, head } = issue.pull;
  const range = { base: base.sha, head: head.sha };
  return readDiff(hub.directoryOf(repo), kind === 'patch' ? 'patch' : 'diff', range);
}

function registerAssets(hub: Hub, app: FastifyInstance): void {
  app.get('/assets/style.css', (_request, reply) => reply.type('text/css').send(STYLE));
  app.get('/assets/avatar.svg', (_request, reply) => reply.type('image/svg+xml').send(AVATAR));
  app.get('/', (_request, reply) => show(reply, homePage(hub)));
}

function registerDeliveries(hub: Hub, app: FastifyInstance, missing: Missing): void {
  const found = (request: FastifyRequest) => {
    const { data } = numbered.safeParse(request.params);
    return data && hub.deliveries.find(data.id);
  };
  app.get('/deliveries', (_request, reply) => show(reply, deliveriesPage(hub)));
  app.get('/deliveries/:id', (request, reply) => {
    const delivery = found(request);
    return delivery ? show(reply, deliveryPage(hub, delivery)) : missing(request, reply);
  });
  app.post('/deliveries/:id/redeliver', (request, reply) => {
    const delivery = found(request);
    if (!delivery) return missing(request, reply);
    return carryOut(request, reply, () => {
      hub.deliveries.redeliver(delivery);
      return '/deliveries';
    });
  });
}

function registerRepositories(hub: Hub, app: FastifyInstance, missing: Missing): void {
  const repository = '/:owner/:repo';
  app.get(repository, (request, reply) => {
    const found = find(hub, request);
    return found ? show(reply, repositoryPage(hub, found.repo)) : missing(request, reply);
  });
  for (const [name, act] of [
    ['issues', actIssue],
    ['pulls', actPull],
  ] as const) {
    app.post(`${repository}/${name}`, (request, reply) => {
      const repo = find(hub, request)?.repo;
      if (!repo) return missing(request, reply);
      return carryOut(request, reply, async () =>
        pathOf(repo, await act({ hub, repo }, request.body)),
      );
    });
  }
}

function registerRuns(hub: Hub, app: FastifyInstance, missing: Missing): void {
  const run = '/:owner/:repo/runs/:id';
  const found = (request: FastifyRequest) => {
    const repo = find(hub, request)?.repo;
    const { data } = numbered.safeParse(request.params);
    const place = repo && data && findRun(repo, data.id);
    return repo && place ? { repo, place } : undefined;
  };
  app.get(run, (request, reply) => {
    const at = found(request);
    return at ? show(reply, runPage(hub, at.repo, at.place)) : missing(request, reply);
  });
  app.post(`${run}/rerequest`, (request, reply) => {
    const at = found(request);
    if (!at) return missing(request, reply);
    return carryOut(request, reply, () => {
      actRerun({ hub, repo: at.repo }, at.place, request.body);
      return request.url.replace(/\/rerequest$/, '');
    });
  });
}

function registerThreads(hub: Hub, app: FastifyInstance, missing: Missing): void {
  for (const kind of ['pull', 'issues']) {
    const thread = `/:owner/:repo/${kind}/:number`;
    app.get(thread, async (request, reply) => {
      const diff = await rawDiff(hub, request);
      if (diff !== undefined) return reply.type('text/plain; charset=utf-8').send(diff);
      const found = find(hub, request);
      const elsewhere = found && placeOfTransferred(hub, found.repo, request);
      if (elsewhere !== undefined) return reply.redirect(elsewhere, 301);
      const page = found && (await pageOf(hub, found));
      return page ? show(reply, page) : missing(request, reply);
    });
    for (const [name, act] of Object.entries(ACTS)) {
      app.post(`${thread}/${name}`, (request, reply) => {
        const { repo, issue } = find(hub, request) ?? {};
        if (!repo || !issue) return missing(request, reply);
        return carryOut(request, reply, async () => {
          hub.history.remember(repo);
          await act({ hub, repo }, issue, request.body);
          return pathOf(repo, issue);
        });
      });
    }
  }
}

/** Serves the pages that people look at in practice mode. */
export function registerPages(hub: Hub, app: FastifyInstance, missing: Missing): void {
  registerAssets(hub, app);
  registerDeliveries(hub, app, missing);
  registerRepositories(hub, app, missing);
  registerRuns(hub, app, missing);
  registerThreads(hub, app, missing);
}
