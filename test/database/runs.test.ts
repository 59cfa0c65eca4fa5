import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../activities/database/database.ts';
import {
  countRuns,
  latestRuns,
  listProwJobs,
  listRuns,
  type RunRecord,
  readRun,
  readRunByBuild,
  saveRun,
} from '../../activities/database/runs.ts';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import { describeWith } from '../tools.ts';

/** Run number `n`: two per minute, so that pages must be told apart by uuid as well. */
function run(n: number, changes: Partial<RunRecord> = {}): RunRecord {
  return {
    uuid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    version: 1,
    org: 'Acme',
    repo: 'boat',
    number: 7,
    job: n % 3 === 0 ? 'lint' : 'unit',
    type: 'presubmit',
    state: 'pending',
    context: 'ci/unit',
    buildId: String(1000 + n),
    description: 'Job triggered.',
    author: 'ann',
    baseRef: 'main',
    headSha: 'a'.repeat(40),
    cluster: 'local',
    url: `http://localhost/view/${n}`,
    owner: 'pr/acme/boat/7',
    logLocation: `file:///logs/${n}`,
    createdAt: new Date(Date.UTC(2026, 0, 1, 0, Math.floor(n / 2))).toISOString(),
    completedAt: null,
    prowjob: { metadata: { name: n } },
    ...changes,
  };
}

describeWith(['postgres'], 'runs', () => {
  let own: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    own = await freshDatabase();
    db = own.db;
    for (let n = 1; n <= 10; n += 1) await saveRun(db, run(n));
    await saveRun(db, run(11, { type: 'periodic', number: null, repo: 'other', state: 'success' }));
  });
  afterAll(() => own.drop());

  test('a run is read as it was written, by uuid or by job and build', async () => {
    const { uuid } = run(4);

    expect(await readRun(db, uuid)).toEqual(run(4));
    expect(await readRunByBuild(db, { job: 'unit', buildId: '1004' })).toEqual(run(4));
    expect(await readRunByBuild(db, { job: 'lint', buildId: '1004' })).toBeUndefined();
    expect(await readRun(db, 'no-uuid')).toBeUndefined();
  });

  test('a transition that arrives late changes nothing', async () => {
    const completedAt = '2026-01-01T01:00:00.000Z';
    const done = run(5, { version: 3, state: 'success', completedAt });
    await saveRun(db, done);
    await saveRun(db, run(5, { version: 2, state: 'pending' }));

    expect(await readRun(db, done.uuid)).toEqual(done);
  });

  test('pages follow each other without a gap or a double', async () => {
    const seen: string[] = [];
    let page = await listRuns(db, {}, { limit: 3 });
    while (page.length > 0) {
      seen.push(...page.map((row) => row.uuid));
      const after = page.at(-1);
      page = await listRuns(db, {}, after ? { after, limit: 3 } : {});
    }

    expect(seen).toEqual(Array.from({ length: 11 }, (_, index) => run(11 - index).uuid));
  });

  test.for([
    [{ org: 'acme' }, 11],
    [{ org: 'acme', repo: 'BOAT' }, 10],
    [{ number: 7, job: 'lint' }, 3],
    [{ type: 'periodic' }, 1],
    [{ state: 'success', repo: 'boat' }, 1],
    [{ author: 'ANN', cluster: 'local' }, 11],
    [{ org: 'nobody' }, 0],
  ] as const)('filter %j leaves %i', async ([filter, count]) => {
    expect(await listRuns(db, filter)).toHaveLength(count);
    expect(await listProwJobs(db, filter)).toHaveLength(count);
  });

  test('the newest run of each job stands for a pull request', async () => {
    const latest = await latestRuns(db, { org: 'acme', repo: 'boat', number: 7 });

    expect(latest.map((row) => [row.job, row.buildId])).toEqual([
      ['lint', '1009'],
      ['unit', '1010'],
    ]);
  });

  test('facets count what one can filter by', async () => {
    const facets = await countRuns(db, { org: 'acme' });

    expect(facets.filter((facet) => facet.field === 'repository')).toEqual([
      { field: 'repository', value: 'Acme/boat', count: 10 },
      { field: 'repository', value: 'Acme/other', count: 1 },
    ]);
    expect(facets.find((facet) => facet.value === 'lint')?.count).toBe(3);
  });
});
