import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AddressedMail, Message } from '../../workflows/contract.ts';
import type { PushEvent } from '../../workflows/domain/event.ts';
import { temporalAddress } from '../environment.ts';
import { describeWith } from '../tools.ts';
import { decision, type EntityWorld, openEntityWorld, runOf, silence } from './entity-world.ts';

const SOON = { timeout: 15_000, interval: 50 };

function pushed(after: string): PushEvent {
  return {
    kind: 'push',
    key: `push:main:${after}`,
    guid: '',
    at: '2026-01-01T00:00:00Z',
    sender: 'somebody',
    ref: 'main',
    before: 'before',
    after,
    deleted: false,
    forced: false,
    compareUrl: '',
    deliveryId: '',
  };
}

describeWith(['temporal'], 'a branch', () => {
  let world: EntityWorld;
  beforeAll(async () => {
    silence();
    world = await openEntityWorld(temporalAddress());
  });
  afterAll(() => world.close());

  test('decides its pushes, wakes its pool with the newest head, tells those whose conflict it solved, and ends when it is quiet', {
    timeout: 40_000,
  }, async () => {
    const uuid = crypto.randomUUID();
    world.decide = (input) => decision(input, { runs: [runOf(input, uuid, 'push')] });
    const { repository } = world;
    const body: AddressedMail = {
      repository,
      repositoryId: 1,
      events: [pushed('one'), pushed('two'), pushed('one')],
    };
    const input = { repository, repositoryId: 1, ref: 'main' };
    const message: Message = { to: 'branch', input, signal: 'mail', body };

    const handle = await world.send(message);
    await expect.poll(() => world.told.length, SOON).toBe(2);
    await handle.result();

    expect(world.decided).toEqual([['push:main:one', 'push:main:two']]);
    expect(world.begun).toEqual([uuid]);
    expect(world.told).toMatchObject([
      { to: 'mergePool', signal: 'baseMoved', input: { branch: 'main' }, body: { after: 'two' } },
      {
        to: 'pullRequest',
        input: { number: 9 },
        body: { events: [{ kind: 'mergeability', headSha: 'solved', mergeable: true }] },
      },
    ]);
  });

  test('decides a push while git still looks for conflicts that the one before solved', {
    timeout: 40_000,
  }, async () => {
    const { repository } = world;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    world.beforeLook = () => ended;
    world.decide = (input) => decision(input);
    const before = world.told.length;
    const send = (after: string) =>
      world.send({
        to: 'branch',
        input: { repository, repositoryId: 1, ref: 'busy' },
        signal: 'mail',
        body: { repository, repositoryId: 1, events: [{ ...pushed(after), ref: 'busy' }] },
      });
    const told = () => world.told.slice(before).map(({ to }) => to);

    await send('three');
    await expect.poll(told, SOON).toEqual(['mergePool']);
    const handle = await send('four');
    await expect.poll(told, SOON).toEqual(['mergePool', 'mergePool']);
    end();
    await expect.poll(told, SOON).toEqual(['mergePool', 'mergePool', 'pullRequest', 'pullRequest']);
    await handle.terminate();

    expect(world.told.at(-1)?.body).toMatchObject({
      events: [{ key: 'mergeable:solved:four:2026-01-01T00:00:00Z' }],
    });
  });
});
