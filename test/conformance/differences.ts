import type { Difference } from './compare.ts';

/** A difference that is meant, and where `docs/compatibility.md` gives its reason. */
export interface Deliberate {
  /** The scenarios that show it, every one of them; without them any may. */
  readonly scenarios?: readonly string[];
  /** Shows or not, by how quick Prow is: then it need not show. */
  readonly mayBeAbsent?: true;
  /** Whether a difference is of this kind. */
  is(difference: Difference): boolean;
  /** A piece of the sentence in `docs/compatibility.md` that gives the reason. */
  readonly reason: string;
}

/** Whether a difference that a scenario shows is of a kind that is meant there. */
export function isMeant(one: Deliberate, scenario: string, difference: Difference): boolean {
  return (one.scenarios?.includes(scenario) ?? true) && one.is(difference);
}

/** A comment that both wrote, each in its own words. */
function reworded(theirs: RegExp, ours: RegExp): Deliberate['is'] {
  return ({ prow, bowsprit }) => theirs.test(prow ?? '') && ours.test(bowsprit ?? '');
}

/** A fact with these two values. */
function fact(about: string, theirs: string, ours: string): Deliberate['is'] {
  return ({ what, prow, bowsprit }) => what === about && prow === theirs && bowsprit === ours;
}

/** The table of failed tests in a comment. */
function tableOf(comment: string | undefined): string | undefined {
  return comment?.match(/^Test name \|.*(?:\n.+)*/m)?.[0];
}

const REFUSALS =
  'Refusals, the greeting of a stranger and the note on a draft are in our own words';
const NOTICE = 'the approval notice does not speak of Kubernetes';
const DRAFT = 'Drafts and pull requests of which not everything is known yet read `Not mergeable.`';
const ONE_TEST = 'One batch or one serial test at a time';
const MISSING = 'A required context that nobody has written yet is named';

/** Every difference between Prow's and Bowsprit's end states that is not to be mended. */
export const DELIBERATE: readonly Deliberate[] = [
  {
    is: reworded(/: you cannot LGTM your own PR\.\n/, /: You cannot say `\/lgtm` to your own/),
    reason: REFUSALS,
  },
  {
    is: reworded(
      /: changing LGTM is restricted to collaborators\n/,
      /: Only collaborators of this/,
    ),
    reason: REFUSALS,
  },
  {
    is: reworded(/^Hi @\w+\. Thanks for your PR\.\n/, /^Hi @\w+\. Thanks for your pull request!\n/),
    reason: REFUSALS,
  },
  {
    is: reworded(
      /: Cannot trigger testing until a trusted user reviews the PR/,
      /: Tests cannot start before a trusted person has looked/,
    ),
    reason: REFUSALS,
  },
  {
    is: reworded(
      /^Skipping CI for Draft Pull Request\./,
      /^No tests start by themselves on a draft/,
    ),
    reason: REFUSALS,
  },
  {
    is: ({ prow, bowsprit }) =>
      prow?.replace('the Kubernetes Code Review Process', 'the Code Review Process') === bowsprit,
    reason: NOTICE,
  },
  {
    is: (difference) =>
      reworded(/ \*\*failed\*\*, say `\/retest`/, / \*\*failed\*\*\. Say `\/retest`/)(difference) &&
      tableOf(difference.prow) === tableOf(difference.bowsprit),
    reason: "The failure table is Prow's; the sentence above it is ours",
  },
  {
    is: ({ prow, bowsprit }) => {
      const [theirs, ours] = [prow, bowsprit].map((text) => text?.split('\n<details>')[0]?.trim());
      return theirs?.replace(/^\* `(.*)`$/gm, '```\n$1\n```') === ours && ours !== undefined;
    },
    reason: 'each command of the list of tests stands in a fence of its own',
  },
  {
    scenarios: ['retests'],
    is: ({ prow, bowsprit }) =>
      bowsprit === undefined && /^@ann: The `\/(?:test|retest)` command /.test(prow ?? ''),
    reason: 'with the next `/test` or `/retest` an earlier list goes',
  },
  {
    scenarios: ['quoted'],
    is: fact('#1 labels', 'do-not-merge/hold, lgtm', 'lgtm'),
    reason: 'What stands in fenced code, quotes or HTML comments is not spoken',
  },
  {
    scenarios: ['draft'],
    is: ({ what, bowsprit }) =>
      what === 'status tide of <commit 1 of #1>' && bowsprit !== 'success',
    reason: DRAFT,
  },
  {
    scenarios: ['draft'],
    is: ({ what, bowsprit }) =>
      what === 'status tide of <commit 1 of #1> says' && bowsprit === 'Not mergeable.',
    reason: DRAFT,
  },
  {
    scenarios: ['unreported'],
    is: fact('status tide of <commit 1 of #1>', 'success', 'pending'),
    reason: MISSING,
  },
  {
    scenarios: ['unreported'],
    is: fact(
      'status tide of <commit 1 of #1> says',
      'In merge pool.',
      'Not mergeable. Job cla has not succeeded.',
    ),
    reason: MISSING,
  },
  {
    scenarios: ['batch'],
    mayBeAbsent: true,
    is: fact(
      'status unit of <commit 1 of #1>',
      'pending, success, pending, failure',
      'pending, success',
    ),
    reason: ONE_TEST,
  },
  {
    scenarios: ['batch'],
    mayBeAbsent: true,
    is: ({ what, prow }) =>
      what === 'status unit of <commit 1 of #1> says' &&
      prow?.startsWith('Aborted by trigger plugin.') === true,
    reason: ONE_TEST,
  },
  {
    scenarios: ['batch'],
    mayBeAbsent: true,
    is: ({ what, prow, bowsprit }) =>
      what === 'runs' &&
      prow?.startsWith('presubmit unit on main (<commit 1 of main>) with #1 ') === true &&
      bowsprit === undefined,
    reason: ONE_TEST,
  },
];
