import type { End } from '../github/control/describe-end.ts';
import { differencesOf } from '../github/control/difference.ts';

/** What is not equal: what Prow left and what Bowsprit left. */
export interface Difference {
  readonly what: string;
  readonly prow: string | undefined;
  readonly bowsprit: string | undefined;
}

/** Compares what both systems left. */
export function compareEnds(prow: End, bowsprit: End): readonly Difference[] {
  return differencesOf(prow, bowsprit).map(({ what, one, other }) => ({
    what,
    prow: one,
    bowsprit: other,
  }));
}
