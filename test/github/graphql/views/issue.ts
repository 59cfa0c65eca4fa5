import { association } from '../../render/account.ts';
import { nodeId } from '../../render/urls.ts';
import type { Comment, Issue, Label, Milestone } from '../../state/model.ts';
import type { Place, View } from '../world.ts';
import { actorView } from './account.ts';
import { connection } from './connection.ts';
import { repositoryView } from './repository.ts';

/** A label of a repository. */
export function labelView({ world, repo }: Place, label: Label): View {
  const path = `/${repo.owner}/${repo.name}/labels/${encodeURIComponent(label.name)}`;
  return {
    __typename: 'Label',
    id: nodeId('Label', label.id),
    name: label.name,
    color: label.color,
    description: label.description,
    isDefault: false,
    url: world.hub.address.url + path,
    resourcePath: path,
  };
}

function labelsOf({ repo }: Place, issue: Issue): readonly Label[] {
  return issue.labels.flatMap(
    (name) => repo.labels.find((label) => label.name.toLowerCase() === name.toLowerCase()) ?? [],
  );
}

/** A milestone, or null. */
export function milestoneView(
  { world, repo }: Place,
  milestone: Milestone | undefined,
): View | null {
  if (!milestone) return null;
  const path = `/${repo.owner}/${repo.name}/milestone/${milestone.number}`;
  return {
    id: nodeId('Milestone', milestone.id),
    number: milestone.number,
    title: milestone.title,
    description: milestone.description,
    state: milestone.state.toUpperCase(),
    url: world.hub.address.url + path,
    resourcePath: path,
  };
}

/** Where an issue or pull request is shown. */
export function pathOf({ repo }: Place, issue: Issue): string {
  return `/${repo.owner}/${repo.name}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
}

function commentView(place: Place, issue: Issue, comment: Comment): View {
  const { world, repo } = place;
  const path = `${pathOf(place, issue)}#issuecomment-${comment.id}`;
  return {
    __typename: 'IssueComment',
    id: nodeId('IssueComment', comment.id),
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    author: actorView(world, comment.author),
    authorAssociation: association(world.hub, repo, comment.author),
    body: comment.body,
    bodyText: comment.body,
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    url: world.hub.address.url + path,
    resourcePath: path,
    viewerDidAuthor: comment.author === world.viewer.login,
  };
}

/** What issues and pull requests show alike. */
export function sharedView(place: Place, issue: Issue): View {
  const { world, repo } = place;
  const { hub } = world;
  return {
    databaseId: issue.id,
    fullDatabaseId: String(issue.id),
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    bodyText: issue.body ?? '',
    url: hub.address.url + pathOf(place, issue),
    resourcePath: pathOf(place, issue),
    author: () => actorView(world, issue.author),
    authorAssociation: () => association(hub, repo, issue.author),
    repository: () => repositoryView(place),
    closed: issue.state === 'closed',
    closedAt: issue.closedAt,
    createdAt: issue.createdAt,
    publishedAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    locked: issue.locked ?? false,
    activeLockReason: issue.lockReason?.toUpperCase().replaceAll(/[ -]/g, '_') ?? null,
    viewerDidAuthor: issue.author === world.viewer.login,
    labels: (args: unknown) =>
      connection(labelsOf(place, issue), args, (label) => labelView(place, label)),
    assignees: (args: unknown) =>
      connection(issue.assignees, args, (login) => actorView(world, login)),
    comments: (args: unknown) =>
      connection(issue.comments, args, (comment) => commentView(place, issue, comment)),
    milestone: () =>
      milestoneView(
        place,
        repo.milestones.find(({ number }) => number === issue.milestone),
      ),
  };
}

/** An issue that is no pull request. */
export function issueView(place: Place, issue: Issue): View {
  return {
    ...sharedView(place, issue),
    __typename: 'Issue',
    id: nodeId('Issue', issue.id),
    state: issue.state.toUpperCase(),
    stateReason: issue.state === 'closed' ? (issue.stateReason ?? 'completed').toUpperCase() : null,
    isPinned: place.repo.pinned?.includes(issue.number) ?? false,
  };
}
