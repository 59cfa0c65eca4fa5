import type { Place } from '../problem.ts';
import type { Finding } from './finding.ts';
import { inConfig, inPlugins } from './places.ts';
import { repositoriesOfPlugin } from './plugin-repositories.ts';
import type { RepositorySet } from './repository-set.ts';
import { difference, members, memberText, union } from './repository-set.ts';
import type { CheckSubject } from './subject.ts';

const READ_OWNERS = ['approve', 'blunderbuss', 'rifle', 'owners-label'];

/** Where plugins are enabled that read OWNERS: the best guess at who has such files. */
export function repositoriesWithOwners({ snapshot }: CheckSubject): RepositorySet {
  return READ_OWNERS.map((plugin) => repositoriesOfPlugin(snapshot.plugins, plugin)).reduce(union);
}

/** `validate-owners`: OWNERS files that nobody checks. */
export function ownersAreVerified(subject: CheckSubject): readonly Finding[] {
  const verified = repositoriesOfPlugin(subject.snapshot.plugins, 'verify-owners');
  const unverified = difference(repositoriesWithOwners(subject), verified);
  return members(unverified).map((member) => ({
    warning: 'validate-owners',
    place: inPlugins(subject, 'plugins', member.name),
    why: `${memberText(member)} has plugins that read OWNERS (${READ_OWNERS.join(', ')}), and not verify-owners`,
    next: 'Enable verify-owners, which refuses OWNERS files that cannot be read.',
  }));
}

/** `missing-trigger`: jobs that nothing starts. */
export function triggersAreEnabled(subject: CheckSubject): readonly Finding[] {
  const { presubmits, postsubmits } = subject.snapshot.jobs;
  const repos = new Set([...Object.keys(presubmits), ...Object.keys(postsubmits)]);
  const triggered = repositoriesOfPlugin(subject.snapshot.plugins, 'trigger');
  return members(difference({ orgs: new Map(), repos }, triggered)).map(({ name }) => ({
    warning: 'missing-trigger',
    place: firstJob(subject, name),
    why: `${name} has jobs, and not the plugin trigger`,
    next: 'Enable trigger for it in plugins.yaml.',
  }));
}

/** `validate-label`: restricted labels that are none. */
export function restrictedLabels(subject: CheckSubject): readonly Finding[] {
  const { label: section } = subject.snapshot.plugins;
  const { additional_labels: additional, restricted_labels: byScope } = section;
  return Object.entries(byScope).flatMap(([scope, entries]) =>
    entries.flatMap(({ label }, index) => {
      const path = ['label', 'restricted_labels', scope, index, 'label'];
      const place = inPlugins(subject, ...path);
      const warning = 'validate-label' as const;
      if (label === '') {
        const why = `a restricted label of ${scope} is empty`;
        return [{ warning, place, why, next: 'Name the label, or remove the entry.' }];
      }
      if (!additional.includes(label)) return [];
      const why = `the label ${label} is restricted in ${scope}, and an additional label, which anyone may set`;
      return [{ warning, place, why, next: 'Keep it in one of the two lists.' }];
    }),
  );
}

/** `validate-config-updater-acls`: who may update a ConfigMap is said by organisation or repository. */
export function updaterLists(subject: CheckSubject): readonly Finding[] {
  const { maps } = subject.snapshot.plugins.config_updater;
  return Object.entries(maps).flatMap(([pattern, lists]) =>
    (['allowed_repos', 'denied_repos'] as const).flatMap((list) =>
      lists[list].flatMap((entry, index) => {
        if (/^[^/]+(\/[^/]*)?$/.test(entry)) return [];
        return [
          {
            warning: 'validate-config-updater-acls' as const,
            place: inPlugins(subject, 'config_updater', 'maps', pattern, list, index),
            why: `${JSON.stringify(entry)} is neither an organisation nor org/repo`,
            next: 'Write org or org/repo.',
          },
        ];
      }),
    ),
  );
}

function firstJob(subject: CheckSubject, repository: string): Place {
  const { presubmits, postsubmits } = subject.jobs;
  const first = presubmits.get(repository)?.[0] ?? postsubmits.get(repository)?.[0];
  return first?.place ?? inConfig(subject);
}
