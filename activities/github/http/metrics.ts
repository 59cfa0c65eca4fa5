import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** One answered request, for the metrics. */
export interface Measured {
  readonly tokenHash: string;
  /** The route's template: never a name from outside. */
  readonly path: string;
  readonly status: string;
  readonly seconds: number;
  readonly purpose: string;
}

/** How an answer came about, in the words of Prow's ghproxy. */
export type CacheMode = 'MISS' | 'CHANGED' | 'REVALIDATED' | 'COALESCED' | 'SKIP' | 'ERROR';

/** What the client tells Prometheus; Prow's names where Prow has one. */
export interface GitHubMetrics {
  answered(measured: Measured): void;
  timedOut(measured: Omit<Measured, 'status'>): void;
  waited(tokenHash: string, requestType: string, seconds: number): void;
  cached(mode: CacheMode, path: string, tokenHash: string): void;
  budget(tokenHash: string, headers: Readonly<Record<string, unknown>>): void;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

function createSeries(registers: Registry[]) {
  return {
    duration: new Histogram({
      name: 'github_request_duration',
      help: 'Seconds that GitHub took to answer.',
      labelNames: ['token_hash', 'path', 'status', 'user_agent'],
      buckets: SECONDS,
      registers,
    }),
    timeouts: new Histogram({
      name: 'github_request_timeouts',
      help: 'Seconds after which requests to GitHub were given up.',
      labelNames: ['token_hash', 'path', 'user_agent'],
      buckets: SECONDS,
      registers,
    }),
    wait: new Histogram({
      name: 'github_request_wait_duration_seconds',
      help: 'Seconds that requests waited for their turn.',
      labelNames: ['token_hash', 'request_type', 'api'],
      buckets: SECONDS,
      registers,
    }),
    cache: new Counter({
      name: 'ghcache_responses',
      help: 'How answers came about.',
      labelNames: ['mode', 'path', 'user_agent', 'token_hash'],
      registers,
    }),
    usage: new Gauge({
      name: 'github_token_usage',
      help: 'Requests that are left to the token.',
      labelNames: ['token_hash', 'api_version', 'ratelimit_resource'],
      registers,
    }),
    reset: new Gauge({
      name: 'github_token_reset',
      help: 'Nanoseconds until the token has all its requests again.',
      labelNames: ['token_hash', 'api_version', 'ratelimit_resource'],
      registers,
    }),
    calls: new Counter({
      name: 'bowsprit_github_calls_total',
      help: 'Requests to GitHub by what they were for.',
      labelNames: ['purpose', 'status'],
      registers,
    }),
  };
}

/** Registers the series; once per registry. */
export function createGitHubMetrics(registry: Registry, userAgent: string): GitHubMetrics {
  const series = createSeries([registry]);
  const user_agent = userAgent;
  return {
    answered({ tokenHash: token_hash, path, status, seconds, purpose }) {
      series.duration.observe({ token_hash, path, status, user_agent }, seconds);
      series.calls.inc({ purpose, status });
    },
    timedOut({ tokenHash: token_hash, path, seconds, purpose }) {
      series.timeouts.observe({ token_hash, path, user_agent }, seconds);
      series.calls.inc({ purpose, status: 'timeout' });
    },
    waited(token_hash, request_type, seconds) {
      series.wait.observe({ token_hash, request_type, api: 'v3' }, seconds);
    },
    cached(mode, path, token_hash) {
      series.cache.inc({ mode, path, user_agent, token_hash });
    },
    budget(token_hash, headers) {
      const left = Number(headers['x-ratelimit-remaining'] ?? Number.NaN);
      const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
      if (Number.isNaN(left) || Number.isNaN(reset)) return;
      const ratelimit_resource = String(headers['x-ratelimit-resource'] ?? 'core');
      const labels = { token_hash, api_version: 'v3', ratelimit_resource };
      series.usage.set(labels, left);
      series.reset.set(labels, Math.max(0, reset * 1000 - Date.now()) * 1e6);
    },
  };
}
