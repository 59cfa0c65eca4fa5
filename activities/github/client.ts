import { Octokit } from '@octokit/rest';
import { LRUCache } from 'lru-cache';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { createDeadlines } from './http/deadline.ts';
import { type EtagStore, memoryEtags } from './http/etag-store.ts';
import { createGitHubMetrics } from './http/metrics.ts';
import { fileToken, fixedToken, type TokenSource } from './http/token.ts';
import { type CallOptions, createTransport, type Exchange } from './http/transport.ts';
import { GITHUB_LIMITS, NO_LIMITS, type WriteLimits } from './http/write-queue.ts';

/** How to reach GitHub. */
export interface GitHubOptions {
  /** Base of the REST API: `https://api.github.com`, or an enterprise server's `…/api/v3`. */
  readonly endpoint: string;
  /** A token, or the file that holds it and may change. */
  readonly token: string | { readonly file: string };
  readonly version: string;
  /** No request that could change anything leaves. */
  readonly dryRun: boolean;
  /** Default: in this process. */
  readonly etags?: EtagStore;
  /** Default: a registry of its own. Two clients need two. */
  readonly registry?: Registry;
  /** Default: GitHub's own on github.com, none elsewhere. */
  readonly limits?: WriteLimits;
  /** Milliseconds for a request outside of an activity. */
  readonly timeoutMs?: number;
}

/** Requests typed by route, as Octokit has them. */
export type Ask = Octokit['request'];

/** What is remembered of people, teams and settings, so that nobody asks twice in ten minutes. */
export interface Memory {
  readonly members: LRUCache<string, boolean>;
  readonly collaborators: LRUCache<string, ReadonlySet<string>>;
  readonly single: LRUCache<string, boolean>;
  readonly teams: LRUCache<string, ReadonlySet<string>>;
  readonly login: LRUCache<string, string>;
  readonly mergeMethods: LRUCache<string, readonly ('merge' | 'squash' | 'rebase')[]>;
}

/** GitHub, for everyone. Every failure that leaves it is a Temporal failure (`FAILURES`). */
export interface GitHub {
  readonly dryRun: boolean;
  /** Requests for one purpose. */
  readonly ask: (options: CallOptions) => Ask;
  readonly memory: Memory;
}

const TEN_MINUTES = 10 * 60_000;
const DEFAULT_TIMEOUT = 8000;
const OUR_HEADERS = { 'x-github-api-version': '2022-11-28' };

const callOptions = z.object({
  purpose: z.string(),
  lane: z.enum(['merge', 'command', 'status', 'report', 'repair']).exactOptional(),
  fresh: z.boolean().exactOptional(),
});

function createMemory(): Memory {
  const ttl = TEN_MINUTES;
  return {
    members: new LRUCache({ max: 10_000, ttl }),
    collaborators: new LRUCache({ max: 1000, ttl }),
    single: new LRUCache({ max: 10_000, ttl }),
    teams: new LRUCache({ max: 1000, ttl }),
    login: new LRUCache({ max: 1 }),
    mergeMethods: new LRUCache({ max: 1000, ttl }),
  };
}

function isGitHubDotCom(endpoint: string): boolean {
  return new URL(endpoint).hostname.endsWith('github.com');
}

function silentLog() {
  const nothing = () => undefined;
  return { debug: nothing, info: nothing, warn: nothing, error: nothing };
}

/** The client: one per process and account. */
export function createGitHub(options: GitHubOptions): GitHub {
  const userAgent = `bowsprit/${options.version}`;
  const token: TokenSource =
    typeof options.token === 'string' ? fixedToken(options.token) : fileToken(options.token.file);
  const transport = createTransport({
    token,
    dryRun: options.dryRun,
    etags: options.etags ?? memoryEtags(),
    limits: options.limits ?? (isGitHubDotCom(options.endpoint) ? GITHUB_LIMITS : NO_LIMITS),
    metrics: createGitHubMetrics(options.registry ?? new Registry(), userAgent),
    deadline: createDeadlines(options.timeoutMs ?? DEFAULT_TIMEOUT),
  });
  const octokit = new Octokit({ baseUrl: options.endpoint.replace(/\/+$/, ''), log: silentLog() });
  octokit.hook.wrap('request', async (request, requested) => {
    const { method, url } = octokit.request.endpoint(requested);
    const exchange: Exchange = {
      method,
      template: requested.url,
      url,
      accept: String(requested.headers.accept),
      query: requested['query'],
      call: callOptions.parse(requested.request?.['call'] ?? { purpose: 'unnamed' }),
      send: async (headers, signal) => {
        // An inner hook of Octokit is bound to these very options: a copy would not reach it.
        Object.assign(requested.headers, headers, OUR_HEADERS, { 'user-agent': userAgent });
        Object.assign(requested.request, { signal });
        return request(requested);
      },
    };
    return transport(exchange);
  });
  return {
    dryRun: options.dryRun,
    ask: (call) => octokit.request.defaults({ request: { call } }),
    memory: createMemory(),
  };
}
