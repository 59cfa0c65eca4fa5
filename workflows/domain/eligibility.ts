import type { Contexts } from './context-standing.ts';
import { contextsOf, countsAt } from './context-standing.ts';
import { presentLabels } from './label-facts.ts';
import type { EligibilityInput } from './merge-policy.ts';
import type { ContextStanding, PoolMember, Requirement } from './pool.ts';
import { matchQuery } from './query-match.ts';
import { isTerminal } from './run.ts';
import type { Standing } from './status-text.ts';
import { isEligible, nearestQuery, tideStatus } from './status-text.ts';

/**
 * A pull request's standing for merging, with the text of its `tide` status and all requirements; undefined
 * where no query could ever apply. What is not known counts as not fulfilled.
 */
export function evaluate(input: EligibilityInput): PoolMember | undefined {
  const { record, policy } = input;
  if (policy.queries.length === 0) return undefined;
  const contexts = contextsOf(record, policy);
  const standing = standingOf(input, contexts);
  const status = tideStatus(standing);
  return {
    number: record.number,
    generation: record.generation,
    title: record.title,
    author: record.author,
    headSha: record.headSha,
    headRef: record.headRef,
    baseRef: record.baseRef,
    htmlUrl: record.htmlUrl,
    labels: [...presentLabels(record)].sort(),
    updatedAt: record.updatedAt,
    eligible: isEligible(standing),
    explanation: status.description,
    statusState: status.state,
    requirements: requirementsOf(standing),
    contexts: contexts.required,
    unfinished: Object.values(record.runs).filter(
      (run) => run.headSha === record.headSha && !isTerminal(run.state),
    ),
    mergeMethod: policy.mergeMethod === 'conflict' ? '' : policy.mergeMethod,
    configNumber: policy.configNumber,
    configHash: policy.configHash,
    trusted: input.trusted === true,
  };
}

/** Everything that stands between a pull request and merging; `tideStatus` puts it in words. */
export function standingOf(input: EligibilityInput, contexts: Contexts): Standing {
  const { record, policy, baseSha } = input;
  return {
    baseRef: record.baseRef,
    gates: gatesOf(input),
    unknown: unknownOf(input),
    matches: policy.queries.map((query) => matchQuery(query, input)),
    displayAllQueries: policy.displayAllQueries,
    contexts: [...contexts.required, ...contexts.alsoUnsuccessful].map((standing) =>
      contextRequirement(standing, baseSha),
    ),
    blocking: blockingOf(input, contexts),
    retesting: contexts.required
      .filter((standing) => standing.job !== '' && !isGreen(standing, baseSha))
      .map(({ context }) => context)
      .sort(),
    despiteBlocked: input.blockedByGitHub === true && policy.blocksPolicy === 'permit',
  };
}

function isGreen(standing: ContextStanding, baseSha: string | undefined): boolean {
  return baseSha === undefined ? standing.state === 'success' : countsAt(standing, baseSha);
}

/** Contexts that keep it out: all that is not green, but for our own jobs that run or have yet to run. */
function blockingOf({ policy }: EligibilityInput, contexts: Contexts): readonly string[] {
  const conditional = new Set(
    policy.requiredContexts.filter((one) => one.conditional).map(({ context }) => context),
  );
  const blocks = ({ state, job, context }: ContextStanding): boolean => {
    if (state === 'success') return false;
    if (state === 'pending') return job === '';
    return state === 'failure' || !conditional.has(context);
  };
  return [...contexts.required, ...contexts.alsoUnsuccessful]
    .filter(blocks)
    .map(({ context }) => context);
}

function contextRequirement(standing: ContextStanding, baseSha: string | undefined): Requirement {
  const { context, job, state } = standing;
  const on = standing.anyBase || standing.baseSha === '' ? '' : ` on base ${standing.baseSha}`;
  const stale = baseSha !== undefined && state === 'success' && !countsAt(standing, baseSha);
  return {
    kind: job === '' ? 'context' : 'job',
    subject: context,
    met: state === 'success',
    fact: stale ? `success${on}, but the base is now ${baseSha}` : `${state}${on}`,
    clearedBy:
      job === ''
        ? `whoever reports the context ${context}`
        : `a green run of ${job}${stale ? ', which the pool starts' : ''}`,
  };
}

/** Reasons that come before all queries, in Prow's order and words (J§2.5, J§2.6). */
function gatesOf(input: EligibilityInput): readonly Requirement[] {
  const { record, policy } = input;
  const method = policy.mergeMethod;
  const blockers = policy.blockers ?? [];
  return [
    gate('conflict', record.mergeable !== false, 'PR has a merge conflict.', 'the author'),
    gate(
      'method',
      method !== 'conflict',
      'PR has conflicting merge method override labels',
      'anyone who may remove all but one of the labels',
    ),
    gate(
      'method',
      method !== 'rebase' || input.rebaseable !== false,
      "PR can't be rebased",
      'the author',
    ),
    gate(
      'method',
      method === 'conflict' || (policy.allowedMethods ?? [method]).includes(method),
      `Merge type "${method}" disallowed by repo settings`,
      "the repository's administrators",
    ),
    gate(
      'blocked',
      input.blockedByGitHub !== true || policy.blocksPolicy !== 'block',
      'PR is blocked from merging by GitHub (check branch protection, required reviews, or rulesets)',
      'whoever may fulfil the branch protection',
    ),
    gate(
      'blocker',
      blockers.length === 0,
      `Merging is blocked by issue${blockers.length > 1 ? 's' : ''} ${blockers.join(', ')}.`,
      'whoever may close the issue',
    ),
  ];
}

/** `refusal` is the sentence of the status if the gate is shut. */
function gate(kind: string, met: boolean, refusal: string, clearedBy: string): Requirement {
  return { kind, subject: kind, met, fact: met ? 'clear' : refusal, clearedBy };
}

/** What must be known before anything may merge. */
function unknownOf({ record, policy }: EligibilityInput): readonly Requirement[] {
  return [
    known('open', record.state === 'open' && !record.merged, 'it is not open', 'the author'),
    known('draft', !record.draft, 'it is a draft', 'the author, who declares it ready for review'),
    known('labels', record.labelsComplete, 'not all of its labels are known yet', 'Bowsprit'),
    known('statuses', record.statusesComplete, 'not all of its statuses are known yet', 'Bowsprit'),
    known(
      'configuration',
      policy.problem === undefined,
      policy.problem ?? '',
      'whoever maintains the configuration',
    ),
  ];
}

function known(kind: string, met: boolean, refusal: string, clearedBy: string): Requirement {
  return { kind, subject: kind, met, fact: met ? 'known' : refusal, clearedBy };
}

/** For pages and `/why`: gates and doubts only where they stand in the way, then the nearest query, then contexts. */
function requirementsOf(standing: Standing): readonly Requirement[] {
  return [
    ...[...standing.gates, ...standing.unknown].filter(({ met }) => !met),
    ...(nearestQuery(standing.matches)?.requirements ?? []),
    ...standing.contexts,
  ];
}
