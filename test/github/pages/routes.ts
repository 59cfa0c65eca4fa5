import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { addComment } from '../actions/issues.ts';
import { pullFiles, refreshMergeability } from '../actions/size.ts';
import { readDiff } from '../git/changes.ts';
import { fromOurPages } from '../http/identity.ts';
import { isPull } from '../http/route.ts';
import type { Hub } from '../hub.ts';
import type { Issue, Repo } from '../state/model.ts';
import { type Page, renderPage } from './layout.ts';
import { pullPage } from './pull.ts';
import { deliveriesPage, homePage, issuePage, repositoryPage } from './repository.ts';
import { STYLE } from './style.ts';
import { pathOf } from './thread.ts';

/** Says that a path is not served. */
export type Missing = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

const place = z.object({ owner: z.string(), repo: z.string(), number: z.string().optional() });
const commentForm = z.object({ author: z.string(), body: z.string().min(1) });
const AVATAR =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><circle cx="1" cy="1" r="1" fill="#888"/></svg>';

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
    .header('Content-Security-Policy', "default-src 'none'; style-src 'self'; img-src 'self'")
    .header('X-Content-Type-Options', 'nosniff')
    .header('Referrer-Policy', 'same-origin')
    .send(renderPage(page));
}

async function pageOf(hub: Hub, found: Found): Promise<Page | undefined> {
  const { repo, issue } = found;
  if (!issue) return undefined;
  if (!isPull(issue)) return issuePage(hub, repo, issue);
  refreshMergeability(hub, repo, issue);
  return pullPage(hub, repo, { issue, files: await pullFiles(hub, repo, issue) });
}

function comment(hub: Hub, request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const found = find(hub, request);
  if (!found?.issue) return undefined;
  if (!fromOurPages(request)) return reply.code(403).send('Only from these pages.');
  const { author, body } = commentForm.parse(request.body);
  const { repo, issue } = found;
  addComment({ hub, repo, actor: hub.ensureUser(author) }, issue, body);
  return reply.redirect(pathOf(repo, issue), 303);
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
  app.get('/deliveries', (_request, reply) => show(reply, deliveriesPage(hub)));
  app.post('/deliveries/:id/redeliver', (request, reply) => {
    const { id } = z.object({ id: z.coerce.number() }).parse(request.params);
    const delivery = hub.deliveries.find(id);
    if (!delivery || !fromOurPages(request)) return reply.code(404).send('Not found');
    hub.deliveries.redeliver(delivery);
    return reply.redirect('/deliveries', 303);
  });
}

/** Serves the pages that people look at in practice mode. */
export function registerPages(hub: Hub, app: FastifyInstance, missing: Missing): void {
  registerAssets(hub, app);
  app.get('/:owner/:repo', (request, reply) => {
    const found = find(hub, request);
    return found ? show(reply, repositoryPage(found.repo)) : missing(request, reply);
  });
  for (const kind of ['pull', 'issues']) {
    app.get(`/:owner/:repo/${kind}/:number`, async (request, reply) => {
      const diff = await rawDiff(hub, request);
      if (diff !== undefined) return reply.type('text/plain; charset=utf-8').send(diff);
      const found = find(hub, request);
      const page = found && (await pageOf(hub, found));
      return page ? show(reply, page) : missing(request, reply);
    });
    app.post(
      `/:owner/:repo/${kind}/:number/comment`,
      (request, reply) => comment(hub, request, reply) ?? missing(request, reply),
    );
  }
}
