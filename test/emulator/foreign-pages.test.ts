import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GitHub, startGitHub } from '../github/server.ts';

let github: GitHub;
beforeAll(async () => {
  github = await startGitHub();
});
afterAll(() => github.close());

/** Asks with headers that `fetch` does not let one set. */
function ask(method: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const { hostname, port } = new URL(github.url);
  return new Promise((resolve, reject) => {
    const path = method === 'GET' ? '/rate_limit' : '/control/seed';
    const sent = request({ hostname, port, method, path, headers, timeout: 5_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.once('error', reject).end(method === 'GET' ? '' : '{}');
  });
}

const HERE = '127.0.0.1:8890';

test.for([
  ['POST', {}, 200],
  ['POST', { host: HERE, origin: `http://${HERE}`, 'sec-fetch-site': 'same-origin' }, 200],
  ['POST', { host: HERE, origin: 'https://evil.example' }, 403],
  ['POST', { host: HERE, origin: 'http://127.0.0.1:1234' }, 403],
  ['POST', { host: HERE, origin: 'null' }, 403],
  ['POST', { host: HERE, 'sec-fetch-site': 'cross-site' }, 403],
  ['POST', { host: 'evil.example', origin: 'http://evil.example' }, 403],
  ['GET', { host: HERE, 'sec-fetch-site': 'cross-site' }, 200],
  ['GET', { host: 'evil.example', 'sec-fetch-site': 'same-origin' }, 403],
  ['GET', { host: 'github.test' }, 200],
] as const)('%s with %j is answered %i', async ([method, headers, status]) => {
  expect(await ask(method, headers)).toBe(status);
});
