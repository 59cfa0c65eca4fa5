/** The classes in which GitHub refuses a merge, as clients tell them apart (J§2.2.5). */
export const REFUSALS = [
  'head-modified',
  'base-modified',
  'not-authorized',
  'merge-commits-not-allowed',
  'required-check',
  'review-required',
  'not-mergeable',
  'merge-in-progress',
] as const;
/** One of {@link REFUSALS}. */
export type Refusal = (typeof REFUSALS)[number];

/** GitHub's sentences where they have no names in them. */
export const SENTENCES = {
  headModified: 'Head branch was modified. Review and try the merge again.',
  baseModified: 'Base branch was modified. Review and try the merge again.',
  notMergeable: 'Pull Request is not mergeable',
  draft: 'Pull Request is still a draft',
} as const;

/** How GitHub answers to a refused merge. */
export interface RefusalAnswer {
  readonly status: number;
  readonly message: string;
}

/** The status and the sentence of a class of refusal. */
export const REFUSAL_ANSWERS: Readonly<Record<Refusal, RefusalAnswer>> = {
  'head-modified': { status: 409, message: SENTENCES.headModified },
  'base-modified': { status: 405, message: SENTENCES.baseModified },
  'not-authorized': {
    status: 405,
    message:
      "You're not authorized to push to this branch. Visit https://docs.github.com/ for more information.",
  },
  'merge-commits-not-allowed': {
    status: 405,
    message: 'Merge commits are not allowed on this repository.',
  },
  'required-check': { status: 405, message: 'Required status check "unit" is expected.' },
  'review-required': {
    status: 405,
    message: 'At least 1 approving review is required by reviewers with write access.',
  },
  'not-mergeable': { status: 405, message: SENTENCES.notMergeable },
  'merge-in-progress': { status: 405, message: 'Merge already in progress' },
};
