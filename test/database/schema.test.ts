import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../activities/database/database.ts';
import { migrate } from '../../activities/database/migrate.ts';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import { describeWith } from '../tools.ts';

describeWith(['postgres'], 'migrations', () => {
  let own: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    own = await freshDatabase();
    db = own.db;
  });
  afterAll(() => own.drop());

  const table = (number: number, name: string) => ({
    number,
    name,
    sql: `CREATE TABLE ${name} (id integer)`,
  });

  test('several processes that migrate at once apply each step once', async () => {
    const steps = [table(1001, 'one'), table(1002, 'two')];

    await Promise.all(Array.from({ length: 5 }, () => migrate(db, steps)));

    const rows = await db.query<{ number: number }>(
      'SELECT number FROM migrations WHERE number > 1000 ORDER BY number',
    );
    expect(rows.map((row) => row.number)).toEqual([1001, 1002]);
  });

  test('a step that fails leaves nothing behind and names itself', async () => {
    const broken = {
      number: 1003,
      name: 'broken',
      sql: 'CREATE TABLE three (id integer); SELECT nonsense',
    };

    await expect(migrate(db, [broken])).rejects.toThrow('migration 1003 (broken) failed');

    expect(await db.query(`SELECT to_regclass('three') AS name`)).toEqual([{ name: null }]);
    await expect(migrate(db, [table(1003, 'three')])).resolves.toBeUndefined();
  });
});
