import type { Details } from '../problem.ts';

/** Takes what is wrong with a field of a job; an empty path is the job itself. */
export type Complain = (
  field: readonly PropertyKey[],
  why: string,
  next: string,
  details?: Details,
) => void;
