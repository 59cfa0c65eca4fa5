import { limited } from './failure.ts';
import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts';

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

/** An empty queue under these limits. */
export function createWriteQueue(limits: WriteLimits): WriteQueue {
  const creating = [
    createSlidingWindow(limits.createdPerMinute, MINUTE),
    createSlidingWindow(limits.createdPerHour, 60 * MINUTE),
  ];
  const others = [createSlidingWindow(limits.otherPerMinute, MINUTE)];
  let waiting: Waiting[] = [];
  let active = 0;
  let ordered = 0;
  let slowUntil = 0;
  let timer: NodeJS.Timeout | undefined;

  function windowsOf({ creates }: Write): readonly SlidingWindow[] {
    return creates ? creating : others;
  }
  function waitOf(write: Write, now: number): number {
    return Math.max(...windowsOf(write).map((window) => window.wait(now)));
  }
  function recover(now: number): void {
    if (slowUntil === 0 || now < slowUntil) return;
    slowUntil = 0;
    for (const window of [...creating, ...others]) window.narrow(1);
  }
  function next(now: number): Waiting | undefined {
    return waiting
      .filter((entry) => waitOf(entry, now) === 0)
      .sort((a, b) => LANES.indexOf(a.lane) - LANES.indexOf(b.lane) || a.order - b.order)[0];
  }
  function wakeLater(now: number): void {
    clearTimeout(timer);
    if (waiting.length === 0) return;
    const soonest = Math.min(...waiting.map((entry) => waitOf(entry, now)));
    if (soonest > 0) timer = setTimeout(pump, soonest);
  }
  function pump(): void {
    const now = Date.now();
    recover(now);
    const atOnce = slowUntil === 0 ? limits.atOnce : 1;
    for (let entry = next(now); entry !== undefined && active < atOnce; entry = next(now)) {
      const chosen = entry;
      waiting = waiting.filter((other) => other !== chosen);
      active += 1;
      for (const window of windowsOf(chosen)) window.take(now);
      chosen.start();
    }
    wakeLater(now);
  }
  function turn(write: Write): Promise<void> {
    return new Promise((resolve, reject) => {
      const latest = write.until - Date.now() - LEAST_TIME;
      const give = () => {
        waiting = waiting.filter((other) => other !== entry);
        reject(
          limited('too many writes to GitHub at once', Math.max(1000, waitOf(write, Date.now()))),
        );
      };
      const expiry = setTimeout(give, Math.max(0, latest));
      const entry: Waiting = {
        ...write,
        order: ordered++,
        start() {
          clearTimeout(expiry);
          resolve();
        },
      };
      waiting.push(entry);
      if (waitOf(write, Date.now()) > Math.max(0, latest)) {
        clearTimeout(expiry);
        give();
      }
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
    slowDown() {
      slowUntil = Date.now() + SLOW_FOR;
      for (const window of [...creating, ...others]) window.narrow(0.5);
    },
  };
}
