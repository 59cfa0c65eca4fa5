import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { startPractice } from './practice.ts';

const HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>';

let github: GitHub;
let number: number;

beforeAll(async () => {
  github = await startPractice();
  ({ number } = await github.control.openPull('acme/shop', {
    author: 'eve',
    title: HOSTILE,
    body: HOSTILE,
    files: { 'b.txt': `${HOSTILE}\n` },
  }));
  github.control.comment({ repo: 'acme/shop', number }, 'eve', HOSTILE);
  github.control.label({ repo: 'acme/shop', number }, 'ann', { add: ['lgtm'] });
});
afterAll(() => github.close());

async function page(path: string): Promise<string> {
  const answer = await fetch(github.url + path);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.text();
}

test.for(['/', '/acme/shop', '/acme/shop/pull/1', '/deliveries'])(
  '%s escapes what people wrote',
  async (path) => {
    const html = await page(path);

    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img');
  },
);

test('a pull request shows its diff, thread and labels', async () => {
  const html = await page(`/acme/shop/pull/${number}`);

  for (const text of ['lgtm', 'eve commented', 'b.txt', '&lt;script>', 'No checks yet']) {
    expect(html).toContain(text);
  }
});

test('a comment typed on the page is a comment by that person', async () => {
  const answer = await fetch(`${github.url}/acme/shop/pull/${number}/comment`, {
    method: 'POST',
    body: new URLSearchParams({ author: 'bob', body: '/lgtm' }),
    redirect: 'manual',
  });

  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/acme/shop/pull/1']);
  expect(github.control.state('acme/shop').issues[number]?.comments.at(-1)).toEqual({
    author: 'bob',
    body: '/lgtm',
  });
});

test('a form of another site cannot comment', async () => {
  const answer = await fetch(`${github.url}/acme/shop/pull/${number}/comment`, {
    method: 'POST',
    headers: { origin: 'http://evil.example' },
    body: new URLSearchParams({ author: 'ann', body: '/approve' }),
  });

  expect(answer.status).toBe(403);
});

test('a script of another site cannot use the control API', async () => {
  const answer = await fetch(`${github.url}/control/reset`, {
    method: 'POST',
    headers: { origin: 'http://evil.example' },
  });

  expect(answer.status).toBe(403);
});
