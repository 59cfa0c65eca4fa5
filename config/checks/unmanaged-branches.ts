import type { BranchPolicy } from '../prow/branch-protection.ts';
import type { Finding } from './finding.ts';
import { inConfig } from './places.ts';
import type { CheckSubject } from './subject.ts';

/** One level of branch protection, with those below it. */
interface Level {
  readonly name: string;
  readonly path: readonly PropertyKey[];
  readonly policy: BranchPolicy;
  readonly below: readonly Level[];
}

/** Keys that are no settings of a policy. */
const FRAME = new Set([
  'unmanaged',
  'orgs',
  'repos',
  'branches',
  'protect-tested-repos',
  'allow_disabled_policies',
  'allow_disabled_job_policies',
  'protect_repos_with_optional_jobs',
]);

/** `validate-unmanaged-branchconfig-has-no-subconfig`: settings that nobody would apply. */
export function unmanagedBranches(subject: CheckSubject): readonly Finding[] {
  return levels(rootLevel(subject)).flatMap((level) => {
    if (level.policy.unmanaged !== true) return [];
    const own = hasSettings(level.policy) && !managesBelow(level);
    const below = level.below.filter(
      (child) => child.policy.unmanaged !== false && !managesBelow(child),
    );
    return [
      ...(own ? [finding(subject, level, `${level.name} is unmanaged, and has settings`)] : []),
      ...below.map((child) =>
        finding(subject, child, `${child.name} is configured, and ${level.name} is unmanaged`),
      ),
    ];
  });
}

function finding(subject: CheckSubject, level: Level, what: string): Finding {
  return {
    warning: 'validate-unmanaged-branchconfig-has-no-subconfig',
    place: inConfig(subject, ...level.path),
    why: `branch protection of ${what}`,
    next: 'Set unmanaged: false there, or remove the settings: nobody applies them.',
  };
}

function rootLevel({ snapshot }: CheckSubject): Level {
  const root = snapshot.prow['branch-protection'];
  const path = ['branch-protection'];
  const orgs = Object.entries(root.orgs).map(([org, ofOrg]) => {
    const orgPath = [...path, 'orgs', org];
    const repos = Object.entries(ofOrg.repos).map(([repo, ofRepo]) => {
      const repoPath = [...orgPath, 'repos', repo];
      const branches = Object.entries(ofRepo.branches).map(([branch, policy]) => ({
        name: `branch ${branch} of ${org}/${repo}`,
        path: [...repoPath, 'branches', branch],
        policy,
        below: [],
      }));
      return { name: `${org}/${repo}`, path: repoPath, policy: ofRepo, below: branches };
    });
    return { name: org, path: orgPath, policy: ofOrg, below: repos };
  });
  return { name: 'everything', path, policy: root, below: orgs };
}

function levels(level: Level): readonly Level[] {
  return [level, ...level.below.flatMap(levels)];
}

function managesBelow(level: Level): boolean {
  return level.below.some((child) => child.policy.unmanaged === false || managesBelow(child));
}

function hasSettings(policy: BranchPolicy): boolean {
  return Object.entries(policy).some(
    ([key, value]) =>
      !FRAME.has(key) && value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
}
