type Task = () => Promise<void>;

/** One waiting line per hook; knows when all of them are empty. */
export interface Lines {
  push(hookId: number, task: Task): void;
  /** Counts as under way; the function that it returns ends that. */
  hold(): () => void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  clear(): void;
}

function createLine(atOnce: () => number): (task: Task) => void {
  const waiting: Task[] = [];
  let running = 0;
  function next(): void {
    while (running < atOnce()) {
      const task = waiting.shift();
      if (!task) return;
      running += 1;
      void task().finally(() => {
        running -= 1;
        next();
      });
    }
  }
  return (task) => {
    waiting.push(task);
    next();
  };
}

/** Empty lines; `atOnce` tasks of one hook run side by side. */
export function createLines(atOnce: () => number): Lines {
  const lines = new Map<number, (task: Task) => void>();
  let open = 0;
  let waiters: (() => void)[] = [];

  function finished(): void {
    open -= 1;
    if (open > 0) return;
    for (const wake of waiters) wake();
    waiters = [];
  }
  function hold(): () => void {
    open += 1;
    let held = true;
    return () => {
      if (held) finished();
      held = false;
    };
  }
  return {
    push(hookId, task) {
      const line = lines.get(hookId) ?? createLine(atOnce);
      lines.set(hookId, line);
      const release = hold();
      line(() => task().finally(release));
    },
    hold,
    idle: () => (open === 0 ? Promise.resolve() : new Promise((wake) => waiters.push(wake))),
    clear: () => lines.clear(),
  };
}
