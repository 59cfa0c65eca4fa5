/** When a warning is looked for without being asked for. */
type WarningGroup = 'default' | 'expensive' | 'optional';

/** A warning of `checkconfig`, under Prow's name (J§4.6). */
export interface Warning {
  readonly group: WarningGroup;
  /** What it finds, in one sentence. */
  readonly finds: string;
}

/** Every warning, in the order in which they are looked for. */
export const WARNINGS = {
  'verify-owners-presence': {
    group: 'expensive',
    finds: 'A repository has plugins that read OWNERS, and no OWNERS file at its root.',
  },
  'mismatched-tide': {
    group: 'default',
    finds: 'The labels that merging asks for and the plugins that set them do not belong together.',
  },
  'mismatched-tide-lenient': {
    group: 'default',
    finds: 'As mismatched-tide, for lgtm and approve only; used when mismatched-tide is off.',
  },
  'non-decorated-jobs': {
    group: 'default',
    finds: 'A job runs on Kubernetes without the pod utilities.',
  },
  'valid-decoration-config': {
    group: 'optional',
    finds: 'The decoration of a job is not complete or contradicts itself.',
  },
  'long-job-names': {
    group: 'default',
    finds: 'The name of a job is longer than the 63 characters that a label may have.',
  },
  'duplicate-job-refs': {
    group: 'default',
    finds: 'A presubmit clones one repository twice.',
  },
  'periodic-default-clone-config': {
    group: 'default',
    finds: 'A periodic sets clone_depth, clone_uri or path_alias, which mean nothing there.',
  },
  'needs-ok-to-test': {
    group: 'default',
    finds: 'A query requires lgtm and forbids needs-ok-to-test: lgtm is trust enough.',
  },
  'managed-webhooks': {
    group: 'default',
    finds: 'An organisation and one of its repositories both have a managed webhook.',
  },
  'validate-owners': {
    group: 'default',
    finds: 'A repository has plugins that read OWNERS, but not verify-owners.',
  },
  'missing-trigger': {
    group: 'default',
    finds: 'A repository has jobs, but not the plugin trigger that starts them.',
  },
  'validate-urls': { group: 'default', finds: 'A configured address is no URL.' },
  'unknown-fields': {
    group: 'default',
    finds: 'config.yaml or plugins.yaml has a key that means nothing.',
  },
  'unknown-fields-all': {
    group: 'optional',
    finds: 'As unknown-fields, in job files too.',
  },
  'tide-strict-branch': {
    group: 'default',
    finds: 'Branch protection demands up-to-date branches where Tide merges.',
  },
  'tide-context-policy': {
    group: 'default',
    finds: 'The contexts that merging needs on a branch contradict each other.',
  },
  'validate-cluster-field': {
    group: 'default',
    finds: 'A job names a build cluster that is unknown, or that its agent cannot use.',
  },
  'validate-supplemental-prow-config-hierarchy': {
    group: 'default',
    finds: 'A supplemental file lies in the folder of another organisation or repository.',
  },
  'validate-unmanaged-branchconfig-has-no-subconfig': {
    group: 'default',
    finds: 'Branch protection is unmanaged somewhere and configured below it.',
  },
  'validate-github-app-installation': {
    group: 'optional',
    finds: 'An organisation is configured in which the GitHub app is not installed.',
  },
  'validate-label': {
    group: 'default',
    finds: 'A restricted label of the plugin label is empty or an additional label as well.',
  },
  'validate-config-updater-acls': {
    group: 'default',
    finds: 'A repository list of config_updater holds something that is neither org nor org/repo.',
  },
  'required-job-annotations': {
    group: 'default',
    finds: 'A job lacks an annotation named by --required-job-annotations.',
  },
} as const satisfies Readonly<Record<string, Warning>>;

/** The name of a warning. */
export type WarningName = keyof typeof WARNINGS;

/** Names that Prow once misspelt, and still takes. */
const OLD_SPELLINGS: ReadonlyMap<string, WarningName> = new Map([
  ['validate-supplemental-prow-config-hirarchy', 'validate-supplemental-prow-config-hierarchy'],
]);

/** What decides which warnings are looked for; named as the flags are. */
export interface WarningChoice {
  readonly warnings: readonly string[];
  readonly excludeWarning: readonly string[];
  readonly includeDefaultWarnings: boolean;
  readonly expensiveChecks: boolean;
  /** A GitHub app is configured: its installations can be read. */
  readonly githubApp: boolean;
}

/** All names, in their order. */
export function warningNames(): readonly WarningName[] {
  return Object.keys(WARNINGS).filter(isWarning);
}

/** The warning of a name, old spellings included; undefined if there is none. */
export function warningNamed(name: string): WarningName | undefined {
  return isWarning(name) ? name : OLD_SPELLINGS.get(name);
}

/** The warnings that are looked for: those that are named, or the usual ones, less the excluded. */
export function chosenWarnings(choice: WarningChoice): ReadonlySet<WarningName> {
  const usual = warningNames().filter(
    (name) => choice.expensiveChecks || WARNINGS[name].group === 'default',
  );
  const named = choice.warnings.flatMap((name) => warningNamed(name) ?? []);
  const chosen = new Set(named.length === 0 || choice.includeDefaultWarnings ? usual : []);
  for (const name of named) chosen.add(name);
  if (choice.githubApp) chosen.add('validate-github-app-installation');
  for (const name of choice.excludeWarning) {
    const warning = warningNamed(name);
    if (warning !== undefined) chosen.delete(warning);
  }
  return chosen;
}

function isWarning(name: string): name is WarningName {
  return Object.hasOwn(WARNINGS, name);
}
