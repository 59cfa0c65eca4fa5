import { readdirSync, readFileSync } from 'node:fs';
import { type ReplayResult, Worker } from '@temporalio/worker';
import { beforeAll, expect, test } from 'vitest';
import { workflowBundle } from './bundle.ts';

/** Lives of workflows in the play of practice mode, as the server recorded them; never edited. */
const FOLDER = new URL('../histories/', import.meta.url);
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

interface Recorded {
  readonly events: readonly { readonly activityTaskScheduledEventAttributes?: unknown }[];
}

let bundle: { readonly codePath: string };
beforeAll(async () => {
  bundle = await workflowBundle();
}, 120_000);

function recorded(name: string): Recorded {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));
}

async function replay(name: string, history: unknown): Promise<ReplayResult | undefined> {
  const one = [{ workflowId: name, history }];
  for await (const result of Worker.runReplayHistories({ workflowBundle: bundle }, one)) {
    return result;
  }
  return undefined;
}

test('there is a recorded life of each workflow that has a state', () => {
  const kinds = NAMES.map((name) => name.split('-')[0]);

  expect(kinds).toEqual(
    expect.arrayContaining([
      ...[
        'branch',
        'commit',
        'config',
        'issue',
        'job',
        'mergePool',
        'pullRequest',
        'repair',
        'slots',
      ],
    ]),
  );
});

test.for(NAMES)('%s is lived again by the code of today', { timeout: 60_000 }, async (name) => {
  const result = await replay(name, recorded(name));

  expect(result?.error).toBeUndefined();
});

test('a life that the code of today would not lead is noticed', async () => {
  const { events } = recorded('commit-play.json');
  const text = JSON.stringify({ events }).replaceAll('pullRequestsOfCommit', 'somethingElse');

  const result = await replay('commit', JSON.parse(text));

  expect(String(result?.error)).toContain('determinism');
});
