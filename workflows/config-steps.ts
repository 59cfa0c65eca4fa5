import { isCancellation, log } from '@temporalio/workflow';
import { activateConfig, inspectConfig, standingWorkers } from './config-proxies.ts';
import { dueOffer, judgeOffer, meantHash } from './domain/config-judgement.ts';
import {
  type ConfigComplaint,
  type ConfigInspection,
  type ConfigOffer,
  type ConfigVerdict,
  type ConfigVerdictResult,
  lossText,
  shareOf,
} from './domain/config-offer.ts';
import {
  activeOf,
  type ConfigState,
  recording,
  withActivation,
  withHeld,
  withoutWorkers,
  withRefused,
  withRejected,
} from './domain/config-state.ts';

/** The `config` workflow at work. */
export interface ConfigOffice {
  state: ConfigState;
  /** What was active before is known. */
  open: boolean;
  /** What came in, in order; each is done before the next begins. */
  readonly inbox: (() => Promise<void>)[];
  /** What the pages were last told. */
  published: string;
  telling: boolean;
}

/** Takes what a worker loaded. */
export async function takeOffer(office: ConfigOffice, offer: ConfigOffer): Promise<void> {
  const { state, judgement } = judgeOffer(office.state, offer);
  office.state = state;
  log.info('configuration offered', { worker: offer.worker, hash: offer.hash, judgement });
  if (judgement === 'try') await tryOffer(office, offer);
  // The database may have been lost since: whoever starts brings back what it was told.
  const active = activeOf(state);
  if (judgement === 'active' && offer.cause === 'start' && active) await activateConfig(active);
  if (judgement === 'waits') await checkWaiting(office);
}

/** Notes what a worker could not load; what is active stays. */
export function takeComplaint(office: ConfigOffice, complaint: ConfigComplaint): void {
  const { worker, sequence, at, problems, total } = complaint;
  const stand = office.state.stands[worker];
  if (stand !== undefined && stand.sequence >= sequence) return;
  refuse(office, { worker, at, problems, total });
}

function refuse(
  office: ConfigOffice,
  refused: Pick<ConfigComplaint, 'worker' | 'at' | 'problems' | 'total'> & {
    readonly hash?: string;
  },
): void {
  const { worker, at, problems, total, hash = '' } = refused;
  const first = problems[0];
  const before = office.state.refused.find((one) => one.worker === worker);
  office.state = withRefused(office.state, refused);
  // A worker that is started again and again says the same again and again.
  if (JSON.stringify(before?.problems) === JSON.stringify(problems)) return;
  const place = first === undefined ? '' : `: ${first.file}:${first.line}: ${first.text}`;
  const text = `${total} problem${total === 1 ? '' : 's'}${place}`;
  log.warn('configuration refused', { worker, problems: total });
  office.state = recording(office.state, {
    at,
    kind: 'refused',
    hash,
    number: 0,
    by: worker,
    text: text.slice(0, 1_000),
  });
}

async function tryOffer(office: ConfigOffice, offer: ConfigOffer): Promise<void> {
  const active = activeOf(office.state);
  const { hash, worker } = offer;
  const inspection = await inspectConfig({
    hash,
    ...(active === undefined ? {} : { against: active.hash }),
  });
  if (inspection.kind === 'refused') {
    refuse(office, { ...inspection, worker, at: now(), hash });
    return;
  }
  if (active !== undefined && dropsTooMuch(inspection, offer.dropLimit)) {
    hold(office, offer, inspection);
    return;
  }
  await activate(office, { hash, by: worker, why: reasonOf(office.state, offer) });
}

type Good = Extract<ConfigInspection, { readonly kind: 'good' }>;

function dropsTooMuch({ jobs, repositories }: Good, limit: number): boolean {
  return shareOf(jobs) > limit || shareOf(repositories) > limit;
}

function hold(office: ConfigOffice, offer: ConfigOffer, { jobs, repositories }: Good): void {
  const { hash, worker } = offer;
  const at = now();
  log.warn('configuration held back', { hash, worker, jobs: jobs.dropped });
  office.state = recording(withHeld(office.state, { offer, since: at, jobs, repositories }), {
    at,
    kind: 'held',
    hash,
    number: 0,
    by: worker,
    text: `It drops ${lossText('jobs', jobs)} and ${lossText('repositories', repositories)}; the limit is ${offer.dropLimit * 100} %.`,
  });
}

function reasonOf(state: ConfigState, { cause, hash }: ConfigOffer): string {
  if (activeOf(state) === undefined) return 'the first one';
  const before = state.activations.some((one) => one.hash === hash);
  if (cause === 'change') return before ? 'its files were changed back' : 'its files changed';
  return before ? 'no worker has the one before any more' : 'a worker started with it';
}

async function activate(
  office: ConfigOffice,
  { hash, by, why }: { readonly hash: string; readonly by: string; readonly why: string },
): Promise<number> {
  let number = (activeOf(office.state)?.number ?? 0) + 1;
  for (;;) {
    const activation = { number, hash, at: now(), by, why };
    const { taken } = await activateConfig(activation);
    if (taken === undefined) {
      log.info('configuration active', { number, hash, by });
      office.state = recording(withActivation(office.state, activation), {
        at: activation.at,
        kind: 'activated',
        hash,
        number,
        by,
        text: why,
      });
      return number;
    }
    // The database remembers more than we do: numbers never come back.
    number = Math.max(number, taken) + 1;
  }
}

/** Looks whether what waits has waited long enough, and forgets workers that are no more. */
export async function checkWaiting(office: ConfigOffice): Promise<void> {
  if (office.state.waiting.length === 0 && office.state.held === undefined) return;
  const standing = await workersNow();
  if (standing === undefined) return;
  office.state = withoutWorkers(office.state, (worker) => !standing.has(worker));
  const { state, offer } = dueOffer(office.state, standing, Date.now());
  office.state = state;
  if (offer === undefined) return;
  office.state = {
    ...state,
    waiting: state.waiting.filter((one) => one.offer.hash !== offer.hash),
  };
  await tryOffer(office, offer);
}

async function workersNow(): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    return new Map(Object.entries(await standingWorkers()));
  } catch (error) {
    if (isCancellation(error)) throw error;
    return undefined;
  }
}

/** Carries out what a person decided. */
export async function decideVerdict(
  office: ConfigOffice,
  what: 'confirm' | 'reject',
  { hash: given, by }: ConfigVerdict,
): Promise<ConfigVerdictResult> {
  const meant = meantHash(office.state, given, what);
  if ('problem' in meant) return { hash: given, text: meant.problem };
  const { hash } = meant;
  const entry = { at: now(), hash, number: 0, by };
  if (what === 'reject') {
    const rejected = withRejected(office.state, { hash, by, at: entry.at });
    office.state = recording(rejected, {
      ...entry,
      kind: 'rejected',
      text: 'What is active stays.',
    });
    return { hash, text: 'rejected: what is active stays' };
  }
  office.state = recording(office.state, { ...entry, kind: 'confirmed', text: '' });
  const number = await activate(office, { hash, by, why: 'confirmed' });
  return { hash, number, text: `active, as number ${number}` };
}

function now(): string {
  return new Date().toISOString();
}
