import type { CommentFamily, Effect, KeyedEffect } from './effect.ts';
import { withLabelOrdered } from './label-facts.ts';
import type { CommentNote, LabelFact, PullRequestRecord } from './record.ts';

/** Who wants an effect, why, and where in time its cause stands. */
export interface WishOrigin {
  readonly plugin: string;
  readonly cause: string;
  /** Which of the cause's wishes of its kind, from 0. */
  readonly ordinal: number;
  readonly reason: string;
  /** For a person's command: its place in time (ISO time, then id). Empty for what is derived from state. */
  readonly order: string;
  /** When its cause happened, ISO; absent for what follows from the state as a whole. */
  readonly at?: string;
  /** For what grants something to the commits that were seen. */
  readonly grants?: boolean;
}

/** A run that a plugin asked for in this batch. */
export interface WantedRun {
  readonly job: string;
  readonly retest: boolean;
  readonly cause: string;
  /** Set by the pool: the base to test on. */
  readonly baseSha?: string;
}

/**
 * The facts as they will be once all that was wanted so far is carried out. Wishes change the copy; what
 * leaves the batch is the net difference between `actual` and the copy (DESIGN §2.4).
 */
export interface WorkingCopy {
  /** As GitHub is, as far as known. */
  readonly actual: PullRequestRecord;
  /** As it shall be. */
  readonly wanted: PullRequestRecord;
  /** The effect that last touched each key. */
  readonly touched: ReadonlyMap<string, KeyedEffect>;
  readonly runs: ReadonlyMap<string, WantedRun>;
  /** Set when this pull request's unfinished runs shall end. */
  readonly abortRuns?: string;
}

/** A copy at the start of a batch, with what earlier batches decided and GitHub has not got yet. */
export function openWorkingCopy(
  actual: PullRequestRecord,
  waiting: readonly KeyedEffect[],
): WorkingCopy {
  const start: WorkingCopy = { actual, wanted: actual, touched: new Map(), runs: new Map() };
  return waiting.reduce(
    (copy, effect) => ({
      ...withTouched(copy, effect),
      wanted: imagine(copy.wanted, effect),
    }),
    start,
  );
}

/** The copy after an event or a read changed the facts themselves: both sides learn it. */
export function learn(
  copy: WorkingCopy,
  change: (record: PullRequestRecord) => PullRequestRecord,
): WorkingCopy {
  const wanted = change(copy.wanted);
  return { ...copy, actual: change(copy.actual), wanted: withAssigned(wanted, copy.touched) };
}

/** What an event says of the assignees was true before those whom we are about to assign. */
function withAssigned(
  record: PullRequestRecord,
  touched: WorkingCopy['touched'],
): PullRequestRecord {
  const missing = [...touched.values()].flatMap(({ effect }) =>
    effect.kind === 'assign'
      ? effect.logins.filter((login) => !record.assignees.includes(login))
      : [],
  );
  return missing.length === 0
    ? record
    : { ...record, assignees: [...record.assignees, ...missing] };
}

/** The copy after a wish. */
export function wish(copy: WorkingCopy, effect: Effect, origin: WishOrigin): WorkingCopy {
  switch (effect.kind) {
    case 'add-label':
    case 'remove-label':
      return wishLabel(copy, effect, origin);
    case 'start-run':
      return {
        ...copy,
        runs: new Map(copy.runs).set(effect.job, {
          job: effect.job,
          retest: effect.retest,
          cause: origin.cause,
        }),
      };
    case 'abort-runs':
      return { ...copy, runs: new Map(), abortRuns: effect.description };
    case 'comment':
    case 'prune-comments':
    case 'replace-comment':
    case 'edit-comment':
    case 'assign':
    case 'request-review':
    case 'set-status':
    case 'approve-workflow-runs':
    case 'rerun-workflow-runs':
      return wishOther(copy, effect, origin);
  }
}

function wishLabel(
  copy: WorkingCopy,
  effect: Extract<Effect, { kind: 'add-label' | 'remove-label' }>,
  origin: WishOrigin,
): WorkingCopy {
  const obeyed = copy.wanted.labels[effect.label]?.order ?? '';
  if (origin.order !== '' && obeyed > origin.order) return copy;
  const order = origin.order === '' ? {} : { order: origin.order };
  const keyed = keyedEffect(effect, origin, copy.wanted.headSha);
  const actual = copy.actual.labels[effect.label];
  return {
    ...withTouched(copy, keyed),
    wanted: withLabelOrdered(copy.wanted, effect.label, { ...wishedLabel(keyed), ...order }),
    // The order is remembered on both sides, the label itself only where it is wanted.
    actual: withLabelOrdered(copy.actual, effect.label, {
      present: actual?.present ?? false,
      at: actual?.at ?? '',
      ...order,
    }),
  };
}

/** A wish stands against everything that happened before its cause. */
function wishedLabel({ effect, at = '' }: KeyedEffect): LabelFact {
  return { present: effect.kind === 'add-label', at, wished: true };
}

function wishOther(copy: WorkingCopy, effect: Effect, origin: WishOrigin): WorkingCopy {
  const keyed = keyedEffect(withIds(copy, effect), origin, copy.wanted.headSha);
  if (isAlreadySo(copy.wanted, keyed.effect)) return copy;
  return {
    ...withTouched(copy, keyed),
    wanted: imagine(copy.wanted, keyed),
  };
}

/** Fills in which of the bot's comments a family effect is about: those that GitHub has. */
function withIds(copy: WorkingCopy, effect: Effect): Effect {
  if (effect.kind !== 'prune-comments' && effect.kind !== 'replace-comment') return effect;
  const ids = familyNotes(copy.actual, effect.marker).map((note) => note.id);
  return { ...effect, ids };
}

/** The bot's comments of a family, oldest first. */
export function familyNotes(
  record: PullRequestRecord,
  family: CommentFamily,
): readonly CommentNote[] {
  return record.comments.filter((note) => note.family === family);
}

/** Whether nothing is left to be done for an effect. */
export function isAlreadySo(record: PullRequestRecord, effect: Effect): boolean {
  switch (effect.kind) {
    case 'prune-comments':
      return familyNotes(record, effect.marker).length === 0;
    case 'replace-comment':
      return familyNotes(record, effect.marker).at(-1)?.body.includes(effect.body) ?? false;
    case 'assign':
      return effect.logins.every((login) => record.assignees.includes(login));
    case 'set-status':
      return isStatus(record, effect);
    case 'add-label':
    case 'remove-label':
    case 'comment':
    case 'edit-comment':
    case 'request-review':
    case 'start-run':
    case 'abort-runs':
    case 'approve-workflow-runs':
    case 'rerun-workflow-runs':
      return false;
  }
}

function isStatus(
  record: PullRequestRecord,
  effect: Extract<Effect, { kind: 'set-status' }>,
): boolean {
  const known = effect.sha === record.headSha ? record.statuses[effect.context] : undefined;
  return (
    known !== undefined &&
    known.state === effect.state &&
    known.description === effect.description &&
    known.targetUrl === effect.targetUrl
  );
}

/** The record as it will be when an effect has been carried out. */
function imagine(record: PullRequestRecord, keyed: KeyedEffect): PullRequestRecord {
  const { effect, id } = keyed;
  switch (effect.kind) {
    case 'add-label':
    case 'remove-label':
      return withLabelOrdered(record, effect.label, wishedLabel(keyed));
    case 'comment':
      return effect.marker === undefined
        ? record
        : withNote(record, effect.marker, effect.body, id);
    case 'prune-comments':
      return withoutFamily(record, effect.marker);
    case 'replace-comment':
      return withNote(withoutFamily(record, effect.marker), effect.marker, effect.body, id);
    case 'edit-comment':
      return {
        ...record,
        comments: record.comments.map((note) =>
          note.id === effect.id ? { ...note, body: effect.body } : note,
        ),
      };
    case 'assign':
      return { ...record, assignees: [...new Set([...record.assignees, ...effect.logins])] };
    case 'set-status':
      return effect.sha === record.headSha ? withStatus(record, effect) : record;
    case 'request-review':
    case 'start-run':
    case 'abort-runs':
    case 'approve-workflow-runs':
    case 'rerun-workflow-runs':
      return record;
  }
}

function withStatus(
  record: PullRequestRecord,
  { state, description, targetUrl, context }: Extract<Effect, { kind: 'set-status' }>,
): PullRequestRecord {
  const status = { state, description, targetUrl, at: record.updatedAt };
  return { ...record, statuses: { ...record.statuses, [context]: status } };
}

function withoutFamily(record: PullRequestRecord, family: CommentFamily): PullRequestRecord {
  return { ...record, comments: record.comments.filter((note) => note.family !== family) };
}

function withNote(
  record: PullRequestRecord,
  family: CommentFamily,
  body: string,
  id: string,
): PullRequestRecord {
  const note: CommentNote = {
    id: 0,
    source: 'comment',
    author: '',
    authorType: 'Bot',
    createdAt: record.updatedAt,
    updatedAt: record.updatedAt,
    htmlUrl: `#${id}`,
    body,
    family,
  };
  return { ...record, comments: [...record.comments, note] };
}

function withTouched(copy: WorkingCopy, keyed: KeyedEffect): WorkingCopy {
  const touched = new Map(copy.touched);
  // Last touched, last carried out: the order of comments in the thread is the order of the wishes.
  touched.delete(keyed.key);
  return { ...copy, touched: touched.set(keyed.key, keyed) };
}

/** An effect with its key and identity. */
export function keyedEffect(effect: Effect, origin: WishOrigin, headSha = ''): KeyedEffect {
  const id = [origin.cause, origin.plugin, effect.kind, origin.ordinal].join('/');
  return {
    key: keyOf(effect, id),
    id,
    plugin: origin.plugin,
    cause: origin.cause,
    reason: origin.reason,
    effect,
    ...(origin.at === undefined ? {} : { at: origin.at }),
    ...(origin.grants === true && headSha !== '' ? { forHead: headSha } : {}),
  };
}

function keyOf(effect: Effect, id: string): string {
  switch (effect.kind) {
    case 'add-label':
    case 'remove-label':
      return `label:${effect.label}`;
    case 'comment':
      return `comment:${id}`;
    case 'prune-comments':
    case 'replace-comment':
    case 'edit-comment':
      return `family:${effect.marker}`;
    case 'assign':
      return `assign:${effect.logins.join(',')}`;
    case 'request-review':
      return `review:${effect.logins.join(',')}`;
    case 'set-status':
      return `status:${effect.sha}:${effect.context}`;
    case 'start-run':
      return `run:${effect.job}`;
    case 'abort-runs':
      return 'abort-runs';
    case 'approve-workflow-runs':
    case 'rerun-workflow-runs':
      return `${effect.kind}:${effect.headSha}`;
  }
}
