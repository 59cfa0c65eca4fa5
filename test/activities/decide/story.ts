import fc from 'fast-check';
import type {
  CommentEvent,
  DomainEvent,
  PullRequestEvent,
  ReviewEvent,
  StatusEvent,
} from '../../../workflows/domain/event.ts';
import {
  type GitHubState,
  headOf,
  isoOf,
  setLabel,
  snapshotOf,
  touch,
  urlOf,
} from './github-state.ts';

/** Something that somebody does on GitHub. */
export type Act =
  | { readonly do: 'say'; readonly by: string; readonly text: string }
  | { readonly do: 'label'; readonly by: string; readonly label: string; readonly on: boolean }
  | { readonly do: 'push' | 'close' | 'reopen' }
  | { readonly do: 'review'; readonly by: string; readonly state: string; readonly text: string }
  | { readonly do: 'status'; readonly context: string; readonly state: 'success' | 'failure' };

const SPEAKERS = ['author', 'member', 'collaborator', 'owner', 'stranger', 'bowsprit[bot]'];

const SPEECHES = [
  '/hold',
  '/hold cancel',
  '/unhold',
  '/lgtm',
  '/lgtm cancel',
  '/approve',
  '/approve cancel',
  '/approve no-issue',
  '/remove-approve',
  '/test unit',
  '/test slow',
  '/test all',
  '/test ?',
  '/test nonsense',
  '/test',
  '/retest',
  '/retest-required',
  '/ok-to-test',
  '/ok-to-test cancel',
  '/lgtm\n/approve',
  '/hold\n/test slow',
  '/unknown thing',
  'looks nice',
  '> /hold',
];

const LABELS = [
  'do-not-merge/hold',
  'lgtm',
  'approved',
  'ok-to-test',
  'needs-ok-to-test',
  'kind/bug',
];

/** Any act that an event tells of. */
export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      by: fc.constantFrom(...SPEAKERS),
      text: fc.constantFrom(...SPEECHES),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('label' as const),
      by: fc.constantFrom('member', 'owner'),
      label: fc.constantFrom(...LABELS),
      on: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'push' as const }) },
  { weight: 1, arbitrary: fc.constantFrom<Act>({ do: 'close' }, { do: 'reopen' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('review' as const),
      by: fc.constantFrom('collaborator', 'owner', 'stranger'),
      state: fc.constantFrom('approved', 'changes_requested', 'commented'),
      text: fc.constantFrom('', '/approve', '/hold'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('status' as const),
      context: fc.constantFrom('slow', 'cla'),
      state: fc.constantFrom('success' as const, 'failure' as const),
    }),
  },
);

/** Does it, and gives the events that GitHub sends of it. */
export function perform(github: GitHubState, act: Act, place: number): readonly DomainEvent[] {
  switch (act.do) {
    case 'say':
      return [say(github, act.by, { id: 100 + place, text: act.text })];
    case 'label':
      // Told even if it is so already: whether the bot's own write came first depends on the batches.
      setLabel(github, act);
      return [{ ...change(github, act.on ? 'labeled' : 'unlabeled', act.by), label: act.label }];
    case 'push':
      if (github.pull.state === 'closed') return [];
      touch(github, { headSha: headOf(place + 1), mergeable: null });
      return [change(github, 'synchronize', github.pull.author)];
    case 'close':
      if (github.pull.state === 'closed') return [];
      touch(github, { state: 'closed' });
      return [change(github, 'closed', 'member')];
    case 'reopen':
      if (github.pull.state === 'open') return [];
      touch(github, { state: 'open' });
      return [change(github, 'reopened', 'member')];
    case 'review':
      return review(github, act, 100 + place);
    case 'status':
      return [status(github, act)];
  }
}

/** Somebody writes a comment. */
export function say(
  github: GitHubState,
  author: string,
  { id, text }: { readonly id: number; readonly text: string },
): CommentEvent {
  touch(github);
  const at = isoOf(github.clock);
  github.said.push({ id, author, body: text, at });
  return commentEvent(github, { id, author, body: text, at });
}

/** The webhook of a comment. */
export function commentEvent(
  github: GitHubState,
  { id, author, body, at }: { id: number; author: string; body: string; at: string },
): CommentEvent {
  return {
    kind: 'comment',
    key: `comment:${id}:created`,
    guid: '',
    at,
    sender: author,
    action: 'created',
    source: 'comment',
    id,
    author,
    authorType: author.endsWith('[bot]') ? 'Bot' : 'User',
    body: { kind: 'inline', text: body },
    htmlUrl: urlOf(id),
    createdAt: at,
    isPullRequest: true,
    state: github.pull.state,
    issueAuthor: github.pull.author,
    labels: [...github.labels],
    assignees: [...github.assignees],
    issueUpdatedAt: github.pull.updatedAt,
  };
}

/** The webhook of a change of the pull request. */
export function change(github: GitHubState, action: string, sender: string): PullRequestEvent {
  return {
    kind: 'pull-request',
    key: `pr:5:${action === 'opened' ? action : `${action}:${github.clock}`}`,
    guid: '',
    at: isoOf(github.clock),
    sender,
    action,
    pullRequest: snapshotOf(github),
  };
}

function review(
  github: GitHubState,
  { by, state, text }: Extract<Act, { do: 'review' }>,
  id: number,
): readonly DomainEvent[] {
  touch(github);
  const at = isoOf(github.clock);
  github.said.push({ id, author: by, body: text, at, reviewState: state });
  const event: ReviewEvent = {
    kind: 'review',
    key: `review:${id}:submitted`,
    guid: '',
    at,
    sender: by,
    action: 'submitted',
    id,
    author: by,
    authorType: 'User',
    state,
    body: { kind: 'inline', text },
    htmlUrl: urlOf(id),
    pullRequest: snapshotOf(github),
  };
  if (text === '') return [event];
  const spoken = commentEvent(github, { id, author: by, body: text, at });
  return [event, { ...spoken, key: `review:${id}:text`, source: 'review' }];
}

function status(
  github: GitHubState,
  { context, state }: Extract<Act, { do: 'status' }>,
): StatusEvent {
  const sha = github.pull.headSha;
  const at = isoOf(github.clock);
  const fact = { state, description: `${context} ${state}`, targetUrl: '', at };
  github.statuses.set(sha, { ...github.statuses.get(sha), [context]: fact });
  return {
    kind: 'status',
    key: `status:${sha}:${context}:${github.clock}`,
    guid: '',
    sender: 'another',
    sha,
    context,
    ...fact,
  };
}
