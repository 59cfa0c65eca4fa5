import { createHmac, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { PEOPLE } from './configuration.ts';
import type { BenchGitHub, Delivery } from './github.ts';
import type { Stage } from './stage.ts';
import { clock, quiet } from './waiting.ts';

const commented = z.looseObject({
  issue: z.looseObject({ number: z.number() }),
  comment: z.looseObject({ id: z.number() }),
});

/** What became of a webhook that was posted. */
export interface Posted {
  readonly number: number;
  readonly body: string;
  readonly status: number;
  /** Milliseconds since 1970, when it was sent. */
  readonly sentAt: number;
  readonly tookMs: number;
}

/** Posts comments to the gateway as GitHub does, without anybody writing them. */
export interface Speaker {
  readonly numbers: readonly number[];
  say(number: number, body: string): Promise<Posted>;
}

/** Opens pull requests and learns from the emulator how webhooks on them look. */
export async function openSpeaker(stage: Stage, repo: string, count: number): Promise<Speaker> {
  const { github, hook } = stage;
  const tag = randomUUID().slice(0, 8);
  const pulls = Array.from({ length: count }, (_, index) => ({
    title: `${tag} ${index}`,
    files: { [`${tag}-${index}.txt`]: 'one line\n' },
  }));
  const numbers = await github.open(repo, pulls);
  for (const number of numbers)
    await github.say(repo, number, PEOPLE.reviewer, 'Looks interesting.');
  await quiet(github, 2_000);
  const samples = await samplesOf(github, repo, numbers);
  let id = 5_000_000_000 + Math.floor(Math.random() * 1_000_000_000);
  return {
    numbers,
    async say(number, body) {
      const sample = samples.get(number);
      if (sample === undefined) throw new Error(`nobody commented on #${number}`);
      id += 1;
      const text = JSON.stringify(withComment(JSON.parse(sample.request.body), { id, body }));
      return post(hook, sample, { number, body, text });
    },
  };
}

async function samplesOf(github: BenchGitHub, repo: string, numbers: readonly number[]) {
  const wanted = new Set(numbers);
  const samples = new Map<number, Delivery>();
  for (const delivery of await github.deliveries()) {
    if (delivery.event !== 'issue_comment') continue;
    const payload = commented
      .extend({ repository: z.looseObject({ full_name: z.string() }) })
      .parse(JSON.parse(delivery.request.body));
    if (payload.repository.full_name !== repo || !wanted.has(payload.issue.number)) continue;
    samples.set(payload.issue.number, delivery);
  }
  return samples;
}

function withComment(sample: unknown, comment: { readonly id: number; readonly body: string }) {
  const payload = commented.parse(sample);
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const times = { created_at: now, updated_at: now };
  return { ...payload, comment: { ...payload.comment, ...comment, ...times } };
}

async function post(
  hook: Stage['hook'],
  sample: Delivery,
  { number, body, text }: { readonly number: number; readonly body: string; readonly text: string },
): Promise<Posted> {
  const signature = createHmac('sha256', hook.secret).update(text).digest('hex');
  const { 'X-Hub-Signature': _old, ...headers } = sample.request.headers;
  const sentAt = clock();
  const answer = await fetch(hook.url, {
    method: 'POST',
    headers: {
      ...headers,
      'X-GitHub-Delivery': randomUUID(),
      'X-Hub-Signature-256': `sha256=${signature}`,
    },
    body: text,
    signal: AbortSignal.timeout(30_000),
  });
  await answer.arrayBuffer();
  return { number, body, status: answer.status, sentAt, tookMs: clock() - sentAt };
}

/** Does something at a steady pace, without waiting for one to end before the next begins. */
export async function atPace<T>(
  { perSecond, count }: { readonly perSecond: number; readonly count: number },
  act: (index: number) => Promise<T>,
): Promise<readonly T[]> {
  const began = clock();
  const under: Promise<T>[] = [];
  for (let index = 0; index < count; index += 1) {
    const due = began + (index * 1_000) / perSecond - clock();
    if (due > 1) await new Promise((resolve) => setTimeout(resolve, due));
    under.push(act(index));
  }
  return Promise.all(under);
}
