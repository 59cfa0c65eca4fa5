import { h } from 'preact';
import type { Issue, Repo } from '../state/model.ts';
import { badge, type Html, link } from './layout.ts';

/** The page of an issue or a pull request. */
export function pathOf(repo: Repo, issue: Issue): string {
  const kind = issue.pull ? 'pull' : 'issues';
  return `/${repo.owner}/${repo.name}/${kind}/${issue.number}`;
}

/** Open, closed or merged. */
export function stateBadge(issue: Issue): Html {
  if (issue.pull?.merged) return badge('merged', 'merged');
  return badge(issue.state, issue.pull?.draft ? `${issue.state} draft` : issue.state);
}

/** The labels of an issue. */
export function labelBadges(issue: Issue): Html {
  return issue.labels.map((name) => badge('label', name));
}

/** A list of issues or pull requests. */
export function issueList(repo: Repo, issues: readonly Issue[]): Html {
  if (issues.length === 0) return h('p', { class: 'soft' }, 'None.');
  return h(
    'ul',
    { class: 'rows' },
    issues.map((issue) =>
      h(
        'li',
        { key: issue.number },
        stateBadge(issue),
        link(pathOf(repo, issue), `#${issue.number} ${issue.title}`),
        ' ',
        labelBadges(issue),
        h('span', { class: 'soft' }, `by ${issue.author}`),
      ),
    ),
  );
}

interface Entry {
  readonly id: number;
  readonly author: string;
  readonly verb: string;
  readonly at: string;
  readonly body: string;
}

function entriesOf(issue: Issue): readonly Entry[] {
  const comments = issue.comments.map((comment) => ({
    ...comment,
    verb: 'commented',
    at: comment.createdAt,
  }));
  const reviews = (issue.pull?.reviews ?? []).map((review) => ({
    ...review,
    verb: `reviewed: ${review.state.toLowerCase().replace('_', ' ')}`,
    at: review.submittedAt,
  }));
  const notes = (issue.pull?.reviewComments ?? []).map((note) => ({
    ...note,
    verb: `commented on ${note.path}${note.line === null ? '' : `:${note.line}`}`,
    at: note.createdAt,
  }));
  const events = issue.events.map((event) => ({
    id: event.id,
    author: event.actor,
    verb: `${event.event} ${event.label ?? event.assignee ?? event.commitId?.slice(0, 9) ?? ''}`,
    at: event.createdAt,
    body: '',
  }));
  return [...comments, ...reviews, ...notes, ...events].sort((one, other) => one.id - other.id);
}

function entryView(entry: Entry): Html {
  const line = `${entry.author} ${entry.verb} · ${entry.at}`;
  return h(
    'article',
    { key: entry.id, id: `issuecomment-${entry.id}` },
    h('p', null, line),
    entry.body ? h('pre', null, entry.body) : null,
  );
}

/** What everybody said and did, oldest first. */
export function thread(issue: Issue): Html {
  return h(
    'section',
    null,
    h('h2', null, 'Thread'),
    h(
      'article',
      null,
      h('p', null, `${issue.author} opened this · ${issue.createdAt}`),
      issue.body ? h('pre', null, issue.body) : null,
    ),
    entriesOf(issue).map(entryView),
  );
}
