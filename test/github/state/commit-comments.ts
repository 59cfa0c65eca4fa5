import type { Reaction } from './reactions.ts';

/** A comment on a commit, or on a line of what it changed. */
export interface CommitComment {
  readonly id: number;
  readonly author: string;
  readonly commitId: string;
  body: string;
  readonly path: string | null;
  readonly position: number | null;
  readonly line: number | null;
  readonly createdAt: string;
  updatedAt: string;
  reactions?: Reaction[];
}
