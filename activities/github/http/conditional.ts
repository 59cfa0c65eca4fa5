import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { EtagStore } from './etag-store.ts';
import { statusOf } from './failure.ts';

/** An answer as Octokit gives it. */
export type Answer = Awaited<ReturnType<Octokit['request']>>;

/** Sends the request with these additional headers. */
export type Send = (headers: Readonly<Record<string, string>>) => Promise<Answer>;

/** How an answer came about: a full one, a changed one, or the kept one confirmed. */
export type Freshness = 'MISS' | 'CHANGED' | 'REVALIDATED';

const stored = z.object({ link: z.string().optional(), data: z.unknown() });

/** Octokit reads numbers beyond 2^53 as bigint, which JSON does not know. */
function plainNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

function keep(store: EtagStore, key: string, answer: Answer): Promise<void> {
  const { etag, link } = answer.headers;
  if (answer.status !== 200 || typeof etag !== 'string') return Promise.resolve();
  return store.set(key, etag, JSON.stringify({ link, data: answer.data }, plainNumbers));
}

/** A GET that GitHub answers with a free 304 when it knows that we have the answer already. */
export async function conditionally(
  store: EtagStore,
  { key, url }: { readonly key: string; readonly url: string },
  send: Send,
): Promise<{ readonly answer: Answer; readonly freshness: Freshness }> {
  const known = await store.get(key);
  const kept = known && stored.safeParse(JSON.parse(known.body));
  if (known === undefined || kept?.success !== true) {
    const answer = await send({});
    await keep(store, key, answer);
    return { answer, freshness: 'MISS' };
  }
  try {
    const answer = await send({ 'if-none-match': known.etag });
    await keep(store, key, answer);
    return { answer, freshness: 'CHANGED' };
  } catch (error) {
    if (statusOf(error) !== 304) throw error;
    const { link, data } = kept.data;
    const headers = { date: dateOf(error), ...(link === undefined ? {} : { link }) };
    return { answer: { status: 200, headers, data, url }, freshness: 'REVALIDATED' };
  }
}

const withDate = z.object({ response: z.object({ headers: z.object({ date: z.string() }) }) });

function dateOf(error: unknown): string {
  const parsed = withDate.safeParse(error);
  return parsed.success ? parsed.data.response.headers.date : new Date().toUTCString();
}
