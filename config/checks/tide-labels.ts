import type { TideQuery } from '../prow/tide.ts';
import type { Finding } from './finding.ts';
import { queryFor } from './places.ts';
import {
  repositoriesOfExternal,
  repositoriesOfPlugin,
  repositoriesOfQueries,
} from './plugin-repositories.ts';
import type { RepositorySet } from './repository-set.ts';
import { difference, intersection, members, memberText } from './repository-set.ts';
import type { CheckSubject } from './subject.ts';

/** A plugin, and the label by which it lets merge or keeps from merging. */
interface Rule {
  readonly plugin: string;
  readonly label: string;
  readonly verb: 'require' | 'forbid';
}

const LENIENT: readonly Rule[] = [
  { plugin: 'lgtm', label: 'lgtm', verb: 'require' },
  { plugin: 'approve', label: 'approved', verb: 'require' },
];

const STRICT: readonly Rule[] = [
  ...LENIENT,
  ...(
    [
      ['hold', 'do-not-merge/hold'],
      ['wip', 'do-not-merge/work-in-progress'],
      ['bugzilla', 'bugzilla/invalid-bug'],
      ['verify-owners', 'do-not-merge/invalid-owners-file'],
      ['release-note', 'do-not-merge/release-note-label-needed'],
      ['cherry-pick-unapproved', 'do-not-merge/cherry-pick-not-approved'],
      ['blockade', 'do-not-merge/blocked-paths'],
    ] as const
  ).map(([plugin, label]) => ({ plugin, label, verb: 'forbid' as const })),
];

// Merging refuses what conflicts by itself, so nobody need forbid this label; who forbids it needs the plugin.
const NEEDS_REBASE: Rule = { plugin: 'needs-rebase', label: 'needs-rebase', verb: 'forbid' };

/** `mismatched-tide`: the labels of the queries and the plugins that set them, both ways. */
export function mismatchedTide(subject: CheckSubject): readonly Finding[] {
  const external = repositoriesOfExternal(subject.snapshot.plugins, NEEDS_REBASE.plugin);
  return [
    ...STRICT.flatMap((rule) => bothWays(subject, rule, 'mismatched-tide')),
    ...notEnabled(subject, NEEDS_REBASE, external, 'mismatched-tide'),
  ];
}

/** `mismatched-tide-lenient`: the same for the labels that merging requires. */
export function mismatchedTideLenient(subject: CheckSubject): readonly Finding[] {
  return LENIENT.flatMap((rule) => bothWays(subject, rule, 'mismatched-tide-lenient'));
}

type Name = 'mismatched-tide' | 'mismatched-tide-lenient';

function bothWays(subject: CheckSubject, rule: Rule, warning: Name): readonly Finding[] {
  const { plugins, prow } = subject.snapshot;
  const enabled = repositoriesOfPlugin(plugins, rule.plugin);
  const merged = repositoriesOfQueries(prow.tide.queries);
  const ignored = difference(intersection(enabled, merged), honouring(subject, rule));
  return [
    ...notEnabled(subject, rule, enabled, warning),
    ...members(ignored).map((member) => ({
      warning,
      place: queryFor(subject, member.name),
      why: `${memberText(member)} has the plugin ${rule.plugin}, and its queries do not ${rule.verb} the label ${rule.label}`,
      next: `Add ${rule.label} to ${listOf(rule)}, or take the plugin away.`,
    })),
  ];
}

function notEnabled(
  subject: CheckSubject,
  rule: Rule,
  enabled: RepositorySet,
  warning: Name,
): readonly Finding[] {
  const missing = difference(honouring(subject, rule), enabled);
  return members(missing).map((member) => ({
    warning,
    place: queryFor(subject, member.name),
    why: `queries of ${memberText(member)} ${rule.verb} the label ${rule.label}, and the plugin ${rule.plugin} is not enabled there`,
    next: `Enable ${rule.plugin}, or take ${rule.label} from ${listOf(rule)}.`,
  }));
}

/** Where a query takes heed of the label. */
function honouring({ snapshot }: CheckSubject, rule: Rule): RepositorySet {
  const heeds = (query: TideQuery) => query[listOf(rule)].includes(rule.label);
  return repositoriesOfQueries(snapshot.prow.tide.queries.filter(heeds));
}

function listOf({ verb }: Rule): 'labels' | 'missingLabels' {
  return verb === 'require' ? 'labels' : 'missingLabels';
}
