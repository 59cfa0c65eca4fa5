import type { Difference } from './end.ts';

/** A difference that is meant, and where `docs/compatibility.md` gives its reason. */
export interface Deliberate {
  /** The scenarios that show it; every one of them must. */
  readonly scenarios: readonly string[];
  /** Whether a difference is of this kind. */
  is(difference: Difference): boolean;
  /** A piece of the sentence in `docs/compatibility.md` that gives the reason. */
  readonly reason: string;
}

/** Every difference between Prow's and Bowsprit's end states that is not to be mended. */
export const DELIBERATE: readonly Deliberate[] = [];
