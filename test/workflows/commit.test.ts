import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AddressedMail, Message } from '../../workflows/contract.ts';
import { temporalAddress } from '../environment.ts';
import { describeWith } from '../tools.ts';
import { type EntityWorld, heard, openEntityWorld, silence } from './entity-world.ts';

describeWith(['temporal'], 'a commit', () => {
  let world: EntityWorld;
  beforeAll(async () => {
    silence();
    world = await openEntityWorld(temporalAddress());
  });
  afterAll(() => world.close());

  test('tells each of its pull requests each event once, and ends when it is quiet', {
    timeout: 40_000,
  }, async () => {
    const { repository } = world;
    const mail = (keys: readonly string[]): Message => {
      const body: AddressedMail = { repository, repositoryId: 1, events: keys.map(heard) };
      const input = { repository, repositoryId: 1, sha: 'abc' };
      return { to: 'commit', input, signal: 'mail', body };
    };

    const handle = await world.send(mail(['one', 'two']));
    await world.send(mail(['two', 'three']));
    await handle.result();

    const told = world.told.flatMap((message) => {
      if (message.to !== 'pullRequest' || !('events' in message.body)) return [];
      const { number } = message.input;
      return message.body.events.map(({ key }) => `${number} ${key}`);
    });
    expect(told.sort()).toEqual(['7 one', '7 three', '7 two', '8 one', '8 three', '8 two']);
  });
});
