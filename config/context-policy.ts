import { hasChangeMatcher, needsExplicitTrigger, runsOnBranch } from './matching.ts';
import { own } from './own.ts';
import type { BranchPolicy } from './prow/branch-protection.ts';
import type { Presubmit } from './prow/jobs.ts';
import type { ContextLayer } from './prow/tide.ts';
import { foundAny, patternProblem } from './re2.ts';
import type { ConfigSnapshot } from './snapshot.ts';

/** Which contexts at a head must succeed before it merges (J§2.3). */
export interface ContextPolicy {
  readonly required: readonly string[];
  /** Needed only where they are. */
  readonly requiredIfPresent: readonly string[];
  readonly optional: readonly string[];
  /** RE2, without those that RE2 refuses: these are among the problems. */
  readonly optionalPatterns: readonly string[];
  /** Contexts that nobody names do not matter. */
  readonly skipUnknown: boolean;
  /** Why the policy contradicts itself: nothing may merge by it. */
  readonly problems: readonly string[];
}

/** A branch of a repository, and the presubmits that may report on it. */
export interface PolicyScope {
  readonly org: string;
  readonly repo: string;
  readonly branch: string;
  readonly presubmits: readonly Presubmit[];
}

/** What branch protection asks of a branch, as far as merging reads it (J§3.6). */
export interface BranchProtectionPolicy {
  readonly protect: boolean;
  readonly contexts: readonly string[];
  readonly requireManuallyTriggeredJobs: boolean;
}

/** The policy of a branch: configured contexts, branch protection, and the contexts of its presubmits. */
export function contextPolicy(snapshot: ConfigSnapshot, scope: PolicyScope): ContextPolicy {
  const layer = configuredLayer(snapshot, scope);
  const protection = layer['from-branch-protection']
    ? branchProtectionFor(snapshot, scope)
    : undefined;
  const jobs = jobContexts(scope, protection?.requireManuallyTriggeredJobs ?? false);
  const policy = {
    required: union(
      layer['required-contexts'],
      protection?.protect ? protection.contexts : [],
      jobs.required,
    ),
    requiredIfPresent: union(layer['required-if-present-contexts'], jobs.requiredIfPresent),
    optional: union(layer['optional-contexts'], jobs.optional),
    optionalPatterns: layer['optional-regex-contexts'],
    skipUnknown: layer['skip-unknown-contexts'] ?? false,
  };
  const good = policy.optionalPatterns.filter((pattern) => patternProblem(pattern) === undefined);
  return { ...policy, optionalPatterns: good, problems: contradictions(policy) };
}

/** Whether a context cannot keep a pull request from merging. Tide's own never does. */
export function isOptionalContext(policy: ContextPolicy, context: string): boolean {
  if (context === 'tide' || policy.optional.includes(context)) return true;
  if (foundAny(policy.optionalPatterns, context)) return true;
  if (policy.required.includes(context) || policy.requiredIfPresent.includes(context)) return false;
  return policy.skipUnknown;
}

/** Required contexts that are not among those at the head. */
export function missingContexts(
  { required }: ContextPolicy,
  present: readonly string[],
): readonly string[] {
  return required.filter((context) => !present.includes(context));
}

/**
 * What branch protection asks of a branch (J§2.3, J§3.6): switches of narrower levels override, lists are joined.
 * Undefined where it asks nothing: the organisation is not listed, or the policy contradicts itself, which Prow
 * only logs here; the branch protector and `checkconfig` say it aloud.
 */
export function branchProtectionFor(
  { prow }: ConfigSnapshot,
  scope: PolicyScope,
): BranchProtectionPolicy | undefined {
  const all = prow['branch-protection'];
  const ofOrg = own(all.orgs, scope.org);
  if (ofOrg === undefined) return undefined;
  const ofRepo = own(ofOrg.repos, scope.repo);
  const ofBranch = own(ofRepo?.branches, scope.branch);
  const levels: readonly (BranchPolicy | undefined)[] = [all, ofOrg, ofRepo, ofBranch];
  const requireManuallyTriggeredJobs =
    narrowest(levels.map((level) => level?.require_manually_triggered_jobs)) ?? false;
  const protect = narrowest(levels.map((level) => level?.protect));
  const unmanaged = narrowest(levels.map((level) => level?.unmanaged)) ?? false;
  if (ofBranch !== undefined && protect === undefined && !unmanaged) return undefined;
  const jobs = jobContexts(scope, requireManuallyTriggeredJobs);
  const tested =
    jobs.required.length > 0 ||
    (all.protect_repos_with_optional_jobs &&
      jobs.requiredIfPresent.length + jobs.optional.length > 0);
  if (tested && protect === false) return undefined;
  return {
    protect: protect ?? (tested && all['protect-tested-repos']),
    contexts: union(...levels.map((level) => level?.required_status_checks?.contexts ?? [])),
    requireManuallyTriggeredJobs,
  };
}

function configuredLayer({ prow }: ConfigSnapshot, scope: PolicyScope): ContextLayer {
  const all = prow.tide.context_options;
  const ofOrg = own(all.orgs, scope.org);
  const ofRepo = own(ofOrg?.repos, scope.repo);
  const layers: readonly (ContextLayer | undefined)[] = [
    all,
    ofOrg,
    ofRepo,
    own(ofRepo?.branches, scope.branch),
  ];
  const lists = (key: 'required-contexts' | 'optional-contexts' | OtherList) =>
    union(...layers.map((layer) => layer?.[key] ?? []));
  return {
    'skip-unknown-contexts': narrowest(layers.map((layer) => layer?.['skip-unknown-contexts'])),
    'from-branch-protection': narrowest(layers.map((layer) => layer?.['from-branch-protection'])),
    'required-contexts': lists('required-contexts'),
    'required-if-present-contexts': lists('required-if-present-contexts'),
    'optional-contexts': lists('optional-contexts'),
    'optional-regex-contexts': lists('optional-regex-contexts'),
  };
}

type OtherList = 'required-if-present-contexts' | 'optional-regex-contexts';

function jobContexts({ presubmits, branch }: PolicyScope, manualToo: boolean) {
  const jobs = presubmits.filter((job) => runsOnBranch(job, branch));
  const always = (job: Presubmit) =>
    needsExplicitTrigger(job) ? manualToo : !hasChangeMatcher(job);
  const contexts = (chosen: readonly Presubmit[]) => chosen.map((job) => job.context);
  return {
    required: contexts(jobs.filter((job) => job.required && always(job))),
    requiredIfPresent: contexts(jobs.filter((job) => job.required && !always(job))),
    optional: contexts(jobs.filter((job) => !job.required)),
  };
}

function contradictions(policy: Omit<ContextPolicy, 'problems'>): readonly string[] {
  const { required, requiredIfPresent, optional, optionalPatterns } = policy;
  const overlap = (one: readonly string[], other: readonly string[], what: string) =>
    one.filter((name) => other.includes(name)).map((name) => `context ${name} is both ${what}`);
  const bad = optionalPatterns.map(patternProblem).filter((problem) => problem !== undefined);
  const good = optionalPatterns.filter((pattern) => patternProblem(pattern) === undefined);
  const hit = [...required, ...requiredIfPresent]
    .filter((name) => foundAny(good, name))
    .map((name) => `context ${name} is required, and an optional-regex-context matches it`);
  return [
    ...overlap(required, optional, 'required and optional'),
    ...overlap(required, requiredIfPresent, 'required and required if present'),
    ...overlap(requiredIfPresent, optional, 'required if present and optional'),
    ...bad,
    ...hit,
  ];
}

function narrowest(values: readonly (boolean | undefined)[]): boolean | undefined {
  return values.findLast((value) => value !== undefined);
}

function union(...lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].sort();
}
