import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSlidingWindow } from '../../../activities/github/http/sliding-window.ts';
import {
  createWriteQueue,
  GITHUB_LIMITS,
  type Lane,
  NO_LIMITS,
} from '../../../activities/github/http/write-queue.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A write that takes 10 ms, noted under its name when it starts. */
function note(started: string[], name: string) {
  return async () => {
    started.push(name);
    await new Promise((resolve) => setTimeout(resolve, 10));
  };
}
function write(lane: Lane = 'command', creates = false, within = 600_000) {
  return { lane, creates, until: Date.now() + within };
}

test('a lone write goes at once', async () => {
  const started: string[] = [];

  const done = createWriteQueue(GITHUB_LIMITS).run(write(), note(started, 'only'));
  await vi.advanceTimersByTimeAsync(0);

  expect(started).toEqual(['only']);
  await vi.runAllTimersAsync();
  await done;
});

test('waiting writes go one after the other, by lane', async () => {
  const queue = createWriteQueue(GITHUB_LIMITS);
  const started: string[] = [];
  const lanes: readonly Lane[] = ['repair', 'report', 'status', 'command', 'merge', 'command'];

  const done = lanes.map((lane, n) => queue.run(write(lane), note(started, `${lane} ${n}`)));
  await vi.advanceTimersByTimeAsync(5);
  expect(started).toEqual(['repair 0']);
  await vi.runAllTimersAsync();
  await Promise.all(done);

  expect(started).toEqual([
    'repair 0',
    'merge 4',
    'command 3',
    'command 5',
    'status 2',
    'report 1',
  ]);
});

test('no more than 80 comments a minute, while labels go on', async () => {
  const queue = createWriteQueue(GITHUB_LIMITS);
  const started: string[] = [];
  const done = Array.from({ length: 81 }, () =>
    queue.run(write('command', true), note(started, 'c')),
  );

  await vi.advanceTimersByTimeAsync(2000);
  expect(started).toHaveLength(80);
  done.push(queue.run(write(), note(started, 'label')));
  await vi.advanceTimersByTimeAsync(20);
  expect(started.at(-1)).toBe('label');
  await vi.advanceTimersByTimeAsync(60_000);

  expect(started.at(-1)).toBe('c');
  await Promise.all(done);
});

test('a write whose turn comes too late fails with the time to wait', async () => {
  const queue = createWriteQueue({ ...GITHUB_LIMITS, otherPerMinute: 1 });
  const first = queue.run(write(), async () => 'sent');

  const second = queue.run(write('command', false, 8000), async () => 'sent');

  await expect(second).rejects.toMatchObject({ type: 'GitHubLimited', nextRetryDelay: 60_000 });
  expect(await first).toBe('sent');
});

test('a write that never gets its turn fails before its deadline', async () => {
  const queue = createWriteQueue(GITHUB_LIMITS);
  const hanging = queue.run(write(), () => new Promise((resolve) => setTimeout(resolve, 30_000)));
  const second = queue.run(write('command', false, 8000), async () => 'sent');
  const outcome = expect(second).rejects.toMatchObject({ type: 'GitHubLimited' });

  await vi.advanceTimersByTimeAsync(7600);

  await outcome;
  await vi.runAllTimersAsync();
  await hanging;
});

test('a failed write makes way for the next', async () => {
  const queue = createWriteQueue(GITHUB_LIMITS);
  const failing = queue.run(write(), async () => {
    throw new Error('no');
  });

  await expect(failing).rejects.toThrow('no');
  expect(await queue.run(write(), async () => 'sent')).toBe('sent');
});

test('after a complaint writes go one at a time for a while, and half as many', async () => {
  const queue = createWriteQueue({ ...NO_LIMITS, otherPerMinute: 4 });
  const started: string[] = [];
  queue.slowDown();
  const done = [1, 2, 3].map((n) => queue.run(write(), note(started, `${n}`)));

  await vi.advanceTimersByTimeAsync(5);
  expect(started).toEqual(['1']);
  await vi.advanceTimersByTimeAsync(50);
  expect(started).toEqual(['1', '2']);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(started).toEqual(['1', '2', '3']);
  await Promise.all(done);
});

test('a window lets through its limit in any period', () => {
  const window = createSlidingWindow(2, 1000);
  window.take(0);
  window.take(400);

  expect([window.wait(400), window.wait(999), window.wait(1000)]).toEqual([600, 1, 0]);
});
