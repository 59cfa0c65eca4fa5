import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../activities/database/database.ts';
import { saveOpenHead } from '../../activities/database/open-heads.ts';
import { savePullRequest } from '../../activities/database/pull-requests.ts';
import { createConflictActivities } from '../../activities/solved-conflicts.ts';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import { describeWith } from '../tools.ts';

describeWith(['postgres'], 'conflicts with a branch that moved', () => {
  let own: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    own = await freshDatabase();
    db = own.db;
  });
  afterAll(() => own.drop());

  async function open(number: number, mergeable: boolean | null, baseRef = 'main'): Promise<void> {
    const key = { org: 'Acme', repo: 'boat', number, version: 1 };
    const headSha = `head-${number}`;
    await saveOpenHead(db, { ...key, repositoryId: 1, headSha, baseRef, title: '', author: '' });
    await savePullRequest(db, { ...key, record: { mergeable } });
  }

  test('are asked of git again, of that branch and of no other pull request, and the solved ones named, whatever becomes of one', async () => {
    await open(1, false);
    await open(2, false);
    await open(3, null);
    await open(4, true);
    await open(5, false, 'release');
    await open(6, false);
    const asked: string[] = [];
    const warned: string[] = [];
    const activities = createConflictActivities({
      db,
      git: {
        ensure: async () => undefined,
        mergeTree: async (_repository, base, head) => {
          asked.push(`${head} onto ${base}`);
          if (head === 'head-1') throw new Error('its fork is gone');
          return head === 'head-2' ? { kind: 'conflict', files: [] } : { kind: 'clean', tree: '' };
        },
      },
      warn: (reason) => warned.push(reason),
    });

    const repository = { org: 'acme', repo: 'boat' };
    const question = { repository, branch: 'main', baseSha: 'moved' };

    expect(await activities.findSolvedConflicts(question)).toEqual([
      { number: 6, headSha: 'head-6' },
    ]);
    expect(asked).toEqual(['head-1 onto moved', 'head-2 onto moved', 'head-6 onto moved']);
    expect(warned).toEqual(['#1 is not looked at: Error: its fork is gone']);
  });
});
