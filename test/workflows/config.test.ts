import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { activeConfig, saveConfigContent } from '../../activities/database/config-snapshots.ts';
import {
  listConfigEvents,
  readConfigState,
  saveConfigWorker,
} from '../../activities/database/config-state.ts';
import { saveOpenHead } from '../../activities/database/open-heads.ts';
import { freshDatabase, type TestDatabase, temporalAddress } from '../environment.ts';
import { describeWith } from '../tools.ts';
import { type ConfigWorld, filesOf, openConfigWorld } from './config-world.ts';
import { silence } from './entity-world.ts';

const SOON = { timeout: 15_000, interval: 50 };
const TEN = Array.from({ length: 10 }, (_, index) => `job-${index}`);

describeWith(['temporal', 'postgres'], 'the config workflow', () => {
  let own: TestDatabase;
  let world: ConfigWorld;
  beforeAll(silence);
  beforeEach(async () => {
    own = await freshDatabase();
    world = await openConfigWorld(temporalAddress(), own.db);
  });
  afterEach(async () => {
    await world.close();
    await own.drop();
  });

  const pull = (repo: string, number: number) =>
    saveOpenHead(own.db, {
      org: 'acme',
      repo,
      number,
      version: 1,
      repositoryId: 7,
      headSha: 'a'.repeat(40),
      baseRef: 'main',
      title: '',
      author: 'ann',
    });
  const kinds = async () => (await listConfigEvents(own.db)).map(({ kind }) => kind).reverse();

  test('numbers what becomes active, and tells only those whose part changed', async () => {
    await pull('app', 1);
    await pull('other', 2);
    const first = await world.offer('A/1', filesOf(TEN), { cause: 'start' });
    await expect.poll(() => activeConfig(own.db), SOON).toMatchObject({ number: 1, hash: first });
    expect(world.told).toEqual([]);

    const second = await world.offer('A/1', filesOf([...TEN, 'one-more']));
    await expect.poll(() => activeConfig(own.db), SOON).toMatchObject({ number: 2, hash: second });
    await expect.poll(async () => (await world.state()).told?.number, SOON).toBe(2);

    expect(world.told).toMatchObject([
      {
        to: 'pullRequest',
        input: { repository: { org: 'acme', repo: 'app' }, number: 1, repositoryId: 7 },
        body: { events: [{ kind: 'recheck', key: 'config:2', configNumber: 2 }] },
      },
    ]);
    expect((await world.store.current(2)).snapshot.hash).toBe(second);
    await expect(world.store.current(3)).rejects.toThrow('but 3 is known elsewhere');
  });

  test('a change of what is everybody’s concerns everybody', async () => {
    await pull('app', 1);
    await pull('other', 2);
    await world.offer('A/1', filesOf(TEN), { cause: 'start' });
    await world.offer('A/1', filesOf(TEN, { extra: 'github: {link_url: "https://ghe.test"}\n' }));

    await expect.poll(async () => (await world.state()).told?.number, SOON).toBe(2);

    expect(world.told).toHaveLength(2);
  });

  test('holds back what drops too much, until somebody confirms it, once', async () => {
    const before = await world.offer('A/1', filesOf(TEN), { cause: 'start' });
    const few = await world.offer('A/1', filesOf(TEN.slice(0, 7)));
    await expect.poll(async () => (await world.state()).held?.offer.hash, SOON).toBe(few);

    const { held } = await world.state();
    expect(await activeConfig(own.db)).toMatchObject({ number: 1, hash: before });
    expect(held?.jobs).toMatchObject({ before: 10, after: 7, dropped: 3 });
    expect(held?.jobs.names).toEqual([7, 8, 9].map((n) => `presubmit acme/app job-${n}`));
    await expect(world.say('confirm', { hash: '0'.repeat(12), by: 'ann' })).rejects.toThrow();

    const result = await world.say('confirm', { hash: few.slice(0, 12), by: 'ann' });

    expect(result).toEqual({ hash: few, number: 2, text: 'active, as number 2' });
    expect(await activeConfig(own.db)).toMatchObject({ number: 2, hash: few, by: 'ann' });
    await expect(world.say('confirm', { hash: few, by: 'ann' })).rejects.toThrow();
    await expect.poll(kinds, SOON).toEqual(['activated', 'held', 'confirmed', 'activated']);
    const said = (await listConfigEvents(own.db)).find(({ kind }) => kind === 'confirmed');
    expect(said).toMatchObject({ by: 'ann', hash: few });
  });

  test('a share below the limit needs nobody, and so does any under a limit of 1', async () => {
    await world.offer('A/1', filesOf(TEN), { cause: 'start' });
    await world.offer('A/1', filesOf(TEN.slice(0, 8)));
    const one = await world.offer('A/1', filesOf(['job-0']), { dropLimit: 1 });

    await expect.poll(() => activeConfig(own.db), SOON).toMatchObject({ number: 3, hash: one });
  });

  test('what was rejected does not come back, and what is active stays', async () => {
    const before = await world.offer('A/1', filesOf(TEN), { cause: 'start' });
    const few = await world.offer('A/1', filesOf(['job-0']));
    await expect.poll(async () => (await world.state()).held?.offer.hash, SOON).toBe(few);

    const { text } = await world.say('reject', { hash: few, by: 'bob' });
    await world.offer('B/1', filesOf(['job-0']), { cause: 'start' });
    await world.offer('C/1', filesOf(TEN), { cause: 'start' });
    await expect.poll(async () => (await world.state()).stands['C/1']?.number, SOON).toBe(1);

    expect(text).toContain('what is active stays');
    expect((await world.state()).held).toBeUndefined();
    expect(await world.numbers()).toEqual([before]);
  });

  test('what a worker refuses, or we cannot read, leaves the last good one and is shown', async () => {
    const good = await world.offer('A/1', filesOf(TEN), { cause: 'start' });
    await world.complain('A/1', 'this must be a mapping');
    const text = '{"kind":"files","files":{"config":{"name":"config.yaml","text":"tide: 7\\n"}}}';
    const hash = 'b'.repeat(64);
    await saveConfigContent(own.db, { hash, content: text });
    await saveConfigWorker(own.db, { worker: 'B/1', hash, number: 0 });
    await world.offer('B/1', filesOf(TEN), { cause: 'start', hash });
    await expect.poll(async () => (await world.state()).refused.length, SOON).toBe(2);

    expect(await world.numbers()).toEqual([good]);
    const { refused } = await world.state();
    expect(refused[0]?.problems[0]).toMatchObject({ file: 'config.yaml', line: 3 });
    expect(refused[1]).toMatchObject({ worker: 'B/1', hash, total: 1 });
    expect(refused[1]?.problems[0]).toMatchObject({ file: 'config.yaml', line: 1, field: 'tide' });
    await expect
      .poll(() => readConfigState(own.db), SOON)
      .toMatchObject({ refused: [{ worker: 'A/1' }, { worker: 'B/1' }] });

    await world.offer('A/1', filesOf(TEN));
    await expect.poll(async () => (await world.state()).refused.length, SOON).toBe(1);
  });

  test('an older worker that starts again changes nothing; alone, it brings its own back', async () => {
    const old = await world.offer('A/1', filesOf(TEN), { cause: 'start' });
    const fresh = await world.offer('B/1', filesOf([...TEN, 'new']), { cause: 'start' });
    const again = { cause: 'start', rollbackAfterMs: 1_500 } as const;
    await world.offer('A/2', filesOf(TEN), again);
    await expect.poll(async () => (await world.state()).waiting.length, SOON).toBe(1);
    expect(await world.numbers()).toEqual([old, fresh]);

    await world.leave('B/1');

    await expect.poll(() => world.numbers(), SOON).toEqual([old, fresh, old]);
  });

  test('a database that is away delays it, and loses nothing', async () => {
    const first = await world.offer('A/1', filesOf(TEN), { cause: 'start' });
    await expect.poll(() => activeConfig(own.db), SOON).toMatchObject({ number: 1 });
    await world.store.current(1);
    world.away = true;
    const second = await world.offer('A/1', filesOf([...TEN, 'new']));
    await world.complain('B/1', 'never mind');
    expect((await world.store.current(0)).snapshot.hash).toBe(first);

    world.away = false;

    await expect
      .poll(() => activeConfig(own.db), { timeout: 30_000, interval: 100 })
      .toMatchObject({ number: 2, hash: second });
    await expect.poll(kinds, SOON).toHaveLength(3);
    expect(new Set(await kinds())).toEqual(new Set(['activated', 'refused']));
  });

  test('a database that was lost learns again what is active, from the next worker that starts', async () => {
    await world.offer('A/1', filesOf(TEN), { cause: 'start' });
    const second = await world.offer('A/1', filesOf([...TEN, 'new']));
    await expect.poll(() => activeConfig(own.db), SOON).toMatchObject({ number: 2 });
    await own.db.query('TRUNCATE config_snapshots, config_contents, config_state, config_workers');

    await world.offer('B/1', filesOf([...TEN, 'new']), { cause: 'start' });

    await expect.poll(() => activeConfig(own.db), SOON).toMatchObject({ number: 2, hash: second });
    const third = await world.offer('B/1', filesOf([...TEN, 'newer']));
    await expect.poll(() => activeConfig(own.db), SOON).toMatchObject({ number: 3, hash: third });
  });

  test('begun anew, it goes on counting where the database stands', async () => {
    const first = await world.offer('A/1', filesOf(TEN), { cause: 'start' });
    await expect.poll(() => activeConfig(own.db), SOON).toMatchObject({ number: 1 });
    await world.handle().terminate();

    await world.offer('A/2', filesOf(TEN), { cause: 'start' });
    const second = await world.offer('A/2', filesOf([...TEN, 'new']));

    await expect.poll(() => world.numbers().catch(() => []), SOON).toEqual([first, second]);
    expect(await activeConfig(own.db)).toMatchObject({ number: 2, hash: second });
  });
});
