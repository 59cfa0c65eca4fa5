import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  saveConfigEvents,
  saveConfigState,
  saveConfigWorker,
} from '../../activities/database/config-state.ts';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import { describeWith } from '../tools.ts';
import { type PracticeSite, practiceSite } from './practice-site.ts';

const AT = '2026-11-28T10:00:00.000Z';
const HASH = { old: 'a'.repeat(64), active: 'b'.repeat(64), held: 'c'.repeat(64) };
const offer = { worker: 'host/2', sequence: 2, at: AT, cause: 'change', dropLimit: 0.25 };

describeWith(['postgres'], 'the page of the configuration', () => {
  let own: TestDatabase;
  let site: PracticeSite;
  beforeAll(async () => {
    own = await freshDatabase();
    site = await practiceSite(own.db);
  });
  afterAll(async () => {
    await site.app.close();
    await own.drop();
  });

  const get = async (url: string) => (await site.app.inject({ url })).body;

  test('says that there is none before the first', async () => {
    expect(await get('/configuration')).toContain('None is active yet');
    expect(await get('/readyz')).not.toContain('configuration');
  });

  test('says what is active since when, what was refused where, and what waits for whom', async () => {
    await saveConfigState(own.db, {
      activations: [
        { number: 1, hash: HASH.old, at: AT, by: 'host/1', why: 'the first one' },
        { number: 2, hash: HASH.active, at: AT, by: 'ann', why: 'confirmed' },
      ],
      held: {
        offer: { ...offer, hash: HASH.held },
        since: AT,
        jobs: { before: 10, after: 4, dropped: 6, names: ['presubmit a/b <script>'] },
        repositories: { before: 2, after: 2, dropped: 0, names: [] },
      },
      waiting: [],
      refused: [
        {
          worker: 'host/3',
          at: AT,
          total: 61,
          problems: [{ file: 'jobs/a.yaml', line: 12, field: 'x', text: 'this is no list' }],
        },
      ],
      rejected: [],
    });
    await saveConfigWorker(own.db, { worker: 'host/1', hash: HASH.old, number: 2 });
    await saveConfigEvents(own.db, [
      { key: 'k', at: AT, kind: 'confirmed', hash: HASH.active, number: 0, by: 'ann', text: '' },
    ]);

    const page = await get('/configuration');
    for (const text of [
      'number <strong>2</strong>',
      'ann: confirmed',
      '6 of 10 jobs (60 %)',
      'bowsprit config confirm cccccccccccc',
      'presubmit a/b &lt;script>',
      '5 more are not listed',
      'jobs/a.yaml:12',
      'this is no list',
      '60 more are not listed',
      'were active as number 1',
    ]) {
      expect(page).toContain(text);
    }
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('data-topics="config"');
    const ready = await get('/readyz');
    expect(ready).toContain(`configuration: number 2, ${HASH.active}, since ${AT}`);
    expect(ready).toContain('configuration held back: ccc');
    expect(ready).toContain('configuration refused by host/3: jobs/a.yaml:12: this is no list');
  });

  test('of another shape it shows less, and breaks nothing', async () => {
    await saveConfigState(own.db, { activations: 7, held: 'x', refused: [{ problems: null }] });

    expect((await site.app.inject({ url: '/configuration' })).statusCode).toBe(200);
    expect((await site.app.inject({ url: '/readyz' })).statusCode).toBe(200);
  });
});
