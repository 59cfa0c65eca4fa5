import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../activities/database/database.ts';
import { appendMergeRecord, listMergeHistory } from '../../activities/database/merge-history.ts';
import {
  forgetHead,
  listOpenPulls,
  type OpenHead,
  pullRequestsByHead,
  purgeClosedHeads,
  saveOpenHead,
} from '../../activities/database/open-heads.ts';
import { listPools, readPool, savePool } from '../../activities/database/pools.ts';
import {
  listPullRequests,
  readPullRequest,
  savePullRequest,
} from '../../activities/database/pull-requests.ts';
import { readVerdicts, saveVerdict } from '../../activities/database/verdicts.ts';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import { describeWith } from '../tools.ts';

const head: OpenHead = {
  org: 'Acme',
  repo: 'boat',
  number: 7,
  version: 1,
  repositoryId: 42,
  headSha: 'a'.repeat(40),
  baseRef: 'main',
  title: 'Sail',
  author: 'ann',
};

describeWith(['postgres'], 'versioned rows', () => {
  let own: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    own = await freshDatabase();
    db = own.db;
  });
  afterAll(() => own.drop());

  test('an open head is found by its commit, whatever the case of the names', async () => {
    await saveOpenHead(db, head);

    const found = await pullRequestsByHead(db, { org: 'acme', repo: 'BOAT', sha: head.headSha });

    expect(found).toEqual([head]);
  });

  test('a late older head does not replace a newer one, nor bring back a closed one', async () => {
    await saveOpenHead(db, { ...head, number: 8, version: 5, title: 'new' });
    await saveOpenHead(db, { ...head, number: 8, version: 4, title: 'old' });
    const newest = await listOpenPulls(db, { org: 'Acme', repo: 'boat', baseRef: 'main' });
    expect(newest.find((pull) => pull.number === 8)?.title).toBe('new');

    await forgetHead(db, { org: 'acme', repo: 'boat', number: 8, version: 6 });
    await saveOpenHead(db, { ...head, number: 8, version: 5 });

    const open = await listOpenPulls(db, { org: 'Acme', repo: 'boat' });
    expect(open.map((pull) => pull.number)).toEqual([7]);
    expect(await purgeClosedHeads(db, new Date(Date.now() + 60_000))).toBe(1);
  });

  test('many writers of one row leave the newest version', async () => {
    const versions = Array.from({ length: 40 }, (_, index) => ((index * 17) % 40) + 1);
    const key = { org: 'acme', repo: 'boat', number: 9 };

    await Promise.all(
      versions.map((version) => savePullRequest(db, { ...key, version, record: { version } })),
    );

    expect(await readPullRequest(db, key)).toMatchObject({ version: 40, record: { version: 40 } });
    expect(await listPullRequests(db, { org: 'ACME' })).toHaveLength(1);
    expect(await listPullRequests(db, { org: 'other' })).toEqual([]);
  });

  test('a pool keeps its newest snapshot', async () => {
    const key = { org: 'acme', repo: 'boat', branch: 'main' };
    await savePool(db, { ...key, version: 2, snapshot: { members: [7] } });
    await savePool(db, { ...key, version: 1, snapshot: { members: [] } });

    expect(await readPool(db, { ...key, org: 'ACME' })).toMatchObject({
      version: 2,
      snapshot: { members: [7] },
    });
    expect(await listPools(db)).toHaveLength(1);
    expect(await readPool(db, { ...key, branch: 'Main' })).toBeUndefined();
  });

  test('history is appended once per act and read in pages', async () => {
    const pool = { org: 'acme', repo: 'boat', branch: 'main' };
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
    for (const minute of [1, 2, 3, 3]) {
      await appendMergeRecord(db, {
        ...pool,
        key: `m${minute}`,
        at: at(minute),
        record: { action: 'MERGE' },
      });
    }

    const first = await listMergeHistory(db, pool, { limit: 2 });
    const last = first.at(-1);
    const second = await listMergeHistory(db, pool, last ? { before: last, limit: 2 } : {});

    expect(first.map((row) => row.key)).toEqual(['m3', 'm2']);
    expect(second.map((row) => row.key)).toEqual(['m1']);
  });

  test('a verdict is replaced by a newer one only, and an error is none', async () => {
    const verdict = {
      tree: 't'.repeat(40),
      job: 'unit',
      specHash: 'h1',
      state: 'failure',
      run: '00000000-0000-4000-8000-000000000001',
      at: '2026-01-02T00:00:00.000Z',
    } as const;
    await saveVerdict(db, verdict);
    await saveVerdict(db, { ...verdict, state: 'success', at: '2026-01-01T00:00:00.000Z' });
    expect(await readVerdicts(db, verdict.tree)).toEqual([verdict]);

    const retested = { ...verdict, state: 'success', at: '2026-01-03T00:00:00.000Z' } as const;
    await saveVerdict(db, retested);

    expect(await readVerdicts(db, verdict.tree)).toEqual([retested]);
    await expect(
      db.query(`UPDATE verdicts SET state = 'error' WHERE tree = $1`, [verdict.tree]),
    ).rejects.toThrow(/check constraint/);
  });
});
