import { contextPolicy } from '../context-policy.ts';
import type { Place } from '../problem.ts';
import type { BranchPolicy } from '../prow/branch-protection.ts';
import type { Finding } from './finding.ts';
import { inConfig } from './places.ts';
import { repositoriesOfQueries } from './plugin-repositories.ts';
import type { RepositorySet } from './repository-set.ts';
import { intersection, members, memberText } from './repository-set.ts';
import type { CheckSubject } from './subject.ts';

/** `needs-ok-to-test`: a query asks for trust twice. */
export function needsOkToTest(subject: CheckSubject): readonly Finding[] {
  return subject.snapshot.prow.tide.queries.flatMap((query, index) => {
    const twice = query.labels.includes('lgtm') && query.missingLabels.includes('needs-ok-to-test');
    if (!twice) return [];
    return [
      {
        warning: 'needs-ok-to-test' as const,
        place: inConfig(subject, 'tide', 'queries', index, 'missingLabels'),
        why: 'the query requires lgtm and forbids needs-ok-to-test',
        next: 'Take needs-ok-to-test from missingLabels: a pull request with lgtm is trusted.',
      },
    ];
  });
}

/** `tide-strict-branch`: branches that must be up to date make batches impossible. */
export function strictBranches(subject: CheckSubject): readonly Finding[] {
  const { snapshot } = subject;
  const { tide, 'branch-protection': protection } = snapshot.prow;
  if (tide.queries.length === 0) return [];
  const next = 'Set strict: false: Tide tests what it merges against the newest base itself.';
  const warning = 'tide-strict-branch' as const;
  if (isStrict([protection])) {
    const place = inConfig(subject, 'branch-protection', 'required_status_checks', 'strict');
    const why = 'branch protection demands up-to-date branches everywhere, and Tide merges';
    return [{ warning, place, why, next }];
  }
  const strict = intersection(repositoriesOfQueries(tide.queries), strictRepositories(subject));
  return members(strict).map((member) => ({
    warning,
    place: inConfig(subject, ...protectionPath(member.name)),
    why: `branch protection demands up-to-date branches in ${memberText(member)}, and Tide merges there`,
    next,
  }));
}

/** `tide-context-policy`: every branch that the configuration names must have a policy that holds together. */
export function tideContexts(subject: CheckSubject): readonly Finding[] {
  const { snapshot } = subject;
  return [...namedBranches(subject)].flatMap(([repository, branches]) => {
    const [org = '', repo = '', ...more] = repository.split('/');
    if (repo === '' || more.length > 0) return [];
    const presubmits = snapshot.jobs.presubmits[repository] ?? [];
    const list = branches.size === 0 ? ['master'] : [...branches].sort();
    return list.flatMap((branch) => {
      const policy = contextPolicy(snapshot, { org, repo, branch, presubmits });
      return policy.problems.map((problem) => ({
        warning: 'tide-context-policy' as const,
        place: contextPlace(subject, repository, problem),
        why: `the contexts of branch ${branch} in ${repository} contradict each other: ${problem}`,
        next: 'Name the context in one list only, or change the job: until then nothing merges there.',
      }));
    });
  });
}

function isStrict(levels: readonly (BranchPolicy | undefined)[]): boolean {
  const protect = levels.findLast((level) => level?.protect !== undefined)?.protect;
  const checks = levels.map((level) => level?.required_status_checks?.strict);
  return protect === true && checks.findLast((strict) => strict !== undefined) === true;
}

// One strict branch makes a repository strict; a strict organisation is without the repositories that are not.
function strictRepositories({ snapshot }: CheckSubject): RepositorySet {
  const protection = snapshot.prow['branch-protection'];
  const orgs = new Map<string, ReadonlySet<string>>();
  const repos = new Set<string>();
  for (const [org, ofOrg] of Object.entries(protection.orgs)) {
    const lax = new Set<string>();
    for (const [repo, ofRepo] of Object.entries(ofOrg.repos)) {
      const levels = [protection, ofOrg, ofRepo];
      const strict =
        isStrict(levels) ||
        Object.values(ofRepo.branches).some((ofBranch) => isStrict([...levels, ofBranch]));
      if (!strict) lax.add(`${org}/${repo}`);
      else if (!isStrict([protection, ofOrg])) repos.add(`${org}/${repo}`);
    }
    if (isStrict([protection, ofOrg])) orgs.set(org, lax);
  }
  return { orgs, repos };
}

function protectionPath(name: string): readonly PropertyKey[] {
  const [org = '', repo] = name.split('/');
  const path = ['branch-protection', 'orgs', org];
  return repo === undefined ? path : [...path, 'repos', repo];
}

function namedBranches({ snapshot }: CheckSubject): ReadonlyMap<string, ReadonlySet<string>> {
  const named = new Map<string, Set<string>>();
  const add = (repository: string, branches: readonly string[]) => {
    const known = named.get(repository) ?? new Set();
    for (const branch of branches) known.add(branch);
    named.set(repository, known);
  };
  for (const [repository, jobs] of Object.entries(snapshot.jobs.presubmits)) {
    for (const job of jobs) add(repository, job.branches);
    if (jobs.length === 0) add(repository, []);
  }
  const { tide, 'branch-protection': protection } = snapshot.prow;
  for (const { orgs } of [protection, tide.context_options]) {
    const list = Object.entries<OrgWithBranches>(orgs);
    for (const [org, { repos }] of list) {
      for (const [repo, { branches }] of Object.entries(repos)) {
        add(`${org}/${repo}`, Object.keys(branches));
      }
    }
  }
  return named;
}

/** A contradiction is shown at the job whose context it names, else where contexts are configured. */
function contextPlace(subject: CheckSubject, repository: string, problem: string): Place {
  const words = problem.split(/\s/);
  const job = subject.jobs.presubmits
    .get(repository)
    ?.find(({ job: { context } }) => words.includes(context));
  const [org = '', repo = ''] = repository.split('/');
  return job?.place ?? inConfig(subject, 'tide', 'context_options', 'orgs', org, 'repos', repo);
}

interface OrgWithBranches {
  readonly repos: Readonly<Record<string, { readonly branches: object }>>;
}
