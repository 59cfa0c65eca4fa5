import { spawn } from 'node:child_process';
import { PassThrough, Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { compareRefs, refsChanged } from '../actions/refs.ts';
import { credentialOf } from '../http/identity.ts';
import { obstruct } from '../http/obstacles.ts';
import { mayPush, maySee } from '../http/sight.ts';
import type { Hub } from '../hub.ts';
import { protectedRefs } from '../rules/pushing.ts';
import type { Repo, User } from '../state/model.ts';
import { readRefs } from './repository.ts';
import { gitEnvironment } from './run.ts';

const placeSchema = z.object({ owner: z.string(), repo: z.string() });

interface Exchange {
  readonly hub: Hub;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

interface Service {
  readonly repo: Repo;
  readonly path: string;
  readonly actor: User | undefined;
}

function cgiEnvironment(exchange: Exchange, service: Service): Record<string, string> {
  const { hub, request } = exchange;
  const header = (name: string): string => String(request.headers[name] ?? '');
  return {
    ...gitEnvironment(),
    GIT_PROJECT_ROOT: hub.store.gitRoot,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${service.repo.id}.git${service.path}`,
    REQUEST_METHOD: request.method,
    QUERY_STRING: request.url.split('?')[1] ?? '',
    CONTENT_TYPE: header('content-type'),
    CONTENT_LENGTH: header('content-length'),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    GIT_PROTOCOL: header('git-protocol'),
    REMOTE_USER: service.actor?.login ?? '',
    REMOTE_ADDR: '127.0.0.1',
    BOWSPRIT_PROTECTED: service.actor ? protectedRefs(hub, service.repo, service.actor) : '',
  };
}

interface CgiHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

function parseHead(text: string): CgiHead {
  const headers: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon)] = line.slice(colon + 1).trim();
  }
  const status = Number.parseInt(headers['Status'] ?? '200', 10);
  delete headers['Status'];
  return { status, headers };
}

/** Splits a CGI answer: the head is given once it is whole, the body streams on. */
function readCgi(output: Readable, onHead: (head: CgiHead) => void): PassThrough {
  const body = new PassThrough();
  // A client that hangs up in the middle is nothing to fail for.
  body.on('error', () => undefined);
  let buffered = Buffer.alloc(0);
  let headDone = false;
  output.on('data', (chunk: Buffer) => {
    if (headDone) {
      body.write(chunk);
      return;
    }
    buffered = Buffer.concat([buffered, chunk]);
    const end = buffered.indexOf('\r\n\r\n');
    if (end < 0) return;
    headDone = true;
    onHead(parseHead(buffered.subarray(0, end).toString('latin1')));
    body.write(buffered.subarray(end + 4));
  });
  return body;
}

/** Runs `git http-backend` for one request; resolves when git has ended and its answer is sent off. */
function runBackend(
  exchange: Exchange,
  service: Service,
  afterwards: () => Promise<void>,
): Promise<void> {
  const { request, reply } = exchange;
  const child = spawn('git', ['http-backend'], { env: cgiEnvironment(exchange, service) });
  child.stdin.on('error', () => undefined);
  if (request.body instanceof Readable) request.body.pipe(child.stdin);
  else child.stdin.end();
  let answered = false;
  const body = readCgi(child.stdout, (head) => {
    answered = true;
    void reply.code(head.status).headers(head.headers).send(body);
  });
  child.stderr.resume();
  request.raw.socket.once('close', () => child.kill());
  return new Promise((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => {
      void afterwards()
        .catch(() => undefined)
        .finally(() => {
          body.end();
          if (!answered) void reply.code(500).send('git http-backend gave no answer');
          resolve();
        });
    });
  });
}

async function serveUpload(exchange: Exchange, service: Service): Promise<FastifyReply> {
  await runBackend(exchange, service, async () => undefined);
  return exchange.reply;
}

/** A push: the answer ends only when its webhooks are on their way. */
async function serveReceive(exchange: Exchange, service: Service): Promise<FastifyReply> {
  const { hub } = exchange;
  const { repo, actor } = service;
  await hub.locked(String(repo.id), async () => {
    await runBackend(exchange, service, async () => {
      if (exchange.request.method !== 'POST' || !actor) return;
      const changes = compareRefs(repo.refs, await readRefs(hub.directoryOf(repo)));
      hub.history.remember(repo);
      await refsChanged({ hub, repo, actor }, changes);
    });
  });
  return exchange.reply;
}

function askForPassword(reply: FastifyReply): FastifyReply {
  return reply
    .code(401)
    .header('WWW-Authenticate', 'Basic realm="GitHub"')
    .send('Authentication required');
}

/** Git is served below former names, too. */
function repoAt({ hub, request }: Exchange): Repo | undefined {
  const { owner, repo } = placeSchema.parse(request.params);
  return hub.findRepo(owner, repo) ?? hub.formerRepo(owner, repo);
}

async function serveGit(exchange: Exchange, path: string): Promise<FastifyReply> {
  const { hub, request, reply } = exchange;
  if (await obstruct(hub, { request, reply })) return reply;
  const repo = repoAt(exchange);
  const writing = request.url.includes('git-receive-pack');
  const { user: identity, grant } = credentialOf(hub, request);
  if (identity === 'unknown-token') return askForPassword(reply);
  const actor = identity === 'anonymous' ? undefined : identity;
  if (!actor && (writing || !repo || repo.private)) return askForPassword(reply);
  if (!repo) return reply.code(404).send('Repository not found.');
  const viewer = { login: actor?.login, grant };
  if (!maySee(hub, repo, viewer)) return reply.code(404).send('Repository not found.');
  if (writing && !mayPush(hub, repo, viewer)) {
    const whom = `${repo.owner}/${repo.name}.git denied to ${actor?.login}.`;
    return reply.code(403).send(`Permission to ${whom}`);
  }
  const service = { repo, path, actor };
  return writing ? serveReceive(exchange, service) : serveUpload(exchange, service);
}

/** Serves clone, fetch and push below `/OWNER/REPO` and `/OWNER/REPO.git`. */
export function registerSmartHttp(hub: Hub, app: FastifyInstance): void {
  app.get('/:owner/:repo/info/refs', (request, reply) =>
    serveGit({ hub, request, reply }, '/info/refs'),
  );
  for (const service of ['git-upload-pack', 'git-receive-pack']) {
    app.post(`/:owner/:repo/${service}`, (request, reply) =>
      serveGit({ hub, request, reply }, `/${service}`),
    );
  }
}
