import { z } from 'zod';
import { REFUSALS } from './refusals.ts';

const FAULTS = [
  // Of deliveries.
  'drop',
  'delay',
  'double',
  'reorder',
  // Of requests to the API and to git.
  'status',
  'slow',
  'time-out',
  'reply-lost',
  'stale-read',
  // Of merging.
  'mergeability-unknown',
  'refuse-merge',
  'wrong-base',
] as const;
const LONGEST_LAG_MS = 5000;

const match = z
  .object({
    /** HTTP method. */
    method: z.string().optional(),
    /** A regular expression on the path, without `/api/v3`. */
    route: z.string().optional(),
    /** Webhook event, `pull_request` or `pull_request.labeled`. */
    event: z.string().optional(),
    /** A regular expression on the User-Agent. */
    client: z.string().optional(),
  })
  .strict()
  .default({});

/** The declaration of a fault: what it strikes, what it does, how often. */
export const faultSchema = z
  .object({
    match,
    do: z.enum(FAULTS),
    /** Why `refuse-merge` refuses: by class, in GitHub's own words. */
    refusal: z.enum(REFUSALS).default('not-mergeable'),
    /** Answer of `status` (502 by default; 403 goes with `retryAfter`). */
    status: z.number().int().default(502),
    message: z.string().optional(),
    /** Seconds, sent as Retry-After. */
    retryAfter: z.number().optional(),
    /** Milliseconds that `delay`, `slow` and `time-out` wait, or that `stale-read` lags: 5000 at most. */
    ms: z.number().default(1000),
    /** Strikes at most this often. */
    count: z.number().int().optional(),
    /** Is over after so many milliseconds. */
    forMs: z.number().optional(),
    /** Strikes with this probability, from a seeded generator. */
    probability: z.number().min(0).max(1).default(1),
  })
  .strict()
  .refine((fault) => fault.do !== 'stale-read' || fault.ms <= LONGEST_LAG_MS, {
    message: 'GitHub’s reads lag 5 s at most: ms <= 5000',
    path: ['ms'],
  });

/** A fault as one declares it. */
export type FaultInput = z.input<typeof faultSchema>;
/** A fault in force. */
export type Fault = z.output<typeof faultSchema>;

/** What a fault is matched against. */
export interface Subject {
  readonly method?: string;
  readonly path?: string;
  readonly event?: string;
  readonly client?: string;
}

/** The faults in force. */
export interface Faults {
  set(faults: readonly Fault[], seed: number): void;
  clear(): void;
  list(): readonly (Fault & { readonly struck: number })[];
  /** Whether there are faults at all. */
  armed(): boolean;
  /** Whether a fault of this kind is in force at all, or for a subject. */
  any(kind: Fault['do'], subject?: Subject): boolean;
  /** The first fault of these kinds that strikes now; it is counted. */
  strike(kinds: readonly Fault['do'][], subject: Subject): Fault | undefined;
}

interface Armed {
  readonly fault: Fault;
  readonly until: number;
  struck: number;
}

/** A small seeded generator (mulberry32): equal seeds give equal faults. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function fits(pattern: string | undefined, text: string | undefined): boolean {
  return pattern === undefined || new RegExp(pattern).test(text ?? '');
}

function matches(wanted: Fault['match'], subject: Subject): boolean {
  const eventFits =
    wanted.event === undefined ||
    subject.event === wanted.event ||
    subject.event?.split('.')[0] === wanted.event;
  return (
    eventFits &&
    (wanted.method === undefined || wanted.method.toUpperCase() === subject.method) &&
    fits(wanted.route, subject.path) &&
    fits(wanted.client, subject.client)
  );
}

/** No faults yet. */
export function createFaults(): Faults {
  let armed: Armed[] = [];
  let random = seeded(1);

  function alive(entry: Armed): boolean {
    const limit = entry.fault.count ?? Number.POSITIVE_INFINITY;
    return Date.now() < entry.until && entry.struck < limit;
  }
  return {
    set(faults, seed) {
      random = seeded(seed);
      armed = [
        ...armed,
        ...faults.map((fault) => ({
          fault,
          until: fault.forMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + fault.forMs,
          struck: 0,
        })),
      ];
    },
    clear() {
      armed = [];
    },
    list: () => armed.map((entry) => ({ ...entry.fault, struck: entry.struck })),
    armed: () => armed.length > 0,
    any: (kind, subject) =>
      armed.some(
        (entry) =>
          entry.fault.do === kind &&
          alive(entry) &&
          (subject === undefined || matches(entry.fault.match, subject)),
      ),
    strike(kinds, subject) {
      for (const entry of armed) {
        if (!kinds.includes(entry.fault.do) || !alive(entry)) continue;
        if (!matches(entry.fault.match, subject) || random() >= entry.fault.probability) continue;
        entry.struck += 1;
        return entry.fault;
      }
      return undefined;
    },
  };
}
