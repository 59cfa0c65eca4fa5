import { limited, limitOf } from './failure.ts';
import { createWriteQueue, type Write, type WriteLimits, type WriteQueue } from './write-queue.ts';

/** Lets requests of an account (by the hash of its token) through when GitHub wants to hear them. */
export interface Gate {
  /** Throws a failure with the delay to wait for if GitHub asked to be left alone. */
  check(account: string): void;
  /** Sends a write when it is its turn. */
  write<T>(account: string, write: Write, send: () => Promise<T>): Promise<T>;
  /** Learns from a failure whether and how long to wait. */
  learn(account: string, failure: unknown): void;
}

/** An open gate. */
export function createGate(limits: WriteLimits): Gate {
  const queues = new Map<string, WriteQueue>();
  const closedUntil = new Map<string, number>();

  function queueOf(account: string): WriteQueue {
    const queue = queues.get(account) ?? createWriteQueue(limits);
    queues.set(account, queue);
    return queue;
  }
  function check(account: string): void {
    const left = (closedUntil.get(account) ?? 0) - Date.now();
    if (left > 0) throw limited('GitHub asked to wait', left);
  }
  return {
    check,
    write: (account, write, send) =>
      queueOf(account).run(write, () => {
        // Others may have been told to wait while this one stood in line.
        check(account);
        return send();
      }),
    learn(account, failure) {
      const wait = limitOf(failure);
      if (wait === undefined) return;
      const until = Math.max(closedUntil.get(account) ?? 0, Date.now() + wait);
      closedUntil.set(account, until);
      queueOf(account).slowDown();
    },
  };
}
