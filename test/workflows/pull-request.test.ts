import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CarriedEntity, MergeAnswer, Message } from '../../workflows/contract.ts';
import type { Decision, DecisionInput } from '../../workflows/domain/decision.ts';
import type { DomainEvent } from '../../workflows/domain/event.ts';
import { temporalAddress } from '../environment.ts';
import { describeWith } from '../tools.ts';
import {
  decision,
  done,
  type EntityWorld,
  heard,
  labelled,
  memberOf,
  openEntityWorld,
  recordOf,
  runOf,
  saying,
  silence,
} from './entity-world.ts';

const SOON = { timeout: 15_000, interval: 50 };
const LATER = { timeout: 80_000, interval: 200 };

const keysOf = ({ items }: DecisionInput) => items.map(({ event }) => event.key);
const hears = (input: DecisionInput, key: string) => keysOf(input).includes(key);

/** Says each event's key once. */
function echo(input: DecisionInput): Decision {
  return decision(input, { effects: keysOf(input).map((key) => saying(key, key)) });
}

function said(world: EntityWorld): readonly string[] {
  return world.applied.flatMap(({ effect }) => (effect.kind === 'comment' ? [effect.body] : []));
}

function answers(world: EntityWorld): readonly MergeAnswer[] {
  return world.told.flatMap(({ body }) => ('token' in body && 'allowed' in body ? [body] : []));
}

function question(world: EntityWorld, token: string): Message {
  const pool = `pool/org/${world.repository.repo}/main`;
  const input = { repository: world.repository, repositoryId: 1, number: 5 };
  return { to: 'pullRequest', input, signal: 'mayMerge', body: { token, headSha: 'head', pool } };
}

/** Eligible until somebody says `hold`. */
function untilHeld(input: DecisionInput): Decision {
  const held = hears(input, 'hold') || input.record?.labels['hold']?.present === true;
  const labels = { hold: { present: held, at: '' } };
  return decision(input, {
    member: memberOf(input, !held),
    record: recordOf(input, { labels }),
  });
}

describeWith(['temporal'], 'a pull request', () => {
  let world: EntityWorld;
  beforeAll(silence);
  const opened: EntityWorld[] = [];
  const openWorld = async () => {
    const it = await openEntityWorld(temporalAddress());
    opened.push(it);
    return it;
  };
  afterAll(async () => {
    await Promise.all(opened.map((it) => it.close()));
  });
  beforeAll(async () => {
    world = await openWorld();
  });

  test('decides its events in order, each meaning once, and carries each effect out once', async () => {
    world.decide = echo;

    await world.mail(1, [heard('a'), heard('b'), heard('a')]);
    await world.mail(1, [heard('b'), heard('c')]);
    await expect.poll(() => said(world).length, SOON).toBe(3);
    await world.mail(1, [heard('a'), heard('d')]);
    await expect.poll(() => said(world).length, SOON).toBe(4);

    expect(world.decided.flat()).toEqual(['a', 'b', 'c', 'd']);
    expect(said(world)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('what fails for GitHub being away is tried again until it is decided', async () => {
    let failures = 4;
    world.decide = (input) => {
      if (hears(input, 'transient') && failures > 0) {
        failures -= 1;
        throw ApplicationFailure.create({ message: '502', type: 'GitHubUnavailable' });
      }
      return echo(input);
    };

    await world.mail(2, [heard('transient')]);

    await expect.poll(() => said(world), SOON).toContain('transient');
    expect(world.buried).toEqual([]);
  });

  test('a plugin that could not decide is asked again, alone, also about an event that was made up', async () => {
    world.decide = (input) => {
      const [item] = input.items;
      if (item?.plugins !== undefined) {
        return decision(input, { effects: [saying(`${item.plugins} ${item.event.key}`, 'late')] });
      }
      const undecided = { eventKey: 'opened', plugin: 'approve', message: 'no', transient: true };
      const madeUp = [{ event: heard('opened'), attempt: 1 }];
      return decision(input, { heard: ['opened'], madeUp, undecided: [undecided] });
    };

    await world.mail(3, [heard('comment')]);
    await expect.poll(() => said(world), SOON).toContain('approve opened');
    await world.mail(3, [heard('opened'), heard('other')]);
    await expect.poll(() => world.decided.flat(), SOON).toContain('other');

    const keys = world.decided.flat().filter((key) => key === 'opened');
    expect(keys).toHaveLength(1);
  });

  test('what rests on a thing whose changes nobody tells is decided again after its time, until it rests on it no more', async () => {
    world.decide = (input) =>
      decision(input, input.items[0]?.event.kind === 'recheck' ? {} : { lookAgain: 100 });

    await world.mail(8, [heard('first')]);

    await expect
      .poll(() => world.asked.filter(({ number }) => number === 8).length, SOON)
      .toBeGreaterThan(1);
    const seen = world.asked.filter(({ number }) => number === 8);
    expect(seen.map(({ items }) => items.map(({ event }) => event.kind))).toEqual([
      [heard('first').kind],
      ['recheck'],
    ]);
  });

  test('one cause starts one run', async () => {
    const uuid = `00000000-0000-5000-8000-${Date.now()}`.slice(0, 36);
    world.decide = (input) => decision(input, { runs: [runOf(input, uuid, 'cause')] });

    await world.mail(4, [heard('one')]);
    await expect.poll(() => world.begun, SOON).toContain(uuid);
    await world.mail(4, [heard('two')]);
    await expect.poll(() => world.decided.flat(), SOON).toContain('two');
    await world.client.workflow.getHandle(`job/${uuid}`).result();
    await world.mail(4, [heard('three')]);
    await expect.poll(() => world.decided.flat(), SOON).toContain('three');

    expect(world.begun.filter((begun) => begun === uuid)).toHaveLength(1);
  });

  test('a question of the pool is answered after what came before it', async () => {
    world.decide = untilHeld;

    await world.mail(5, [heard('ready')]);
    await world.send(question(world, 'first'));
    await expect.poll(() => answers(world).length, SOON).toBe(1);
    await world.mail(5, [heard('hold')]);
    await world.send(question(world, 'second'));
    await expect.poll(() => answers(world).length, SOON).toBe(2);

    expect(answers(world)).toMatchObject([
      { token: 'first', allowed: true, reason: '' },
      { token: 'second', allowed: false },
    ]);
  });

  test('a hold that comes while the pool is being told is heard before the question after it', async () => {
    const mine = await openWorld();
    mine.decide = untilHeld;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let telling = false;
    mine.beforeTell = async (message) => {
      if (message.to !== 'mergePool' || message.signal !== 'memberChanged') return;
      telling = true;
      await held;
    };

    await mine.mail(5, [heard('ready')]);
    await expect.poll(() => telling, SOON).toBe(true);
    await mine.mail(5, [heard('hold')]);
    await mine.send(question(mine, 'late'));
    release();

    await expect.poll(() => answers(mine).length, SOON).toBe(1);
    expect(answers(mine)).toMatchObject([{ token: 'late', allowed: false }]);
  });

  test('what GitHub refuses is said in words', async () => {
    world.decide = (input) => decision(input, { effects: [labelled('big', true, 'cause')] });
    world.apply = ({ effect }) =>
      effect.kind === 'add-label'
        ? { kind: 'refused', status: 403, message: 'Resource not accessible' }
        : done();

    await world.mail(6, [heard('label it')]);

    await expect
      .poll(() => said(world).at(-1), SOON)
      .toContain(
        'I could not add the label `big`: GitHub answered “Resource not accessible” (403)',
      );
    world.apply = () => done();
  });

  test('a grant whose commits were replaced is not given, and that is said', async () => {
    const grant = { ...labelled('lgtm', true, 'cause'), forHead: 'old' };
    world.decide = (input) => decision(input, { effects: [grant] });
    world.apply = ({ effect }) =>
      effect.kind === 'add-label' ? { kind: 'skipped', reason: 'the head moved' } : done();

    await world.mail(7, [heard('lgtm')]);

    await expect.poll(() => said(world).at(-1), SOON).toContain('it was meant for commit old');
    world.apply = () => done();
  });

  test.concurrent('an event that can never be decided is given up after five tries; its neighbours are decided', {
    timeout: 90_000,
  }, async ({ expect: check }) => {
    const mine = await openWorld();
    let tries = 0;
    mine.decide = (input) => {
      if (hears(input, 'poison')) {
        if (input.items.length === 1 && input.quick) tries += 1;
        throw new Error('it is poison');
      }
      return echo(input);
    };

    await mine.mail(1, [heard('left'), heard('poison'), heard('right')]);
    await check.poll(() => said(mine), SOON).toEqual(['left', 'right']);
    await check.poll(() => mine.buried.length, LATER).toBe(1);
    await mine.mail(1, [heard('later')]);
    await check.poll(() => said(mine), SOON).toContain('later');

    check(mine.buried).toMatchObject([{ event: { key: 'poison' }, message: 'it is poison' }]);
    check(tries).toBe(5);
    check(said(mine)).toEqual(['left', 'right', 'later']);
  });

  test.concurrent('an effect that does not get through is parked, replaced by a newer one, and the mailbox goes on', {
    timeout: 90_000,
  }, async ({ expect: check }) => {
    const mine = await openWorld();
    let isDown = true;
    const attempts: string[] = [];
    mine.apply = ({ effect, key }) => {
      attempts.push(`${effect.kind} ${key}`);
      if (isDown && key.startsWith('label:')) throw new Error('GitHub is down');
      return done();
    };
    mine.decide = (input) => {
      const effects = keysOf(input).flatMap((key) => [
        ...(key === 'hold' ? [labelled('hold', true, key), labelled('other', true, key)] : []),
        ...(key === 'unhold' ? [labelled('hold', false, key)] : []),
        saying(key, key),
      ]);
      return decision(input, { effects });
    };

    await mine.mail(1, [heard('hold')]);
    await check.poll(() => said(mine), SOON).toEqual(['hold']);
    await mine.mail(1, [heard('meanwhile')]);
    await check.poll(() => said(mine), LATER).toEqual(['hold', 'meanwhile']);
    const waiting = mine.asked.at(-1)?.waiting.map(({ key }) => key);
    await mine.mail(1, [heard('unhold')]);
    await check.poll(() => said(mine).length, LATER).toBe(3);
    isDown = false;
    const wrote = () =>
      mine.applied
        .map(({ effect, key }) => `${effect.kind} ${key}`)
        .filter((write) => write.includes('label:'))
        .sort();
    await check.poll(() => wrote().length, LATER).toBe(2);

    check(waiting?.sort()).toEqual(['label:hold', 'label:other']);
    check(wrote()).toEqual(['add-label label:other', 'remove-label label:hold']);
    const last = attempts.lastIndexOf('add-label label:hold');
    check(last).toBeLessThan(attempts.indexOf('remove-label label:hold'));
  });

  test.concurrent('under fire it begins a new run with its mailbox, its memory and what is parked', {
    timeout: 90_000,
  }, async ({ expect: check }) => {
    const mine = await openWorld();
    let isDown = true;
    mine.apply = ({ key }) => {
      if (isDown && key === 'label:slow') throw new Error('GitHub is down');
      return done();
    };
    mine.decide = (input) => {
      const keys = keysOf(input);
      const slow = hears(input, 'first') ? [labelled('slow', true, 'first')] : [];
      return decision(input, { effects: [...slow, saying(keys.join(' '), keys[0] ?? '')] });
    };
    // A decision may be worked out twice (a task that lost its race with new mail), but counts once.
    const counted = () => said(mine).flatMap((body) => body.split(' '));

    const handle = await mine.mail(1, [heard('first')]);
    const isParked = async () => (await handle.query<CarriedEntity>('state')).parked.length;
    await check.poll(isParked, LATER).toBe(1);
    const { runId } = await handle.describe();
    const keys: string[] = ['first'];
    for (let round = 0; round < 60; round += 1) {
      const events: DomainEvent[][] = Array.from({ length: 20 }, (_, index) => [
        heard(`${round}-${index}`),
        heard(`${round}-${index}`),
      ]);
      keys.push(...events.map(([event]) => event?.key ?? ''));
      await Promise.all(events.map((mail) => mine.mail(1, mail)));
      await mine.mail(1, [heard('first'), heard(`${round}-0`)]);
    }
    await check.poll(() => new Set(counted()).size, LATER).toBe(keys.length);
    isDown = false;
    const labels = () => mine.applied.filter(({ key }) => key.startsWith('label:'));
    await check.poll(() => labels().length, LATER).toBe(1);

    check((await handle.describe()).runId).not.toBe(runId);
    check(counted().sort()).toEqual(keys.sort());
    check(labels()).toMatchObject([{ key: 'label:slow', again: true }]);
  });
});
