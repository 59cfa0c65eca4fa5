import { CancelledFailure } from '@temporalio/common';
import { type Answer, conditionally } from './conditional.ts';
import { before, type Deadline } from './deadline.ts';
import { refuseWrites } from './dry-run.ts';
import type { EtagStore } from './etag-store.ts';
import { limited, limitOf, statusOf, toFailure } from './failure.ts';
import type { GitHubMetrics } from './metrics.ts';
import { type TokenSource, tokenHash } from './token.ts';
import { createWriteQueue, type Lane, type WriteLimits, type WriteQueue } from './write-queue.ts';

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

/** Routes that create what people are notified of. */
const CREATES = /\/(comments|replies|reviews|issues|pulls)$/;

/** The one way to GitHub: guards, authorises, queues, caches, measures, and translates errors. */
export function createTransport(parts: TransportParts): (exchange: Exchange) => Promise<Answer> {
  const { metrics } = parts;
  const onTheirWay = new Map<string, Promise<Answer>>();
  const queues = new Map<string, WriteQueue>();
  const blockedUntil = new Map<string, number>();

  function queueOf(hash: string): WriteQueue {
    const queue = queues.get(hash) ?? createWriteQueue(parts.limits);
    queues.set(hash, queue);
    return queue;
  }
  function learn(error: unknown, { hash }: Account): unknown {
    if (statusOf(error) === 401) parts.token.distrust();
    const failure = toFailure(error);
    const wait = limitOf(failure);
    if (wait !== undefined) {
      blockedUntil.set(hash, Math.max(blockedUntil.get(hash) ?? 0, Date.now() + wait));
      queueOf(hash).slowDown();
    }
    return failure;
  }
  function stopIfBlocked({ hash }: Account): void {
    const left = (blockedUntil.get(hash) ?? 0) - Date.now();
    if (left > 0) throw limited('GitHub asked to wait', left);
  }
  async function measured(exchange: Exchange, account: Account, send: () => Promise<Answer>) {
    const start = performance.now();
    const measure = {
      tokenHash: account.hash,
      path: exchange.template,
      purpose: exchange.call.purpose,
    };
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
  function once(exchange: Exchange, account: Account, extra: Readonly<Record<string, string>>) {
    const headers = {
      ...extra,
      authorization: `Bearer ${account.token}`,
      'x-bowsprit-purpose': exchange.call.purpose,
    };
    return measured(exchange, account, () =>
      before(parts.deadline(), (signal) => exchange.send(headers, signal)),
    );
  }
  async function get(exchange: Exchange, account: Account, key: string): Promise<Answer> {
    const { answer, freshness } = await conditionally(
      parts.etags,
      { key, url: exchange.url },
      (headers) => once(exchange, account, headers),
    );
    metrics.cached(freshness, exchange.template, account.hash);
    return answer;
  }
  async function joined(exchange: Exchange, account: Account): Promise<Answer> {
    const key = [account.hash, exchange.accept, exchange.url].join(' ');
    const other = exchange.call.fresh === true ? undefined : onTheirWay.get(key);
    if (other !== undefined) {
      metrics.cached('COALESCED', exchange.template, account.hash);
      return other.catch((error: unknown) => {
        // Another activity's cancellation is not ours.
        if (error instanceof CancelledFailure) return get(exchange, account, key);
        throw error;
      });
    }
    const answer = get(exchange, account, key);
    onTheirWay.set(key, answer);
    try {
      return await answer;
    } finally {
      if (onTheirWay.get(key) === answer) onTheirWay.delete(key);
    }
  }
  function write(exchange: Exchange, account: Account): Promise<Answer> {
    const { lane = 'command' } = exchange.call;
    const start = performance.now();
    const creates = exchange.method === 'POST' && CREATES.test(exchange.template);
    return queueOf(account.hash).run({ lane, creates, until: parts.deadline().at }, () => {
      metrics.waited(account.hash, exchange.method, (performance.now() - start) / 1000);
      metrics.cached('SKIP', exchange.template, account.hash);
      // Others may have been told to wait while this one stood in line.
      stopIfBlocked(account);
      return once(exchange, account, {});
    });
  }
  return async (exchange) => {
    if (parts.dryRun) refuseWrites(exchange);
    const token = await parts.token.current();
    const account = { token, hash: tokenHash(token) };
    stopIfBlocked(account);
    try {
      return await (exchange.method === 'GET'
        ? joined(exchange, account)
        : write(exchange, account));
    } catch (error) {
      throw learn(error, account);
    }
  };
}
