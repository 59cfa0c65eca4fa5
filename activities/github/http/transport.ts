import { CancelledFailure } from '@temporalio/common';
import { type Answer, conditionally } from './conditional.ts';
import { before, type Deadline } from './deadline.ts';
import { refuseWrites } from './dry-run.ts';
import type { EtagStore } from './etag-store.ts';
import { statusOf, toFailure } from './failure.ts';
import { createGate, type Gate } from './gate.ts';
import type { GitHubMetrics } from './metrics.ts';
import { type TokenSource, tokenHash } from './token.ts';
import type { Lane, WriteLimits } from './write-queue.ts';

/** What a request is for, and how it may be carried out. */
export interface CallOptions {
  /** What the call is for: goes to GitHub as a header, and into the metrics. */
  readonly purpose: string;
  readonly lane?: Lane;
  /** For reads just before acting: never joins a request that is already on its way. */
  readonly fresh?: boolean;
}

/** One request as the transport sees it. */
export interface Exchange {
  readonly method: string;
  /** The route's template, for metrics. */
  readonly template: string;
  readonly url: string;
  readonly accept: string;
  readonly query: unknown;
  readonly call: CallOptions;
  readonly send: (
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<Answer>;
}

/** What the transport is made of. */
export interface TransportParts {
  readonly token: TokenSource;
  readonly dryRun: boolean;
  readonly etags: EtagStore;
  readonly limits: WriteLimits;
  readonly metrics: GitHubMetrics;
  readonly deadline: () => Deadline;
}

interface Account {
  readonly token: string;
  readonly hash: string;
}

interface Request {
  readonly exchange: Exchange;
  readonly account: Account;
}

/** Routes that create what people are notified of. */
const CREATES = /\/(comments|replies|reviews|issues|pulls)$/;

async function measured(
  metrics: GitHubMetrics,
  { account, exchange }: Request,
  send: () => Promise<Answer>,
): Promise<Answer> {
  const start = performance.now();
  const { template: path, call } = exchange;
  const measure = { tokenHash: account.hash, path, purpose: call.purpose };
  const seconds = () => (performance.now() - start) / 1000;
  try {
    const answer = await send();
    metrics.answered({ ...measure, status: String(answer.status), seconds: seconds() });
    metrics.budget(account.hash, answer.headers);
    return answer;
  } catch (error) {
    const status = statusOf(error);
    if (status === undefined) metrics.timedOut({ ...measure, seconds: seconds() });
    else metrics.answered({ ...measure, status: String(status), seconds: seconds() });
    throw error;
  }
}

/** One request on the wire. */
function once(
  { metrics, deadline }: TransportParts,
  request: Request,
  extra: Readonly<Record<string, string>>,
): Promise<Answer> {
  const { exchange, account } = request;
  const headers = {
    ...extra,
    authorization: `Bearer ${account.token}`,
    'x-bowsprit-purpose': exchange.call.purpose,
  };
  return measured(metrics, request, () =>
    before(deadline(), (signal) => exchange.send(headers, signal)),
  );
}

/** Reads: conditional, and one request for all who ask the same at one time. */
function createReads(parts: TransportParts): (request: Request) => Promise<Answer> {
  const onTheirWay = new Map<string, Promise<Answer>>();

  async function get(request: Request, key: string): Promise<Answer> {
    const { exchange, account } = request;
    const { answer, freshness } = await conditionally(
      parts.etags,
      { key, url: exchange.url },
      (headers) => once(parts, request, headers),
    );
    parts.metrics.cached(freshness, exchange.template, account.hash);
    return answer;
  }
  return async (request) => {
    const { exchange, account } = request;
    const key = [account.hash, exchange.accept, exchange.url].join(' ');
    const other = exchange.call.fresh === true ? undefined : onTheirWay.get(key);
    if (other !== undefined) {
      parts.metrics.cached('COALESCED', exchange.template, account.hash);
      return other.catch((error: unknown) => {
        // Another activity's cancellation is not ours.
        if (error instanceof CancelledFailure) return get(request, key);
        throw error;
      });
    }
    const answer = get(request, key);
    onTheirWay.set(key, answer);
    try {
      return await answer;
    } finally {
      if (onTheirWay.get(key) === answer) onTheirWay.delete(key);
    }
  };
}

/** Writes: paced, the urgent ones first. */
function write(parts: TransportParts, gate: Gate, request: Request): Promise<Answer> {
  const { exchange, account } = request;
  const { lane = 'command' } = exchange.call;
  const start = performance.now();
  const creates = exchange.method === 'POST' && CREATES.test(exchange.template);
  return gate.write(account.hash, { lane, creates, until: parts.deadline().at }, () => {
    const waited = (performance.now() - start) / 1000;
    parts.metrics.waited(account.hash, exchange.method, waited);
    parts.metrics.cached('SKIP', exchange.template, account.hash);
    return once(parts, request, {});
  });
}

/** The one way to GitHub: guards, authorises, queues, caches, measures, and translates errors. */
export function createTransport(parts: TransportParts): (exchange: Exchange) => Promise<Answer> {
  const gate = createGate(parts.limits);
  const read = createReads(parts);

  return async (exchange) => {
    if (parts.dryRun) refuseWrites(exchange);
    const token = await parts.token.current();
    const request = { exchange, account: { token, hash: tokenHash(token) } };
    const { hash } = request.account;
    gate.check(hash);
    try {
      return await (exchange.method === 'GET' ? read(request) : write(parts, gate, request));
    } catch (error) {
      if (statusOf(error) === 401) parts.token.distrust();
      const failure = toFailure(error);
      // Our own pacing says nothing about GitHub.
      if (failure !== error) gate.learn(hash, failure);
      throw failure;
    }
  };
}
