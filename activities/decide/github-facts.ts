import type { CommentNote } from '../../workflows/domain/record.ts';
import type { RepositoryName } from '../../workflows/domain/repository.ts';
import type { GitHub } from '../github/client.ts';
import { type CommentRead, readComments, readReviewComments } from '../github/read/comments.ts';
import { readBranchHead } from '../github/read/commits.ts';
import { readLabelActor } from '../github/read/issue-events.ts';
import { readLabels } from '../github/read/labels.ts';
import {
  countMergedPulls,
  isCollaborator,
  isMember,
  readCollaborators,
  readLogin,
  readTeam,
} from '../github/read/people.ts';
import { readPull, readPullBody } from '../github/read/pulls.ts';
import { readMergeMethods } from '../github/read/repository.ts';
import { type ReviewRead, readReviews } from '../github/read/reviews.ts';
import { readStatuses } from '../github/read/statuses.ts';
import type { GitHubFacts } from './sources.ts';

/** The facts of GitHub's API for deciding, from the one client. */
export function createGitHubFacts(github: GitHub): GitHubFacts {
  return {
    botLogin: async () => (await readLogin(github)).replace(/\[bot\]$/, ''),
    pullRequest: (repository, number) => readPull(github, { repository, number }),
    body: (repository, number) => readPullBody(github, { repository, number }),
    labels: (repository, number) => readLabels(github, { repository, number }),
    comments: (repository, number) => thread(github, repository, number),
    statuses: (repository, sha) => readStatuses(github, { repository, sha }),
    isMember: (org, login) => isMember(github, { org, login }),
    isCollaborator: (repository, login) => isCollaborator(github, { repository, login }),
    collaborators: async (repository) => readCollaborators(github, repository),
    isTeamMember: async (org, name, login) =>
      (await readTeam(github, { org, name }))?.has(login) ?? false,
    mergedPullRequests: (org, author) => countMergedPulls(github, { org, author }),
    labelActor: (repository, number, label) =>
      readLabelActor(github, { repository, number, label }),
    mergeMethods: (repository) => readMergeMethods(github, repository),
    branchHead: async (repository, branch) => {
      const head = await readBranchHead(github, { repository, branch });
      if (head === undefined) throw new Error(`the branch ${branch} does not exist any more`);
      return head;
    },
  };
}

async function thread(
  github: GitHub,
  repository: RepositoryName,
  number: number,
): Promise<readonly CommentNote[]> {
  const pull = { repository, number };
  const [comments, reviewComments, reviews] = await Promise.all([
    readComments(github, pull),
    readReviewComments(github, pull),
    readReviews(github, pull),
  ]);
  return [
    ...reviewComments.map((comment) => noteOf(comment, 'review-comment')),
    ...comments.map((comment) => noteOf(comment, 'comment')),
    ...reviews.filter(({ state }) => state !== 'pending').map(noteOfReview),
  ];
}

function noteOf(comment: CommentRead, source: 'comment' | 'review-comment'): CommentNote {
  return { ...comment, source };
}

function noteOfReview(review: ReviewRead): CommentNote {
  return {
    id: review.id,
    source: 'review',
    author: review.author,
    authorType: review.authorType,
    createdAt: review.submittedAt,
    updatedAt: review.submittedAt,
    htmlUrl: review.htmlUrl,
    body: review.body,
    reviewState: review.state,
  };
}
