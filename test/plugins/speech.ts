import { parseCommands, spokenText } from '../../workflows/domain/command.ts';
import { familyOf } from '../../workflows/domain/comment-family.ts';
import type { Effect } from '../../workflows/domain/effect.ts';
import type {
  PullRequestEvent,
  PullRequestSnapshot,
  PushEvent,
} from '../../workflows/domain/event.ts';
import type { Facts } from '../../workflows/domain/facts.ts';
import type { CommentNote } from '../../workflows/domain/record.ts';
import type { Plugin, SpokenComment, SpokenReview, Wish } from '../../workflows/plugins/plugin.ts';
import { BOT, factsOf, type World } from './facts.ts';

const AT = '2026-01-02T00:00:00Z';
const BASE = { guid: 'guid', at: AT };

/** A new comment in which somebody says something. */
export function comment(
  author: string,
  body: string,
  change: Partial<SpokenComment> = {},
): SpokenComment {
  const text = spokenText(body);
  return {
    ...BASE,
    key: 'comment:1:created',
    kind: 'comment',
    action: 'created',
    source: 'comment',
    id: 1,
    sender: author,
    author,
    authorType: 'User',
    body,
    text,
    commands: parseCommands(text),
    htmlUrl: 'https://github.com/org/repo/pull/5#issuecomment-1',
    createdAt: AT,
    isPullRequest: true,
    state: 'open',
    issueAuthor: 'author',
    ...change,
  };
}

/** A review, submitted unless said otherwise. */
export function review(
  author: string,
  state: string,
  change: Partial<SpokenReview> = {},
): SpokenReview {
  const body = change.body ?? '';
  return {
    ...BASE,
    key: 'review:1:submitted',
    kind: 'review',
    action: 'submitted',
    id: 1,
    sender: author,
    author,
    authorType: 'User',
    state,
    body,
    commands: parseCommands(spokenText(body)),
    htmlUrl: 'https://github.com/org/repo/pull/5#pullrequestreview-1',
    pullRequest: snapshot(),
    ...change,
  };
}

function snapshot(): PullRequestSnapshot {
  return {
    ...factsOf().pullRequest,
    headRepository: 'fork/repo',
    baseSha: 'b'.repeat(40),
    updatedAt: AT,
  };
}

/** Something happened to the pull request. */
export function pullRequest(
  action: string,
  change: Partial<PullRequestEvent> = {},
): PullRequestEvent {
  return {
    ...BASE,
    key: `pr:5:${action}`,
    kind: 'pull-request',
    action,
    sender: 'author',
    pullRequest: snapshot(),
    ...change,
  };
}

/** Somebody pushed to a branch. */
export function push(change: Partial<PushEvent> = {}): PushEvent {
  return {
    ...BASE,
    key: 'push',
    kind: 'push',
    sender: 'author',
    ref: 'refs/heads/main',
    before: 'b'.repeat(40),
    after: 'c'.repeat(40),
    deleted: false,
    forced: false,
    compareUrl: '',
    changedFiles: [],
    deliveryId: 'delivery',
    ...change,
  };
}

/** A remembered comment; `minute` orders them. */
export function note(
  author: string,
  body: string,
  minute: number,
  change: Partial<CommentNote> = {},
): CommentNote {
  const at = `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`;
  const family = author === BOT ? familyOf(body) : undefined;
  return {
    id: minute,
    source: 'comment',
    author,
    authorType: 'User',
    createdAt: at,
    updatedAt: at,
    htmlUrl: `URL${minute}`,
    body,
    ...(family === undefined ? {} : { family }),
    ...change,
  };
}

/** A remembered review. */
export function reviewNote(
  author: string,
  reviewState: string,
  minute: number,
  body = '',
): CommentNote {
  return note(author, body, minute, { source: 'review', reviewState });
}

type Happening = SpokenComment | SpokenReview | PullRequestEvent | PushEvent;

/** All that a plugin wants, reasons included, as the core would ask it: each command, then the comment. */
export async function wishes(
  plugin: Plugin,
  event: Happening,
  world: World = {},
): Promise<readonly Wish[]> {
  return wishesOf(plugin, event, factsOf(world));
}

/** What a plugin wants to be done. */
export async function effects(
  plugin: Plugin,
  event: Happening,
  world: World = {},
): Promise<readonly Effect[]> {
  const wished = await wishes(plugin, event, world);
  return wished.map((wish) => ('effect' in wish ? wish.effect : wish));
}

async function wishesOf({ on, commands }: Plugin, event: Happening, facts: Facts): Promise<Wish[]> {
  switch (event.kind) {
    case 'review':
      return [...((await on.review?.(event, facts)) ?? [])];
    case 'pull-request':
      return [...((await on.pullRequest?.(event, facts)) ?? [])];
    case 'push':
      return [...((await on.push?.(event, facts)) ?? [])];
    case 'comment': {
      const wished: Wish[] = [];
      if (event.action !== 'created') return wished;
      for (const command of event.commands.filter(({ name }) => commands.includes(name))) {
        wished.push(...((await on.command?.({ ...command, comment: event }, facts)) ?? []));
      }
      return [...wished, ...((await on.comment?.(event, facts)) ?? [])];
    }
  }
}

/** Effects in short: `+lgtm`, `-lgtm`, `run a`, `comment`, … */
export async function brief(
  plugin: Plugin,
  event: Happening,
  world: World = {},
): Promise<string[]> {
  return (await effects(plugin, event, world)).map(inShort);
}

function inShort(effect: Effect): string {
  switch (effect.kind) {
    case 'add-label':
      return `+${effect.label}`;
    case 'remove-label':
      return `-${effect.label}`;
    case 'comment':
      return effect.marker === undefined ? 'comment' : `comment ${effect.marker}`;
    case 'prune-comments':
      return `prune ${effect.marker}`;
    case 'replace-comment':
      return `replace ${effect.marker}`;
    case 'start-run':
      return `${effect.retest ? 'retest' : 'run'} ${effect.job}`;
    case 'assign':
      return `assign ${effect.logins.join(',')}`;
    case 'request-review':
      return `ask ${effect.logins.join(',')}`;
    case 'abort-runs':
      return 'abort';
    case 'approve-workflow-runs':
      return 'approve workflows';
    case 'rerun-workflow-runs':
      return 'rerun workflows';
    case 'edit-comment':
    case 'set-status':
      return effect.kind;
  }
}

/** The texts of the comments that a plugin wants to write. */
export async function texts(
  plugin: Plugin,
  event: Happening,
  world: World = {},
): Promise<string[]> {
  return (await effects(plugin, event, world)).flatMap((effect) =>
    effect.kind === 'comment' || effect.kind === 'replace-comment' ? [effect.body] : [],
  );
}
