import type { Applied } from '../../../workflows/domain/applied.ts';
import { familyOf } from '../../../workflows/domain/comment-family.ts';
import type { CommentFamily, Effect, KeyedEffect } from '../../../workflows/domain/effect.ts';
import type { PullRequestSnapshot } from '../../../workflows/domain/event.ts';
import type { StatusFact } from '../../../workflows/domain/record.ts';

/** A comment of the thread, or a review. */
export interface Said {
  readonly id: number;
  readonly author: string;
  readonly body: string;
  readonly at: string;
  /** The wish that it was written for: the hidden marker. */
  readonly wish?: string;
  readonly reviewState?: string;
}

/** One pull request on GitHub, in memory. */
export interface GitHubState {
  readonly labels: Set<string>;
  readonly labelActors: Map<string, string>;
  readonly assignees: Set<string>;
  readonly statuses: Map<string, Record<string, StatusFact>>;
  said: Said[];
  pull: PullRequestSnapshot;
  /** Seconds since the beginning. */
  clock: number;
  nextBotId: number;
  /** What the repository's settings allow. */
  mergeMethods: readonly string[];
  /** Every write that reached GitHub, in order, for tests that count. */
  readonly writes: string[];
}

const EPOCH = Date.parse('2026-03-01T08:00:00Z');
const BOT_IDS = 900_000;

/** ISO time, as GitHub writes it, of a second since the beginning. */
export function isoOf(seconds: number): string {
  return new Date(EPOCH + seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** Milliseconds of the workflow's clock. */
export function millisOf(github: GitHubState): number {
  return EPOCH + github.clock * 1000;
}

/** SHA of the n-th head; every third head has the tree of the one before it. */
export function headOf(n: number): string {
  return `${n}`.padStart(40, 'a');
}

/** A pull request that was opened just now. */
export function openPull(author: string): GitHubState {
  return {
    labels: new Set(),
    labelActors: new Map(),
    assignees: new Set(),
    statuses: new Map(),
    said: [],
    clock: 0,
    nextBotId: BOT_IDS,
    mergeMethods: ['merge', 'squash', 'rebase'],
    writes: [],
    pull: {
      number: 5,
      title: 'A change',
      author,
      authorType: 'User',
      state: 'open',
      merged: false,
      draft: false,
      headSha: headOf(0),
      headRef: 'feature',
      headRepository: 'fork/repo',
      baseRef: 'main',
      baseSha: 'b'.repeat(40),
      mergeable: null,
      htmlUrl: 'https://github.com/org/repo/pull/5',
      createdAt: isoOf(0),
      updatedAt: isoOf(0),
    },
  };
}

/** What a webhook or a read says of the pull request now. */
export function snapshotOf(github: GitHubState): PullRequestSnapshot {
  return {
    ...github.pull,
    labels: [...github.labels],
    assignees: [...github.assignees],
  };
}

/** Marks the pull request as changed now. */
export function touch(github: GitHubState, change: Partial<PullRequestSnapshot> = {}): void {
  github.pull = { ...github.pull, ...change, updatedAt: isoOf(github.clock) };
}

/** Puts a label on or takes it off. */
export function setLabel(
  github: GitHubState,
  { label, on, by }: { readonly label: string; readonly on: boolean; readonly by: string },
): void {
  if (on) {
    github.labels.add(label);
    github.labelActors.set(label, by);
  } else {
    github.labels.delete(label);
  }
  touch(github);
}

/** Carries an effect out as the activities do: by set semantics, and comments once per wish. */
export function carryOut(github: GitHubState, keyed: KeyedEffect, bot: string): Applied {
  if (keyed.forHead !== undefined && keyed.forHead !== github.pull.headSha) {
    return { kind: 'skipped', reason: 'the head moved' };
  }
  github.writes.push(`${keyed.effect.kind} ${keyed.key}`);
  // The Date of an answer comes with milliseconds, the times of events without.
  const at = new Date(EPOCH + github.clock * 1000).toISOString();
  return { ...change(github, keyed, bot), at };
}

type Done = Extract<Applied, { kind: 'done' }>;

function change(github: GitHubState, keyed: KeyedEffect, bot: string): Omit<Done, 'at'> {
  const { effect } = keyed;
  switch (effect.kind) {
    case 'add-label':
    case 'remove-label':
      setLabel(github, { label: effect.label, on: effect.kind === 'add-label', by: bot });
      return { kind: 'done', labels: [...github.labels] };
    case 'comment':
      return { kind: 'done', ...write(github, { bot, body: effect.body, wish: keyed.id }) };
    case 'replace-comment':
      return replace(github, effect, { bot, wish: keyed.id });
    case 'prune-comments':
      return {
        kind: 'done',
        deletedIds: remove(github, effect.ids ?? familyIds(github, effect.marker, bot)),
      };
    case 'edit-comment':
      github.said = github.said.map((said) =>
        said.id === effect.id ? { ...said, body: effect.body } : said,
      );
      return { kind: 'done', commentId: effect.id };
    case 'assign':
      for (const login of effect.logins) github.assignees.add(login);
      return { kind: 'done', assignees: [...github.assignees] };
    case 'set-status':
      writeStatus(github, effect);
      return { kind: 'done' };
    case 'request-review':
    case 'start-run':
    case 'abort-runs':
    case 'approve-workflow-runs':
    case 'rerun-workflow-runs':
      return { kind: 'done' };
  }
}

function writeStatus(github: GitHubState, effect: Extract<Effect, { kind: 'set-status' }>): void {
  const { sha, context, state, description, targetUrl } = effect;
  const fact = { state, description, targetUrl, at: isoOf(github.clock) };
  github.statuses.set(sha, { ...github.statuses.get(sha), [context]: fact });
}

function write(
  github: GitHubState,
  { bot, body, wish }: { readonly bot: string; readonly body: string; readonly wish: string },
): Pick<Done, 'commentId' | 'commentUrl'> {
  const before = github.said.find((said) => said.author === bot && said.wish === wish);
  const id = before?.id ?? github.nextBotId;
  if (before === undefined) {
    github.nextBotId += 1;
    github.said.push({ id, author: bot, body, at: isoOf(github.clock), wish });
  }
  return { commentId: id, commentUrl: urlOf(id) };
}

function replace(
  github: GitHubState,
  {
    ids,
    marker,
    body,
  }: { readonly ids?: readonly number[]; readonly marker: CommentFamily; readonly body: string },
  { bot, wish }: { readonly bot: string; readonly wish: string },
): Omit<Done, 'at'> {
  const deletedIds = remove(github, ids ?? familyIds(github, marker, bot));
  return { kind: 'done', deletedIds, ...write(github, { bot, body, wish }) };
}

/** What the activities read when nobody tells them which comments there are. */
function familyIds(github: GitHubState, marker: CommentFamily, bot: string): readonly number[] {
  return github.said
    .filter(({ author, body }) => author === bot && familyOf(body) === marker)
    .map(({ id }) => id);
}

function remove(github: GitHubState, ids: readonly number[]): readonly number[] {
  github.said = github.said.filter(({ id }) => !ids.includes(id));
  return ids;
}

/** Where a comment is seen. */
export function urlOf(id: number): string {
  return `https://github.com/org/repo/pull/5#issuecomment-${id}`;
}
