import type { Reaction } from './reactions.ts';

/** A submitted review. */
export interface Review {
  readonly id: number;
  readonly author: string;
  body: string;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  readonly commitId: string;
  submittedAt: string;
}

/** A comment on a line of the diff. */
export interface ReviewComment {
  readonly id: number;
  readonly reviewId: number | null;
  readonly author: string;
  body: string;
  readonly path: string;
  readonly line: number | null;
  readonly side: string;
  readonly commitId: string;
  readonly inReplyTo?: number;
  readonly createdAt: string;
  updatedAt: string;
  reactions?: Reaction[];
}
