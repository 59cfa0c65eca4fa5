import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import {
  type PracticeSite,
  practiceSite,
  publishPool,
  publishPull,
  publishRun,
  uuidOf,
  writeArtifact,
  writeLog,
} from './practice-site.ts';

let database: TestDatabase;
let site: PracticeSite;

beforeAll(async () => {
  database = await freshDatabase();
  site = await practiceSite(database.db);
  await publishRun(database.db, site, 1);
  await publishPool(database.db);
  await publishPull(database.db);
  await writeLog(site, 1, 'log');
  await writeArtifact(site, 1, ['a.txt', 'a']);
});
afterAll(async () => {
  await site.app.close();
  await database.drop();
});

const ODD = [
  '%00',
  'a%00b',
  '-'.repeat(36),
  '..',
  '%2e%2e',
  '..%2f..%2f..%2fetc%2fpasswd',
  '%2fetc%2fpasswd',
  '..%5c..%5cx',
  '99999999999999999999',
  '4294967296',
  '1e309',
  'NaN',
  '%ff',
  '%ed%a0%80',
  '%f0%9f%92%a9',
  "'%3b--",
  '%25%25%25',
  '*'.repeat(200),
  '2026-99-99T99:99:99Z_00000000-0000-4000-8000-000000000001',
  '%3Cscript%3Ealert(1)%3C%2Fscript%3E',
  '%0d%0aSet-Cookie:%20a=b',
  'x'.repeat(900),
  '__proto__',
  'constructor',
];

const run = uuidOf(1);
const ADDRESSES: readonly ((odd: string) => string)[] = [
  (odd) => `/${odd}`,
  (odd) => `/runs/${odd}`,
  (odd) => `/runs/${odd}/log`,
  (odd) => `/runs/${run}/log/after?from=${odd}`,
  (odd) => `/runs/${run}/artifacts/${odd}`,
  (odd) => `/pull/${odd}/widgets/7`,
  (odd) => `/pull/Acme/${odd}/7`,
  (odd) => `/pull/Acme/widgets/${odd}`,
  (odd) => `/log?job=${odd}&id=${odd}`,
  (odd) => `/log?job=${odd}&job=b&id[x]=1`,
  (odd) => `/view/gs/bucket/${odd}/${odd}`,
  (odd) => `/view/prowjob/${odd}`,
  (odd) => `/prowjob?prowjob=${odd}`,
  (odd) => `/pr-history/?org=${odd}&repo=${odd}&pr=${odd}`,
  (odd) => `/badge.svg?jobs=${odd}`,
  (odd) => `/tide.js?var=${odd}`,
  (odd) => `/tide-history.js?var=${odd}`,
  (odd) => `/prowjobs.js?omit=${odd}&org=${odd}&repo=${odd}&owner=${odd}`,
  (odd) => `/plugin-help.js?var=${odd}`,
  (odd) => `/command-help?repo=${odd}`,
  (odd) => `/pulls?repo=${odd}&author=${odd}&after=${odd}&query=${odd}`,
  (odd) => `/tide?repo=${odd}`,
  ...['type', 'state', 'repo', 'pull', 'author', 'job', 'cluster', 'after'].map(
    (name) => (odd: string) => `/?${name}=${odd}`,
  ),
  (odd) => `/?job=${odd}&job=${odd}`,
];

test.for(ADDRESSES.map((address) => [address('ODD'), address] as const))(
  '%s: odd parameters are answered, never by a failure, and say nothing of ours',
  async ([, address]) => {
    const wrong: string[] = [];
    for (const odd of ODD) {
      const { statusCode, body, headers } = await site.app.inject({
        url: address(odd),
        headers: { accept: 'text/html' },
      });
      const leaks = /root:x:|<script>alert|node_modules|SELECT /.test(body);
      if (statusCode >= 500 || leaks || headers['set-cookie'] !== undefined) {
        wrong.push(`${statusCode} ${address(odd)}`);
      }
    }

    expect(wrong).toEqual([]);
  },
);
