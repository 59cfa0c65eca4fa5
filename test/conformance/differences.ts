import type { Difference } from './compare.ts';

/** A difference that is meant, and where `docs/compatibility.md` gives its reason. */
export interface Deliberate {
  /** The scenarios that show it; every one of them must. */
  readonly scenarios: readonly string[];
  /** Whether a difference is of this kind. */
  is(difference: Difference): boolean;
  /** A piece of the sentence in `docs/compatibility.md` that gives the reason. */
  readonly reason: string;
}

/** A comment that both wrote, each in its own words. */
function reworded(theirs: RegExp, ours: RegExp): Deliberate['is'] {
  return ({ prow, bowsprit }) => theirs.test(prow ?? '') && ours.test(bowsprit ?? '');
}

/** Every difference between Prow's and Bowsprit's end states that is not to be mended. */
export const DELIBERATE: readonly Deliberate[] = [
  {
    scenarios: ['refusals'],
    is: reworded(/: you cannot LGTM your own PR\.\n/, /: You cannot say `\/lgtm` to your own/),
    reason: 'Refusals are in our own words',
  },
  {
    scenarios: ['refusals'],
    is: reworded(
      /: changing LGTM is restricted to collaborators\n/,
      /: Only collaborators of this/,
    ),
    reason: 'Refusals are in our own words',
  },
  {
    scenarios: ['refusals'],
    is: ({ prow, bowsprit }) =>
      prow?.replace('the Kubernetes Code Review Process', 'the Code Review Process') === bowsprit,
    reason: 'the approval notice does not speak of Kubernetes',
  },
  {
    scenarios: ['draft'],
    is: ({ what, bowsprit }) =>
      what === 'status tide of <commit 1 of #1>' && bowsprit !== 'success',
    reason: 'Drafts and pull requests of which not everything is known yet read `Not mergeable.`',
  },
  {
    scenarios: ['draft'],
    is: ({ what, bowsprit }) =>
      what === 'status tide of <commit 1 of #1> says' && bowsprit === 'Not mergeable.',
    reason: 'Drafts and pull requests of which not everything is known yet read `Not mergeable.`',
  },
  {
    scenarios: ['approve-settings'],
    is: ({ prow, bowsprit }) =>
      prow?.replace('the Kubernetes Code Review Process', 'the Code Review Process') === bowsprit,
    reason: 'the approval notice does not speak of Kubernetes',
  },
];
