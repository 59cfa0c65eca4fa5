import type { Place } from '../problem.ts';
import type { Finding } from './finding.ts';
import { inConfig, inPlugins, queryFor } from './places.ts';
import { repositoriesWithOwners } from './plugin-checks.ts';
import { orgOf } from './repository-set.ts';
import type { CheckSubject } from './subject.ts';

/** What the checks ask of GitHub. */
export interface Hub {
  /** Full names of an organisation's repositories that are not archived. */
  repositories(org: string): Promise<readonly string[]>;
  /** Whether a repository's default branch has a file. */
  hasFile(repository: string, path: string): Promise<boolean>;
  /** Accounts in which the GitHub app is installed. */
  installations(): Promise<readonly string[]>;
}

/** `verify-owners-presence`: plugins that read OWNERS where there are none. */
export async function ownersPresence(subject: CheckSubject, hub: Hub): Promise<readonly Finding[]> {
  const warning = 'verify-owners-presence';
  const { orgs, repos } = repositoriesWithOwners(subject);
  const findings: Finding[] = [];
  const lookAt = async (repository: string, place: Place) => {
    if (await hub.hasFile(repository, 'OWNERS')) return;
    const why = `${repository} has plugins that read OWNERS, and no OWNERS file at its root`;
    findings.push({ warning, place, why, next: 'Add the file, or take the plugins away.' });
  };
  for (const [org, without] of orgs) {
    const place = inPlugins(subject, 'plugins', org);
    for (const repository of await hub.repositories(org)) {
      if (!without.has(repository)) await lookAt(repository, place);
    }
  }
  for (const repository of repos) {
    await lookAt(repository, inPlugins(subject, 'plugins', repository));
  }
  return findings;
}

/** `validate-github-app-installation`: organisations that the app cannot reach. */
export async function appInstallation(
  subject: CheckSubject,
  hub: Hub,
): Promise<readonly Finding[]> {
  const installed = new Set(await hub.installations());
  return [...configuredOrgs(subject)]
    .filter(([org]) => !installed.has(org))
    .map(([org, place]) => ({
      warning: 'validate-github-app-installation',
      place,
      why: `${org} is configured, and the GitHub app is not installed there`,
      next: 'Install the app there, or remove what is configured for it.',
    }));
}

/** Every organisation that has jobs, queries or in-repository configuration, with a place that names it. */
function configuredOrgs(subject: CheckSubject): ReadonlyMap<string, Place> {
  const orgs = new Map<string, Place>();
  const add = (name: string, place: Place) => {
    const org = orgOf(name);
    if (org !== '*' && !orgs.has(org)) orgs.set(org, place);
  };
  const { prow } = subject.snapshot;
  for (const { orgs: whole, repos } of prow.tide.queries) {
    for (const name of [...whole, ...repos]) add(name, queryFor(subject, name));
  }
  for (const jobs of [subject.jobs.presubmits, subject.jobs.postsubmits]) {
    for (const [repository, [first]] of jobs) if (first) add(repository, first.place);
  }
  for (const name of Object.keys(prow.in_repo_config.enabled)) {
    add(name, inConfig(subject, 'in_repo_config', 'enabled', name));
  }
  return orgs;
}
