import type { GitHub } from '../client.ts';
import {
  accountOf,
  allPages,
  type Numbered,
  pageOf,
  pullPath,
  type ReadOptions,
  reading,
} from './reading.ts';

/** A review. */
export interface ReviewRead {
  readonly id: number;
  readonly author: string;
  readonly authorType: string;
  readonly body: string;
  /** Lower case, as webhooks have it: approved, changes_requested, commented, dismissed, pending. */
  readonly state: string;
  readonly submittedAt: string;
  readonly htmlUrl: string;
  readonly commitSha: string;
}

/** Reviews of a pull request, oldest first. */
export async function readReviews(
  github: GitHub,
  pull: Numbered,
  options?: ReadOptions,
): Promise<readonly ReviewRead[]> {
  const ask = reading(github, 'reviews', options);
  const reviews = await allPages(async (page) =>
    pageOf(
      await ask('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
        ...pullPath(pull),
        ...page,
      }),
    ),
  );
  return reviews.map((review) => ({
    id: Number(review.id),
    ...accountOf(review.user),
    body: review.body,
    state: review.state.toLowerCase(),
    submittedAt: review.submitted_at ?? '',
    htmlUrl: review.html_url,
    commitSha: review.commit_id ?? '',
  }));
}
