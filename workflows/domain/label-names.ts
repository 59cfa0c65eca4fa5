/** A reviewer is content: merging needs it. */
export const LGTM = 'lgtm';

/** The owners of every changed file agree. */
export const APPROVED = 'approved';

/** Somebody trusted has looked at a stranger's pull request: its tests may run. */
export const OK_TO_TEST = 'ok-to-test';

/** A stranger's pull request that nobody has looked at yet. */
export const NEEDS_OK_TO_TEST = 'needs-ok-to-test';

/** Not to be merged until somebody cancels the hold. */
export const HOLD = 'do-not-merge/hold';

/** How the labels of sizes begin. */
export const SIZE_PREFIX = 'size/';
