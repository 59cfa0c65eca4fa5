import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { observeAttempt } from '../../../activities/local/observe-attempt.ts';
import { identify } from '../../../activities/local/process-identity.ts';
import { enlist, FILES, folderOf } from '../../../activities/local/run-folder.ts';

const ROUNDS = 400;
let root = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'observe-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What a supervisor does first, in another process: for us all at once. */
function claimAndLeaveTheList(name: { uuid: string; attempt: number }): void {
  const claim = JSON.stringify(identify(process.pid));
  writeFileSync(join(folderOf(root, name), FILES.supervisor), claim);
  rmSync(join(root, 'waiting'), { recursive: true });
}

test('whoever looks while a supervisor takes its attempt never finds it missing', async () => {
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const name = { uuid: randomUUID(), attempt: 1 };
    mkdirSync(folderOf(root, name), { recursive: true });
    await enlist(root, 'waiting', { ...name, since: round });

    const look = observeAttempt(root, name);
    for (let wait = 0; wait < round % 20; wait += 1) await new Promise(setImmediate);
    claimAndLeaveTheList(name);
    seen.add((await look).phase);
  }

  expect([...seen]).toEqual(['waiting']);
});
