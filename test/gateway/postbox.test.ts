import { expect, test } from 'vitest';
import { createPostbox, type Mail } from '../../gateway/webhook/postbox.ts';
import type { Message } from '../../workflows/contract.ts';

function mail(number: number, key: string): Mail {
  const place = { repository: { org: 'acme', repo: 'app' }, repositoryId: 1 };
  const event = { kind: 'recheck' as const, key, guid: '', at: '', sender: '', why: 'test' };
  return {
    to: 'pullRequest',
    input: { ...place, number },
    signal: 'mail',
    body: { ...place, events: [event] },
  };
}

function keysOf(message: Message): readonly string[] {
  return 'body' in message && 'events' in message.body
    ? message.body.events.map((event) => event.key)
    : [];
}

/** A Temporal that takes each signal only when it is told to. */
function slowTemporal() {
  const sent: (readonly string[])[] = [];
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  return {
    sent,
    next: async (failure?: Error) => {
      const one = waiting.shift();
      if (failure) one?.reject(failure);
      else one?.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    },
    mailer: {
      signalWithStart: (message: Message) =>
        new Promise<void>((resolve, reject) => {
          sent.push(keysOf(message));
          waiting.push({ resolve, reject });
        }),
    },
  };
}

test('what comes while a signal is under way goes with the next one, in its order', async () => {
  const temporal = slowTemporal();
  const postbox = createPostbox(temporal.mailer);

  const posted = ['a', 'b', 'c'].map((key) => postbox.post(mail(7, key)));
  await temporal.next();
  await temporal.next();

  await Promise.all(posted);
  expect(temporal.sent).toEqual([['a'], ['b', 'c']]);
});

test('entities do not wait for each other', async () => {
  const temporal = slowTemporal();
  const postbox = createPostbox(temporal.mailer);

  const posted = [postbox.post(mail(7, 'a')), postbox.post(mail(8, 'b'))];
  await temporal.next();
  await temporal.next();

  await Promise.all(posted);
  expect(temporal.sent).toEqual([['a'], ['b']]);
});

test('a signal that fails fails for all that it carried, and for no other', async () => {
  const temporal = slowTemporal();
  const postbox = createPostbox(temporal.mailer);

  const [first, second] = ['a', 'b'].map((key) => postbox.post(mail(7, key)));
  const refused = expect(first).rejects.toThrow('away');
  await temporal.next(new Error('away'));
  await temporal.next();

  await refused;
  await expect(second).resolves.toBeUndefined();
  expect(temporal.sent).toEqual([['a'], ['b']]);
});
