import { type Agent, type IncomingMessage, request as requestPlain } from 'node:http';
import { type RequestOptions, request as requestSecure } from 'node:https';
import { text } from 'node:stream/consumers';
import type { BuildCluster } from './build-clusters.ts';
import { errorOf, unreachable } from './cluster-error.ts';

/** A request to a cluster's API. */
export interface ClusterRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  /** Ends a stream. */
  readonly signal?: AbortSignal;
}

/** The way to one cluster's API. Everything that fails for now is `ClusterUnreachable`. */
export interface Transport {
  readonly alias: string;
  /** The JSON that was answered. Throws `ClusterRefusal`. */
  json(request: ClusterRequest): Promise<unknown>;
  /** An answer that goes on: a watch, a log. Throws `ClusterRefusal`. */
  stream(request: ClusterRequest): Promise<IncomingMessage>;
}

/** Hears of every request, by method. */
export type CountRequest = (alias: string, method: string) => void;

const LIMIT_MS = 15_000;
/** Certificates are renewed: connections are not kept longer than this. */
const AGENT_AGE_MS = 10 * 60_000;

/** Opens one; credentials and their renewal are the Kubernetes client's business. */
export function createTransport(cluster: BuildCluster, count: CountRequest = () => {}): Transport {
  const { alias } = cluster;
  const connect = createConnector(cluster);
  const send = async (request: ClusterRequest, signal: AbortSignal): Promise<IncomingMessage> => {
    count(alias, request.method);
    try {
      const answer = await exchange(await connect(), request, signal);
      const status = answer.statusCode ?? 0;
      if (status < 300) return answer;
      throw errorOf(alias, status, await text(answer));
    } catch (error) {
      throw isNetwork(error) ? unreachable(alias, reasonOf(error)) : error;
    }
  };
  return {
    alias,
    async json(request) {
      const answer = await send(request, AbortSignal.timeout(LIMIT_MS));
      try {
        return JSON.parse(await text(answer));
      } catch (error) {
        throw unreachable(alias, reasonOf(error));
      }
    },
    async stream(request) {
      const begun = new AbortController();
      const late = setTimeout(() => begun.abort(new Error('no answer')), LIMIT_MS);
      const signals = request.signal ? [begun.signal, request.signal] : [begun.signal];
      try {
        return await send(request, AbortSignal.any(signals));
      } finally {
        clearTimeout(late);
      }
    },
  };
}

interface Connection {
  readonly server: URL;
  readonly options: RequestOptions;
}

/** Keeps connections, and asks for fresh credentials each time: tokens expire. */
function createConnector(cluster: BuildCluster): () => Promise<Connection> {
  const { alias } = cluster;
  let agent: { readonly is: Agent; readonly since: number; readonly of: object } | undefined;
  return async () => {
    const { config } = cluster;
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) throw unreachable(alias, 'its context names no cluster');
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const isOld = agent?.of !== config || Date.now() - agent.since > AGENT_AGE_MS;
    if (agent === undefined || isOld) {
      const made = options.agent;
      if (typeof made !== 'object') throw unreachable(alias, 'it has no agent');
      Object.assign(made, { keepAlive: true });
      agent = { is: made, since: Date.now(), of: config };
    }
    return { server: new URL(server), options: { ...options, agent: agent.is } };
  };
}

function exchange(
  { server, options }: Connection,
  { method, path, body, contentType = 'application/json' }: ClusterRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const content = body === undefined ? undefined : JSON.stringify(body);
  // Node gives a DELETE no length of its own accord.
  const described = {
    'content-type': contentType,
    'content-length': Buffer.byteLength(content ?? ''),
  };
  const headers = {
    ...options.headers,
    accept: 'application/json',
    ...(content === undefined ? {} : described),
  };
  const url = new URL(server.pathname.replace(/\/$/, '') + path, server);
  const request = server.protocol === 'http:' ? requestPlain : requestSecure;
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, method, headers, signal }, resolve);
    sent.on('error', reject);
    sent.end(content);
  });
}

function isNetwork(error: unknown): boolean {
  return error instanceof Error && ('code' in error || error.name === 'AbortError');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
