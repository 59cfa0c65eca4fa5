import { Context } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test, vi } from 'vitest';
import { beatWhileWorking } from '../../workers/heartbeats.ts';

/** An activity at work until it is told to end. */
function atWork(heartbeatTimeoutMs: number | undefined) {
  const environment = new MockActivityEnvironment(
    heartbeatTimeoutMs === undefined ? {} : { heartbeatTimeoutMs },
  );
  let beats = 0;
  environment.on('heartbeat', () => {
    beats += 1;
  });
  let end: (answer: string) => void = () => {};
  const answer = new Promise<string>((resolve) => {
    end = resolve;
  });
  const done = environment.run(async () => {
    const { inbound } = beatWhileWorking(Context.current());
    return inbound?.execute?.({ args: [], headers: {} }, () => answer);
  });
  return { beats: () => beats, end, done };
}

test('an activity whose death must be noticed says that it lives, until it ends', async () => {
  const activity = atWork(10_000);

  await vi.waitUntil(() => activity.beats() >= 2, { timeout: 10_000 });
  activity.end('its answer');

  expect(await activity.done).toBe('its answer');
});

test('others say nothing', async () => {
  const quiet = atWork(undefined);
  const other = atWork(10_000);

  await vi.waitUntil(() => other.beats() >= 2, { timeout: 10_000 });

  expect(quiet.beats()).toBe(0);
  quiet.end('');
  other.end('');
  await Promise.all([quiet.done, other.done]);
});
