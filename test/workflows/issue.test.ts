import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AddressedMail, Message } from '../../workflows/contract.ts';
import { temporalAddress } from '../environment.ts';
import { describeWith } from '../tools.ts';
import {
  decision,
  type EntityWorld,
  heard,
  openEntityWorld,
  saying,
  silence,
} from './entity-world.ts';

describeWith(['temporal'], 'an issue', () => {
  let world: EntityWorld;
  beforeAll(async () => {
    silence();
    world = await openEntityWorld(temporalAddress());
  });
  afterAll(() => world.close());

  test('decides a burst, and a later one in a new run', { timeout: 40_000 }, async () => {
    world.decide = (input) =>
      decision(input, { effects: input.items.map(({ event }) => saying(event.key, event.key)) });
    const { repository } = world;
    const mail = (keys: readonly string[]): Message => {
      const body: AddressedMail = { repository, repositoryId: 1, events: keys.map(heard) };
      const input = { repository, repositoryId: 1, number: 3 };
      return { to: 'issue', input, signal: 'mail', body };
    };

    const handle = await world.send(mail(['one', 'two', 'one']));
    await handle.result();
    await world.send(mail(['three']));

    const said = () =>
      world.applied.map(({ effect }) => (effect.kind === 'comment' ? effect.body : ''));
    await expect.poll(said, { timeout: 15_000 }).toEqual(['one', 'two', 'three']);
    expect(world.asked.every(({ scope }) => scope === 'issue')).toBe(true);
  });
});
