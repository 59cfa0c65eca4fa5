import { randomBytes } from 'node:crypto';
import type { Change } from '../../activities/database/change.ts';
import type { Database } from '../../activities/database/database.ts';
import { listen, type Subscription } from '../../activities/database/listen.ts';

/** A change with its place in the stream. */
export interface NumberedChange {
  readonly id: string;
  readonly change: Change;
}

/** One subscription to the database for all pages that are open. */
export interface ChangeHub {
  /** The newest change known: a page that is made now holds everything up to it. */
  lastId(): string;
  /** Changes from now on, and those after `lastId`, or a `resync` if they are not known any more. */
  subscribe(listener: (numbered: NumberedChange) => void, lastId?: string): () => void;
  close(): Promise<void>;
}

const REMEMBERED = 1_000;

/** Makes the hub; the database is not asked before somebody listens. */
export function createChangeHub(database: Database): ChangeHub {
  // Numbers mean nothing to another process, or to this one after a restart.
  const epoch = randomBytes(6).toString('hex');
  const listeners = new Set<(numbered: NumberedChange) => void>();
  const recent: NumberedChange[] = [];
  let count = 0;
  let subscription: Subscription | undefined;

  const onChange = (change: Change): void => {
    count += 1;
    const numbered = { id: `${epoch}-${count}`, change };
    recent.push(numbered);
    if (recent.length > REMEMBERED) recent.shift();
    for (const listener of listeners) listener(numbered);
  };
  const missed = (lastId: string): readonly NumberedChange[] => {
    const at = recent.findIndex(({ id }) => id === lastId);
    if (at >= 0) return recent.slice(at + 1);
    return lastId === `${epoch}-${count}`
      ? []
      : [{ id: `${epoch}-${count}`, change: { topic: 'resync', key: '' } }];
  };
  return {
    lastId: () => (subscription ? `${epoch}-${count}` : 'none'),
    subscribe: (listener, lastId) => {
      subscription ??= listen(database, onChange);
      for (const numbered of lastId === undefined ? [] : missed(lastId)) listener(numbered);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      listeners.clear();
      await subscription?.stop();
    },
  };
}
