import { z } from 'zod';
import { dryRunViolation } from './failure.ts';

/** A request that wants to leave. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly query?: unknown;
}

const query = z.string();

function onlyReads({ method, url, query: text }: Outgoing): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  if (method !== 'POST' || !url.endsWith('/graphql')) return false;
  const parsed = query.safeParse(text);
  return parsed.success && !/\b(mutation|subscription)\b/.test(parsed.data);
}

/** Throws `DryRunViolation` for everything that could change something; nothing else guards it. */
export function refuseWrites(outgoing: Outgoing): void {
  if (!onlyReads(outgoing)) throw dryRunViolation(outgoing.method, outgoing.url);
}
