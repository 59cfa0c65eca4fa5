import type { GitHub } from '../client.ts';
import {
  accountOf,
  allPages,
  issuePath,
  type Numbered,
  pageOf,
  pullPath,
  type ReadOptions,
  reading,
} from './reading.ts';

/** A comment on an issue or pull request, or on a line of its diff. */
export interface CommentRead {
  readonly id: number;
  readonly author: string;
  readonly authorType: string;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly htmlUrl: string;
}

interface Comment {
  readonly id: number | bigint;
  readonly user: { readonly login: string; readonly type?: string } | null;
  readonly body?: string | undefined;
  readonly created_at: string;
  readonly updated_at: string;
  readonly html_url: string;
}

/** A comment as GitHub shows it, in our words. */
export function commentOf(comment: Comment): CommentRead {
  return {
    id: Number(comment.id),
    ...accountOf(comment.user),
    body: comment.body ?? '',
    createdAt: comment.created_at,
    updatedAt: comment.updated_at,
    htmlUrl: comment.html_url,
  };
}

/** Comments of an issue or pull request, oldest first; with `since`, those changed at or after that time. */
export async function readComments(
  github: GitHub,
  { since, ...issue }: Numbered & { readonly since?: string },
  options?: ReadOptions,
): Promise<readonly CommentRead[]> {
  const ask = reading(github, 'comments', options);
  const comments = await allPages(async (page) =>
    pageOf(
      await ask('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        ...issuePath(issue),
        ...page,
        ...(since === undefined ? {} : { since }),
      }),
    ),
  );
  return comments.map(commentOf);
}

/** Comments on lines of the diff, oldest first. */
export async function readReviewComments(
  github: GitHub,
  pull: Numbered,
  options?: ReadOptions,
): Promise<readonly CommentRead[]> {
  const ask = reading(github, 'review-comments', options);
  const comments = await allPages(async (page) =>
    pageOf(
      await ask('GET /repos/{owner}/{repo}/pulls/{pull_number}/comments', {
        ...pullPath(pull),
        ...page,
      }),
    ),
  );
  return comments.map(commentOf);
}
