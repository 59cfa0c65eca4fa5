import type { ConfigOffer } from './config-offer.ts';
import {
  activeOf,
  type ConfigState,
  type Stand,
  type WaitingOffer,
  withoutOrphans,
  withStand,
} from './config-state.ts';

/**
 * What an offer comes to (docs/decisions/0009). stale: the worker has said something newer. active: it is in
 * force already. catching-up: the worker walks to an activation that it had not reached. rejected: somebody
 * did not want it. try: it is looked at, and becomes active if it is good. waits: it does not count yet.
 */
export type Judgement = 'stale' | 'active' | 'catching-up' | 'rejected' | 'held' | 'try' | 'waits';

/** Judges an offer, and notes where its worker stands. */
export function judgeOffer(
  before: ConfigState,
  offer: ConfigOffer,
): { readonly state: ConfigState; readonly judgement: Judgement } {
  const stand = before.stands[offer.worker];
  if (stand !== undefined && stand.sequence >= offer.sequence) {
    return { state: before, judgement: 'stale' };
  }
  const { judgement, number } = placeOf(before, offer, stand);
  const stood = withStand(before, offer.worker, {
    number,
    hash: offer.hash,
    sequence: offer.sequence,
  });
  const overcome = new Set([offer.worker, startOf(offer.worker)]);
  const refused = stood.refused.filter(({ worker }) => !overcome.has(worker));
  const state = withoutOrphans({ ...stood, refused });
  // Should it turn out that nobody is ahead any more, what was taken for the way was the end of it.
  const isPassedOver = judgement === 'waits' || judgement === 'catching-up';
  return { state: isPassedOver ? withWaiting(state, offer) : state, judgement };
}

/** Under which name a process that cannot start complains: that of its host, for it never gets one of its own. */
export function startOf(worker: string): string {
  return `${worker.split('/')[0]}/start`;
}

function placeOf(
  state: ConfigState,
  offer: ConfigOffer,
  stand: Stand | undefined,
): { readonly judgement: Judgement; readonly number: number } {
  const active = activeOf(state);
  if (active === undefined) return { judgement: 'try', number: 0 };
  const isActive = active.hash === offer.hash;
  const walked = offer.cause === 'change' ? stand : undefined;
  const reached = walked?.number ?? 0;
  const next = state.activations.find(
    ({ number, hash }) => walked !== undefined && number > reached && hash === offer.hash,
  );
  // A worker whose files lag behind goes the way that others went before it; that is no news.
  if (next !== undefined) {
    return { judgement: isActive ? 'active' : 'catching-up', number: next.number };
  }
  if (isActive) return { judgement: 'active', number: active.number };
  if (state.rejected.some(({ hash }) => hash === offer.hash)) {
    return { judgement: 'rejected', number: reached };
  }
  if (state.held?.offer.hash === offer.hash) return { judgement: 'held', number: reached };
  return { judgement: isNews(state, offer, walked) ? 'try' : 'waits', number: reached };
}

/** Whether an offer says where things go, rather than where they come from. */
function isNews(state: ConfigState, offer: ConfigOffer, walked: Stand | undefined): boolean {
  // Files changed under a worker that had the active one: forwards, or back on purpose.
  const active = activeOf(state);
  if (walked !== undefined) return walked.number === active?.number || walked.hash === active?.hash;
  // A worker that has just started knows nothing of the way: what was active before may be left over.
  return !wasActive(state, offer.hash);
}

function wasActive({ activations }: ConfigState, wanted: string): boolean {
  return activations.some(({ hash }) => hash === wanted);
}

function withWaiting(state: ConfigState, offer: ConfigOffer): ConfigState {
  const known = state.waiting.find((one) => one.offer.hash === offer.hash);
  if (known !== undefined) return state;
  const why = wasActive(state, offer.hash) ? 'older' : 'behind';
  return { ...state, waiting: [...state.waiting, { offer, why }] };
}

/** What the files of the workers that are alive say. */
export type Standing = ReadonlyMap<string, string>;

/** What has waited long enough, if anything; the rest waits on, its time counted. */
export function dueOffer(
  before: ConfigState,
  standing: Standing,
  now: number,
): { readonly state: ConfigState; readonly offer?: ConfigOffer } {
  const hashes = new Set(standing.values());
  const isActiveAnywhere = hashes.has(activeOf(before)?.hash ?? '');
  const waiting = before.waiting
    .filter(({ offer }) => hashes.has(offer.hash))
    .map((one): WaitingOffer => {
      const { freeSince, ...rest } = one;
      // An older one comes back only when nobody has the active one any more.
      const isFree = one.why === 'behind' || !isActiveAnywhere;
      return isFree ? { ...rest, freeSince: freeSince ?? now } : rest;
    });
  const state = { ...before, waiting };
  const due = [...waiting]
    .sort((a, b) => a.offer.sequence - b.offer.sequence)
    .findLast(
      ({ offer, freeSince }) => freeSince !== undefined && now - freeSince >= offer.rollbackAfterMs,
    );
  return due === undefined ? { state } : { state, offer: due.offer };
}

/** The hash that a person means, cut as it may be; a text says why there is none. */
export function meantHash(
  state: ConfigState,
  given: string,
  what: 'confirm' | 'reject',
): { readonly hash: string } | { readonly problem: string } {
  const waiting = [
    ...(state.held === undefined ? [] : [state.held.offer.hash]),
    ...state.waiting.map(({ offer }) => offer.hash),
    ...(what === 'confirm' ? state.rejected.map(({ hash }) => hash) : []),
  ];
  const wanted = given.toLowerCase();
  if (!/^[0-9a-f]{8,64}$/.test(wanted)) {
    return { problem: `"${given}" is no hash: give 8 to 64 hexadecimal digits of it` };
  }
  const found = [...new Set(waiting)].filter((hash) => hash.startsWith(wanted));
  const [hash] = found;
  if (hash !== undefined && found.length === 1) return { hash };
  if (found.length > 1) return { problem: `${given} begins several hashes: give more digits` };
  const active = activeOf(state);
  if (active?.hash.startsWith(wanted)) {
    return { problem: `${given} is active already, as number ${active.number}` };
  }
  return {
    problem:
      waiting.length === 0
        ? 'no configuration waits to be confirmed'
        : `${given} does not wait to be confirmed; waiting: ${[...new Set(waiting)].map((one) => one.slice(0, 12)).join(', ')}`,
  };
}
