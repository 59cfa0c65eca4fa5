import { combinedState, newestStatuses } from '../actions/statuses.ts';
import type { Issue, Repo } from '../state/model.ts';
import type { Review } from '../state/reviews.ts';
import { isCountIn, isTimeIn } from './ranges.ts';

/** An issue or pull request, and where it is. */
export interface Found {
  readonly repo: Repo;
  readonly issue: Issue;
}

/** Whether a value of a qualifier fits. */
export type Fits = (found: Found, value: string) => boolean;

function same(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

function anySame(all: readonly string[], value: string): boolean {
  return all.some((one) => same(one, value));
}

const IS: Readonly<Record<string, (found: Found) => boolean>> = {
  pr: ({ issue }) => issue.pull !== null,
  'pull-request': ({ issue }) => issue.pull !== null,
  issue: ({ issue }) => issue.pull === null,
  open: ({ issue }) => issue.state === 'open',
  closed: ({ issue }) => issue.state === 'closed',
  merged: ({ issue }) => issue.pull?.merged === true,
  unmerged: ({ issue }) => issue.pull?.merged === false,
  draft: ({ issue }) => issue.pull?.draft === true,
  public: ({ repo }) => !repo.private,
  private: ({ repo }) => repo.private,
  locked: () => false,
  unlocked: () => true,
};

function is(found: Found, value: string): boolean {
  return IS[value.toLowerCase()]?.(found) ?? false;
}

/** The last word of each reviewer who approved or asked for changes. */
export function opinionsOf(issue: Issue): readonly Review[] {
  const latest = new Map<string, Review>();
  for (const review of issue.pull?.reviews ?? []) {
    if (review.state === 'DISMISSED') latest.delete(review.author);
    if (review.state === 'APPROVED' || review.state === 'CHANGES_REQUESTED') {
      latest.set(review.author, review);
    }
  }
  return [...latest.values()];
}

/** Whether protection of the base asks for approving reviews. */
export function requiresReviews({ repo, issue }: Found): boolean {
  return Boolean(repo.protection[issue.pull?.base.ref ?? '']?.['required_pull_request_reviews']);
}

function review(found: Found, value: string): boolean {
  const opinions = opinionsOf(found.issue);
  const refused = opinions.some(({ state }) => state === 'CHANGES_REQUESTED');
  switch (value.toLowerCase()) {
    case 'none':
      return (found.issue.pull?.reviews.length ?? 0) === 0;
    case 'approved':
      return !refused && opinions.length > 0;
    case 'changes_requested':
      return refused;
    case 'required':
      return !refused && opinions.length === 0 && requiresReviews(found);
    default:
      return false;
  }
}

function status({ repo, issue }: Found, value: string): boolean {
  const statuses = newestStatuses(repo.statuses[issue.pull?.head.sha ?? ''] ?? []);
  return statuses.length > 0 && combinedState(statuses) === value.toLowerCase();
}

const NO: Readonly<Record<string, (issue: Issue) => boolean>> = {
  label: (issue) => issue.labels.length === 0,
  milestone: (issue) => issue.milestone === null,
  assignee: (issue) => issue.assignees.length === 0,
};

function commenters({ issue }: Found): readonly string[] {
  return issue.comments.map(({ author }) => author);
}

function mentions({ issue }: Found, login: string): boolean {
  const texts = [issue.body ?? '', ...issue.comments.map(({ body }) => body)];
  return texts.join('\n').toLowerCase().includes(`@${login.toLowerCase()}`);
}

function involves(found: Found, login: string): boolean {
  const people = [found.issue.author, ...found.issue.assignees, ...commenters(found)];
  return anySame(people, login) || mentions(found, login);
}

function milestoneTitle({ repo, issue }: Found): string | undefined {
  return repo.milestones.find(({ number }) => number === issue.milestone)?.title;
}

/** Every qualifier that is understood; anything else is a word, as on GitHub. */
export const QUALIFIERS: Readonly<Record<string, Fits>> = {
  is,
  type: is,
  state: is,
  draft: ({ issue }, value) => issue.pull !== null && String(issue.pull.draft) === value,
  archived: ({ repo }, value) => String(repo.archived) === value,
  repo: ({ repo }, value) => same(`${repo.owner}/${repo.name}`, value),
  org: ({ repo }, value) => same(repo.owner, value),
  user: ({ repo }, value) => same(repo.owner, value),
  author: ({ issue }, value) => same(issue.author, value.replace(/^app\/(.*)$/, '$1[bot]')),
  assignee: ({ issue }, value) =>
    value === '*' ? issue.assignees.length > 0 : anySame(issue.assignees, value),
  commenter: (found, value) => anySame(commenters(found), value),
  mentions,
  involves,
  'review-requested': ({ issue }, value) => anySame(issue.pull?.requestedReviewers ?? [], value),
  'reviewed-by': ({ issue }, value) =>
    anySame(issue.pull?.reviews.map(({ author }) => author) ?? [], value),
  review,
  status,
  label: ({ issue }, value) => anySame(issue.labels, value),
  milestone: (found, value) =>
    value === '*' ? found.issue.milestone !== null : same(milestoneTitle(found), value),
  no: ({ issue }, value) => NO[value.toLowerCase()]?.(issue) ?? false,
  base: ({ issue }, value) => issue.pull?.base.ref === value,
  head: ({ issue }, value) => issue.pull?.head.ref === value,
  sha: ({ issue }, value) => issue.pull?.head.sha.startsWith(value) === true,
  created: ({ issue }, value) => isTimeIn(issue.createdAt, value),
  updated: ({ issue }, value) => isTimeIn(issue.updatedAt, value),
  closed: ({ issue }, value) => issue.closedAt !== null && isTimeIn(issue.closedAt, value),
  merged: ({ issue }, value) =>
    typeof issue.pull?.mergedAt === 'string' && isTimeIn(issue.pull.mergedAt, value),
  comments: ({ issue }, value) => isCountIn(issue.comments.length, value),
};
