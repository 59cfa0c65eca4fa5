import { ensureSize, pullCommits, pullFiles, refreshMergeability } from '../../actions/size.ts';
import type { ChangedFile } from '../../git/changes.ts';
import { association } from '../../render/account.ts';
import { mergeableNow, mergeableState } from '../../render/pull.ts';
import { nodeId } from '../../render/urls.ts';
import { requirementsOf } from '../../rules/requirements.ts';
import { opinionsOf } from '../../search/qualifiers.ts';
import type { Pull, PullIssue } from '../../state/model.ts';
import type { Review } from '../../state/reviews.ts';
import type { Place, View } from '../world.ts';
import { actorOrNull, actorView } from './account.ts';
import { rollupView } from './checks.ts';
import { commitView } from './commit.ts';
import { connection } from './connection.ts';
import { pathOf, sharedView } from './issue.ts';
import { refView, repositoryView } from './repository.ts';

/** Whether it merges cleanly; undefined until that was computed, which asking sets off. */
function cleanness({ world, repo }: Place, issue: PullIssue): boolean | undefined {
  if (issue.pull.merged || issue.state === 'closed') return undefined;
  refreshMergeability(world.hub, repo, issue);
  return mergeableNow(world.hub, repo, issue) ?? undefined;
}

function mergeable(clean: boolean | undefined): string {
  if (clean === undefined) return 'UNKNOWN';
  return clean ? 'MERGEABLE' : 'CONFLICTING';
}

function mergeState(place: Place, issue: PullIssue): string {
  if (cleanness(place, issue) === undefined) return 'UNKNOWN';
  return mergeableState(place.world.hub, place.repo, issue).toUpperCase();
}

/** Null where protection asks for no reviews, unless somebody asked for changes. */
function reviewDecision({ world, repo }: Place, issue: PullIssue): string | null {
  const opinions = opinionsOf(issue);
  if (opinions.some(({ state }) => state === 'CHANGES_REQUESTED')) return 'CHANGES_REQUESTED';
  const { approvals } = requirementsOf(world.hub, repo, { branch: issue.pull.base.ref });
  if (approvals === 0) return null;
  return opinions.length >= approvals ? 'APPROVED' : 'REVIEW_REQUIRED';
}

function stateOf({ state, pull }: PullIssue): string {
  return pull.merged ? 'MERGED' : state.toUpperCase();
}

function reviewView(place: Place, issue: PullIssue, review: Review): View {
  const { world, repo } = place;
  const path = `${pathOf(place, issue)}#pullrequestreview-${review.id}`;
  return {
    id: nodeId('PullRequestReview', review.id),
    databaseId: review.id,
    fullDatabaseId: String(review.id),
    author: actorView(world, review.author),
    authorAssociation: association(world.hub, repo, review.author),
    body: review.body,
    bodyText: review.body,
    state: review.state,
    submittedAt: review.submittedAt,
    createdAt: review.submittedAt,
    updatedAt: review.submittedAt,
    commit: () => commitView(place, review.commitId),
    url: world.hub.address.url + path,
    resourcePath: path,
  };
}

function fileView(file: ChangedFile): View {
  const changeType = file.status === 'removed' ? 'DELETED' : file.status.toUpperCase();
  return { path: file.filename, additions: file.additions, deletions: file.deletions, changeType };
}

/** The two ends: names stay when their branches are gone. */
function endsView(place: Place, pull: Pull): View {
  const { world, repo } = place;
  const { head, base } = pull;
  const from = world.hub.model.repos[head.repo];
  const headPlace = from ? { world, repo: from } : undefined;
  return {
    baseRefName: base.ref,
    baseRefOid: base.sha,
    baseRef: () => refView(place, `refs/heads/${base.ref}`),
    baseRepository: () => repositoryView(place),
    headRefName: head.ref,
    headRefOid: head.sha,
    headRef: () => (headPlace ? refView(headPlace, `refs/heads/${head.ref}`) : null),
    headRepository: () => (headPlace ? repositoryView(headPlace) : null),
    headRepositoryOwner: () => (from ? actorView(world, from.owner) : null),
    isCrossRepository: from !== repo,
    maintainerCanModify: false,
  };
}

function changesView(place: Place, issue: PullIssue): View {
  const { hub } = place.world;
  const { repo } = place;
  const size = (name: 'additions' | 'deletions' | 'changedFiles') => async (): Promise<number> => {
    await ensureSize(hub, repo, issue);
    return issue.pull.size?.[name] ?? 0;
  };
  return {
    additions: size('additions'),
    deletions: size('deletions'),
    changedFiles: size('changedFiles'),
    files: async (args: unknown) => connection(await pullFiles(hub, repo, issue), args, fileView),
    commits: async (args: unknown) =>
      connection(await pullCommits(hub, repo, issue), args, ({ sha }) => ({
        id: nodeId('PullRequestCommit', sha),
        commit: () => commitView(place, sha),
        pullRequest: () => pullRequestView(place, issue),
      })),
    statusCheckRollup: () => rollupView(place, issue.pull.head.sha),
  };
}

function reviewsView(place: Place, issue: PullIssue): View {
  const reviews = (list: readonly Review[]) => (args: unknown) =>
    connection(list, args, (review) => reviewView(place, issue, review));
  const { reviews: all, requestedReviewers } = issue.pull;
  const latest = new Map(all.map((review) => [review.author, review]));
  return {
    reviewDecision: () => reviewDecision(place, issue),
    reviews: ({ states, ...args }: { readonly states?: readonly string[] | null }) =>
      reviews(states ? all.filter(({ state }) => states.includes(state)) : all)(args),
    latestReviews: reviews([...latest.values()]),
    latestOpinionatedReviews: reviews(opinionsOf(issue)),
    reviewRequests: (args: unknown) =>
      connection(requestedReviewers, args, (login) => ({
        id: nodeId('ReviewRequest', `${issue.id}-${login}`),
        asCodeOwner: false,
        requestedReviewer: () => actorView(place.world, login),
      })),
  };
}

/** A pull request. */
export function pullRequestView(place: Place, issue: PullIssue): View {
  const { pull } = issue;
  return {
    ...sharedView(place, issue),
    ...endsView(place, pull),
    ...changesView(place, issue),
    ...reviewsView(place, issue),
    __typename: 'PullRequest',
    id: nodeId('PullRequest', issue.id),
    permalink: place.world.hub.address.url + pathOf(place, issue),
    state: stateOf(issue),
    isDraft: pull.draft,
    isInMergeQueue: false,
    isMergeQueueEnabled: false,
    merged: pull.merged,
    mergedAt: pull.mergedAt,
    mergedBy: () => actorOrNull(place.world, pull.mergedBy),
    mergeCommit: () =>
      pull.merged && pull.mergeCommitSha ? commitView(place, pull.mergeCommitSha) : null,
    mergeable: () => mergeable(cleanness(place, issue)),
    mergeStateStatus: () => mergeState(place, issue),
    canBeRebased: () => cleanness(place, issue) === true,
    autoMergeRequest: null,
    totalCommentsCount: issue.comments.length + pull.reviewComments.length,
  };
}
