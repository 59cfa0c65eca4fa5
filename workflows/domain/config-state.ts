import type { ConfigFault, ConfigLoss, ConfigOffer } from './config-offer.ts';

/** A configuration that became active. */
export interface Activation {
  /** Grows with every activation, also when an older content comes back. */
  readonly number: number;
  readonly hash: string;
  /** ISO 8601. */
  readonly at: string;
  /** The worker that offered it, or the person who confirmed it. */
  readonly by: string;
  readonly why: string;
}

/** Where a worker stands: the newest activation that it has walked to, and what its files say. */
export interface Stand {
  /** 0 before its first one. */
  readonly number: number;
  readonly hash: string;
  readonly sequence: number;
}

/** An offer that does not count yet. */
export interface WaitingOffer {
  readonly offer: ConfigOffer;
  /** older: was active before. behind: offered by a worker that had not walked to the active one. */
  readonly why: 'older' | 'behind';
  /** Milliseconds since when nothing but its age speaks against it; absent while something does. */
  readonly freeSince?: number;
}

/** An offer that would drop too much: it waits for a person. */
export interface HeldOffer {
  readonly offer: ConfigOffer;
  readonly since: string;
  readonly jobs: ConfigLoss;
  readonly repositories: ConfigLoss;
}

/** What a worker's files were refused for; gone when the worker offers something good. */
export interface RefusedOffer extends ConfigFault {
  readonly worker: string;
  /** Set if the files could be read, and what they say is refused. */
  readonly hash?: string;
  readonly at: string;
}

/** A line of the audit, kept until the database has it. */
export interface ConfigRecordEntry {
  readonly key: string;
  readonly at: string;
  readonly kind: 'activated' | 'held' | 'refused' | 'confirmed' | 'rejected';
  readonly hash: string;
  readonly number: number;
  readonly by: string;
  readonly text: string;
}

/** All that the `config` workflow remembers; it travels when the workflow continues as new. */
export interface ConfigState {
  readonly shape: 1;
  /** Grows with every entry of the audit. */
  readonly steps: number;
  /** Oldest first; the last one is active. */
  readonly activations: readonly Activation[];
  readonly stands: Readonly<Record<string, Stand>>;
  readonly waiting: readonly WaitingOffer[];
  readonly held?: HeldOffer;
  readonly refused: readonly RefusedOffer[];
  readonly rejected: readonly { readonly hash: string; readonly by: string; readonly at: string }[];
  /** The activation that all whom it concerns were told of. */
  readonly told?: { readonly number: number; readonly hash: string };
  readonly unrecorded: readonly ConfigRecordEntry[];
}

const MOST_ACTIVATIONS = 50;
const MOST_STANDS = 500;
const MOST_REFUSED = 20;
const MOST_REJECTED = 50;
const MOST_UNRECORDED = 200;

/** The state before anything was offered; activations are those that the database remembers. */
export function emptyConfig(activations: readonly Activation[] = []): ConfigState {
  const last = activations.at(-1);
  return {
    shape: 1,
    steps: 0,
    activations,
    stands: {},
    waiting: [],
    refused: [],
    rejected: [],
    // Whom the last one concerned was told of it when it came.
    ...(last === undefined ? {} : { told: { number: last.number, hash: last.hash } }),
    unrecorded: [],
  };
}

/** The active configuration. */
export function activeOf({ activations }: ConfigState): Activation | undefined {
  return activations.at(-1);
}

/** Puts a worker where it stands now. */
export function withStand(state: ConfigState, worker: string, stand: Stand): ConfigState {
  const { [worker]: _old, ...others } = state.stands;
  const kept = Object.entries({ ...others, [worker]: stand }).slice(-MOST_STANDS);
  return { ...state, stands: Object.fromEntries(kept) };
}

/** Makes an offer the active configuration: whoever has it stands on it, and what waited for the same is over. */
export function withActivation(state: ConfigState, activation: Activation): ConfigState {
  const { held, ...rest } = state;
  const { hash, number } = activation;
  const before = activeOf(state)?.number ?? 0;
  const isNew = state.activations.every((one) => one.hash !== hash);
  // A worker that lags has it from an earlier time, and is yet to walk the way that led back to it.
  const has = (stand: Stand) =>
    stand.hash === hash && (isNew || stand.number === before || stand.number === 0);
  const stands = Object.entries(state.stands).map(
    ([worker, stand]) => [worker, has(stand) ? { ...stand, number } : stand] as const,
  );
  return {
    ...rest,
    ...(held === undefined || held.offer.hash === hash ? {} : { held }),
    activations: [...state.activations, activation].slice(-MOST_ACTIVATIONS),
    stands: Object.fromEntries(stands),
    waiting: state.waiting.filter(({ offer }) => offer.hash !== hash),
    rejected: state.rejected.filter((one) => one.hash !== hash),
    // What kept a process from starting is over when there is something new.
    refused: state.refused.filter((one) => one.hash !== hash && one.worker in state.stands),
  };
}

/** Holds an offer back until somebody says what shall become of it; it takes the place of an earlier one. */
export function withHeld(state: ConfigState, held: HeldOffer): ConfigState {
  return { ...state, held };
}

/** Notes what a worker's files are refused for; one entry per worker. */
export function withRefused(state: ConfigState, refused: RefusedOffer): ConfigState {
  const others = state.refused.filter(({ worker }) => worker !== refused.worker);
  return { ...state, refused: [...others, refused].slice(-MOST_REFUSED) };
}

/** Somebody does not want a configuration: it is not asked about again. */
export function withRejected(
  state: ConfigState,
  rejected: ConfigState['rejected'][number],
): ConfigState {
  const { held, ...rest } = state;
  const others = state.rejected.filter(({ hash }) => hash !== rejected.hash);
  return {
    ...rest,
    ...(held === undefined || held.offer.hash === rejected.hash ? {} : { held }),
    waiting: state.waiting.filter(({ offer }) => offer.hash !== rejected.hash),
    rejected: [...others, rejected].slice(-MOST_REJECTED),
  };
}

/** A worker has ended: what only it had waits for nothing any more. */
export function withoutWorkers(state: ConfigState, gone: (worker: string) => boolean): ConfigState {
  const stands = Object.fromEntries(Object.entries(state.stands).filter(([name]) => !gone(name)));
  const refused = state.refused.filter(({ worker }) => !gone(worker));
  return withoutOrphans({ ...state, stands, refused });
}

/** Drops what no worker's files say any more. */
export function withoutOrphans(state: ConfigState): ConfigState {
  const { held, ...rest } = state;
  const there = new Set(Object.values(state.stands).map(({ hash }) => hash));
  return {
    ...rest,
    ...(held !== undefined && there.has(held.offer.hash) ? { held } : {}),
    waiting: state.waiting.filter(({ offer }) => there.has(offer.hash)),
  };
}

/** Adds a line to the audit. */
export function recording(state: ConfigState, entry: Omit<ConfigRecordEntry, 'key'>): ConfigState {
  const steps = state.steps + 1;
  const key = `${entry.at} ${steps} ${entry.kind} ${entry.hash}`;
  return {
    ...state,
    steps,
    unrecorded: [...state.unrecorded, { key, ...entry }].slice(-MOST_UNRECORDED),
  };
}
