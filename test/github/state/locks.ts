/** Runs one task at a time per key, in the order of asking. */
export type Locks = <T>(key: string, task: () => Promise<T>) => Promise<T>;

/** A fresh set of locks. */
export function createLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>();
  return async function locked(key, task) {
    const before = tails.get(key) ?? Promise.resolve();
    const run = before.then(task, task);
    const tail = run.catch(() => undefined);
    tails.set(key, tail);
    try {
      return await run;
    } finally {
      if (tails.get(key) === tail) tails.delete(key);
    }
  };
}
