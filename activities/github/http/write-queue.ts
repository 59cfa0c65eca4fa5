import { limited } from './failure.ts';
import { createSlidingWindow } from './sliding-window.ts';

/** Lanes of the write queue, the most urgent first. */
export const LANES = ['merge', 'command', 'status', 'report', 'repair'] as const;

/** Who may go first when writes have to wait. */
export type Lane = (typeof LANES)[number];

/** GitHub's secondary limits, per token. */
export interface WriteLimits {
  /** Comments, reviews, issues and pull requests, which cause notifications. */
  readonly createdPerMinute: number;
  readonly createdPerHour: number;
  readonly otherPerMinute: number;
  readonly atOnce: number;
}

/** What GitHub documents for github.com, and its advice to write one after the other. */
export const GITHUB_LIMITS: WriteLimits = {
  createdPerMinute: 80,
  createdPerHour: 500,
  otherPerMinute: 180,
  atOnce: 1,
};

/** For servers without secondary limits: the emulator, and GitHub Enterprise as it comes. */
export const NO_LIMITS: WriteLimits = {
  createdPerMinute: Number.POSITIVE_INFINITY,
  createdPerHour: Number.POSITIVE_INFINITY,
  otherPerMinute: Number.POSITIVE_INFINITY,
  atOnce: 64,
};

/** A write that wants to go. */
export interface Write {
  readonly lane: Lane;
  /** Whether it creates something that people are notified of. */
  readonly creates: boolean;
  /** Not worth sending after this time. */
  readonly until: number;
}

/** The queue of one token's writes. */
export interface WriteQueue {
  /** Sends when it is this write's turn; fails with the delay to wait for if that comes too late. */
  run<T>(write: Write, send: () => Promise<T>): Promise<T>;
  /** GitHub complained: half of everything, one at a time, for ten minutes. */
  slowDown(): void;
}

interface Waiting extends Write {
  readonly start: () => void;
  readonly order: number;
}

const MINUTE = 60_000;
const SLOW_FOR = 10 * MINUTE;
/** A write that would have less time than this for its own request is better retried. */
const LEAST_TIME = 500;

/** When a write may go as far as GitHub's limits are concerned. */
function createPace(limits: WriteLimits) {
  const creating = [
    createSlidingWindow(limits.createdPerMinute, MINUTE),
    createSlidingWindow(limits.createdPerHour, 60 * MINUTE),
  ];
  const others = [createSlidingWindow(limits.otherPerMinute, MINUTE)];
  let slowUntil = 0;

  function windowsOf({ creates }: Write) {
    return creates ? creating : others;
  }
  function narrow(share: number): void {
    for (const window of [...creating, ...others]) window.narrow(share);
  }
  return {
    wait: (write: Write, now: number) =>
      Math.max(...windowsOf(write).map((window) => window.wait(now))),
    take(write: Write, now: number) {
      for (const window of windowsOf(write)) window.take(now);
    },
    /** How many writes may be under way. */
    atOnce(now: number) {
      if (slowUntil !== 0 && now >= slowUntil) {
        slowUntil = 0;
        narrow(1);
      }
      return slowUntil === 0 ? limits.atOnce : 1;
    },
    slowDown() {
      slowUntil = Date.now() + SLOW_FOR;
      narrow(0.5);
    },
  };
}

type Pace = ReturnType<typeof createPace>;

/** Who waits, and who is next. */
function createLine(pace: Pace) {
  let waiting: Waiting[] = [];
  return {
    add(entry: Waiting) {
      waiting.push(entry);
    },
    remove(entry: Waiting) {
      waiting = waiting.filter((other) => other !== entry);
    },
    next(now: number): Waiting | undefined {
      return waiting
        .filter((entry) => pace.wait(entry, now) === 0)
        .sort((a, b) => LANES.indexOf(a.lane) - LANES.indexOf(b.lane) || a.order - b.order)[0];
    },
    /** Milliseconds until somebody may go; infinite if nobody waits. */
    soonest: (now: number) => Math.min(...waiting.map((entry) => pace.wait(entry, now))),
  };
}

/** An empty queue under these limits. */
export function createWriteQueue(limits: WriteLimits): WriteQueue {
  const pace = createPace(limits);
  const line = createLine(pace);
  let active = 0;
  let ordered = 0;
  let timer: NodeJS.Timeout | undefined;

  function pump(): void {
    const now = Date.now();
    const atOnce = pace.atOnce(now);
    for (
      let entry = line.next(now);
      entry !== undefined && active < atOnce;
      entry = line.next(now)
    ) {
      line.remove(entry);
      active += 1;
      pace.take(entry, now);
      entry.start();
    }
    clearTimeout(timer);
    const soonest = line.soonest(now);
    if (soonest > 0 && Number.isFinite(soonest)) timer = setTimeout(pump, soonest);
  }
  function turn(write: Write): Promise<void> {
    return new Promise((resolve, reject) => {
      const patience = Math.max(0, write.until - Date.now() - LEAST_TIME);
      const giveUp = () => {
        clearTimeout(expiry);
        line.remove(entry);
        const wait = Math.max(1000, pace.wait(write, Date.now()));
        reject(limited('too many writes to GitHub at once', wait));
      };
      const expiry = setTimeout(giveUp, patience);
      const start = () => {
        clearTimeout(expiry);
        resolve();
      };
      const entry: Waiting = { ...write, order: ordered++, start };
      if (pace.wait(write, Date.now()) > patience) return giveUp();
      line.add(entry);
      pump();
    });
  }
  return {
    async run(write, send) {
      await turn(write);
      try {
        return await send();
      } finally {
        active -= 1;
        pump();
      }
    },
    slowDown: pace.slowDown,
  };
}
