import { presentLabels } from './label-facts.ts';
import { APPROVED, HOLD, LGTM, NEEDS_OK_TO_TEST, OK_TO_TEST } from './label-names.ts';
import type { EligibilityInput, PoolQuery } from './merge-policy.ts';
import type { Requirement } from './pool.ts';
import type { PullRequestRecord } from './record.ts';

/** How a pull request compares with one query, contexts apart. */
export interface QueryMatch {
  /** In Prow's order of importance. */
  readonly requirements: readonly Requirement[];
  readonly met: boolean;
  /** How far away it is, in Prow's weights: the nearest query supplies the text (J§2.6). */
  readonly weight: number;
}

const WEIGHTS: Readonly<Record<string, number>> = {
  branch: 2000,
  author: 1000,
  milestone: 100,
  review: 50,
};

/** Compares a pull request with a query. */
export function matchQuery(query: PoolQuery, input: EligibilityInput): QueryMatch {
  const { record } = input;
  const requirements = [
    branch(query, record),
    ...author(query, record),
    ...milestone(query, record),
    ...labels(query, record),
    ...forbiddenLabels(query, record),
    ...review(query, input),
  ];
  const unmet = requirements.filter(({ met }) => !met);
  const weight = unmet.reduce((sum, { kind }) => sum + (WEIGHTS[kind] ?? 1), 0);
  return { requirements, met: unmet.length === 0, weight };
}

/** GitHub compares labels without case. */
function has(record: PullRequestRecord, label: string): boolean {
  const wanted = label.trim().toLowerCase();
  return [...presentLabels(record)].some((present) => present.toLowerCase() === wanted);
}

function branch(query: PoolQuery, { baseRef }: PullRequestRecord): Requirement {
  const included = query.includedBranches.length === 0 || query.includedBranches.includes(baseRef);
  const met = included && !query.excludedBranches.includes(baseRef);
  return {
    kind: 'branch',
    subject: baseRef,
    met,
    fact: `the base branch is ${baseRef}, which the query ${met ? 'allows' : 'forbids'}`,
    clearedBy: 'the author, by another base branch; or the configuration (tide.queries)',
  };
}

function author(query: PoolQuery, record: PullRequestRecord): readonly Requirement[] {
  if (query.author === '') return [];
  const wanted = normalLogin(query.author);
  return [
    {
      kind: 'author',
      subject: wanted,
      met: normalLogin(record.author) === wanted,
      fact: `the author is ${normalLogin(record.author)}`,
      clearedBy: `a pull request by ${wanted}`,
    },
  ];
}

/** Logins compare in lower case and without `@`. */
function normalLogin(login: string): string {
  return login.replace(/^@/, '').toLowerCase();
}

function milestone(query: PoolQuery, record: PullRequestRecord): readonly Requirement[] {
  if (query.milestone === '') return [];
  const now = record.milestone === '' ? 'none' : record.milestone;
  return [
    {
      kind: 'milestone',
      subject: query.milestone,
      met: record.milestone === query.milestone,
      fact: `the milestone is ${now}`,
      clearedBy: `anyone who may set the milestone ${query.milestone}`,
    },
  ];
}

function labels(query: PoolQuery, record: PullRequestRecord): readonly Requirement[] {
  return [...query.labels].sort().map((entry) => {
    const alternatives = entry.split(',');
    const found = alternatives.filter((label) => has(record, label));
    const subject = alternatives.join(' or ');
    return {
      kind: 'label',
      subject,
      met: found.length > 0,
      fact:
        found.length > 0 ? `it has the label ${found.join(', ')}` : `it has no label ${subject}`,
      clearedBy: alternatives.map((label) => whoAdds(label)).join(', or '),
    };
  });
}

/** Who brings a label, and how: the commands that are there for it. */
function whoAdds(label: string): string {
  switch (label) {
    case LGTM:
      return 'a reviewer who says /lgtm';
    case APPROVED:
      return 'the approvers of the changed files, who say /approve';
    case OK_TO_TEST:
      return 'a member who says /ok-to-test';
    default:
      return `anyone who may add the label ${label}`;
  }
}

function whoRemoves(label: string): string {
  switch (label) {
    case HOLD:
      return 'anyone who says /hold cancel';
    case NEEDS_OK_TO_TEST:
      return 'a member who says /ok-to-test';
    default:
      return `anyone who may remove the label ${label}`;
  }
}

function forbiddenLabels(query: PoolQuery, record: PullRequestRecord): readonly Requirement[] {
  return [...query.missingLabels].sort().map((label) => {
    const present = has(record, label);
    return {
      kind: 'forbidden-label',
      subject: label,
      met: !present,
      fact: present ? `it has the label ${label}` : `it does not have the label ${label}`,
      clearedBy: whoRemoves(label),
    };
  });
}

function review(query: PoolQuery, input: EligibilityInput): readonly Requirement[] {
  if (!query.reviewApprovedRequired) return [];
  return [
    {
      kind: 'review',
      subject: 'review',
      met: input.reviewDecision === 'approved',
      fact: `GitHub's review decision is ${input.reviewDecision ?? 'not known'}`,
      clearedBy: 'reviewers who may approve on GitHub',
    },
  ];
}
