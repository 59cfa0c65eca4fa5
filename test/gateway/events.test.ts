import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import { type PracticeSite, practiceSite, publishRun, uuidOf } from './practice-site.ts';

let database: TestDatabase;
let site: PracticeSite;
let address: string;

beforeAll(async () => {
  database = await freshDatabase();
  site = await practiceSite(database.db);
  address = await site.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await site.app.close();
  await database.drop();
});

/** Reads a stream until a text has come; gives back all that came, and leaves. */
async function hear(query: string, until: RegExp, headers: Record<string, string> = {}) {
  const leave = new AbortController();
  const response = await fetch(`${address}/events?${query}`, { headers, signal: leave.signal });
  const decoder = new TextDecoder();
  let heard = '';
  for await (const chunk of response.body ?? []) {
    heard += decoder.decode(chunk, { stream: true });
    if (until.test(heard)) break;
  }
  leave.abort();
  return { heard, response };
}

describe('/events', () => {
  it('tells of what was asked for, and of nothing else', async () => {
    const stream = hear(`topic=run:${uuidOf(2)}`, new RegExp(`"run","key":"${uuidOf(2)}"`));
    await hear('topic=run', /resync/);

    await publishRun(database.db, site, 1);
    await publishRun(database.db, site, 2);
    const { heard, response } = await stream;

    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(heard).not.toContain(uuidOf(1));
  });

  it('goes on where a reader was when the connection broke', async () => {
    const first = hear('topic=run', new RegExp(uuidOf(3)));
    await publishRun(database.db, site, 3);
    const id = /id: (\S+)\nevent: change\ndata: .*0003/.exec((await first).heard)?.[1] ?? '';
    const other = hear('topic=run', new RegExp(uuidOf(5)));
    await publishRun(database.db, site, 4);
    await publishRun(database.db, site, 5);
    await other;

    const { heard } = await hear('topic=run', new RegExp(uuidOf(5)), { 'last-event-id': id });

    expect(heard).toContain(uuidOf(4));
    expect(heard).not.toContain(uuidOf(3));
  });

  it('says that everything may have changed to who comes from another gateway', async () => {
    const { heard } = await hear('topic=run:x', /resync/, { 'last-event-id': 'elsewhere-7' });

    expect(heard).toContain('"topic":"resync"');
  });
});
