import type { ClusterStates } from './cluster-check.ts';
import { clusterFields } from './cluster-check.ts';
import type { Finding } from './finding.ts';
import type { Hub } from './github-checks.ts';
import { appInstallation, ownersPresence } from './github-checks.ts';
import type { SupplementalFolders } from './hierarchy.ts';
import { hierarchy } from './hierarchy.ts';
import {
  decorationConfigs,
  duplicateRefs,
  longJobNames,
  nonDecoratedJobs,
  periodicCloneSettings,
  requiredAnnotations,
} from './job-checks.ts';
import {
  ownersAreVerified,
  restrictedLabels,
  triggersAreEnabled,
  updaterLists,
} from './plugin-checks.ts';
import { managedWebhooks, rerunCommands, urls } from './site-checks.ts';
import type { CheckSubject } from './subject.ts';
import { needsOkToTest, strictBranches, tideContexts } from './tide-checks.ts';
import { mismatchedTide, mismatchedTideLenient } from './tide-labels.ts';
import { unknownFields, unknownFieldsAll } from './unknown-fields.ts';
import { unknownPresets } from './unknown-presets.ts';
import { unmanagedBranches } from './unmanaged-branches.ts';
import type { WarningName } from './warnings.ts';
import { warningNames } from './warnings.ts';

/** What decides how a configuration is checked. */
export interface CheckContext {
  readonly warnings: ReadonlySet<WarningName>;
  readonly requiredAnnotations: readonly string[];
  readonly folders: SupplementalFolders;
  /** The build clusters, if it is known which there are. */
  readonly clusters?: ClusterStates;
  /** GitHub, if the warnings are among the chosen that need it. */
  readonly hub?: Hub;
}

type Check = (
  subject: CheckSubject,
  context: CheckContext,
) => readonly Finding[] | Promise<readonly Finding[]>;

const CHECKS: Readonly<Record<WarningName, Check>> = {
  'verify-owners-presence': (subject, context) =>
    ask('verify-owners-presence', ownersPresence, { subject, context }),
  'mismatched-tide': mismatchedTide,
  'mismatched-tide-lenient': (subject, { warnings }) =>
    warnings.has('mismatched-tide') ? [] : mismatchedTideLenient(subject),
  'non-decorated-jobs': nonDecoratedJobs,
  'valid-decoration-config': decorationConfigs,
  'long-job-names': longJobNames,
  'duplicate-job-refs': duplicateRefs,
  'periodic-default-clone-config': periodicCloneSettings,
  'needs-ok-to-test': needsOkToTest,
  'managed-webhooks': managedWebhooks,
  'validate-owners': ownersAreVerified,
  'missing-trigger': triggersAreEnabled,
  'validate-urls': urls,
  'unknown-fields': (subject, { warnings }) =>
    warnings.has('unknown-fields-all') ? [] : unknownFields(subject),
  'unknown-fields-all': unknownFieldsAll,
  'tide-strict-branch': strictBranches,
  'tide-context-policy': tideContexts,
  'validate-cluster-field': (subject, { clusters }) => clusterFields(subject, clusters),
  'validate-supplemental-prow-config-hierarchy': (subject, { folders }) =>
    hierarchy(subject, folders),
  'validate-unmanaged-branchconfig-has-no-subconfig': unmanagedBranches,
  'validate-github-app-installation': (subject, context) =>
    ask('validate-github-app-installation', appInstallation, { subject, context }),
  'validate-label': restrictedLabels,
  'validate-config-updater-acls': updaterLists,
  'required-job-annotations': (subject, context) =>
    requiredAnnotations(subject, context.requiredAnnotations),
};

/** Checks that say nothing where no plugins.yaml was given, as in Prow. */
const OF_PLUGINS: ReadonlySet<WarningName> = new Set([
  'verify-owners-presence',
  'mismatched-tide',
  'mismatched-tide-lenient',
  'validate-owners',
  'missing-trigger',
  'validate-urls',
  'validate-label',
  'validate-config-updater-acls',
]);

/** All that the chosen warnings find in a configuration that has loaded, warning by warning. */
export async function runChecks(
  subject: CheckSubject,
  context: CheckContext,
): Promise<readonly Finding[]> {
  const chosen = warningNames().filter(
    (name) =>
      context.warnings.has(name) &&
      (subject.sources.plugins !== undefined || !OF_PLUGINS.has(name)),
  );
  const found = await Promise.all(chosen.map((name) => CHECKS[name](subject, context)));
  return [...found.flat(), ...rerunCommands(subject), ...unknownPresets(subject)];
}

interface Asking {
  readonly subject: CheckSubject;
  readonly context: CheckContext;
}

// GitHub may be out of reach; what the check would have said is then unknown, and that is said.
async function ask(
  warning: WarningName,
  check: (subject: CheckSubject, hub: Hub) => Promise<readonly Finding[]>,
  { subject, context }: Asking,
): Promise<readonly Finding[]> {
  if (context.hub === undefined) return [notChecked(subject, warning, 'no GitHub is configured')];
  try {
    return await check(subject, context.hub);
  } catch (error) {
    return [notChecked(subject, warning, error instanceof Error ? error.message : String(error))];
  }
}

function notChecked({ sources }: CheckSubject, warning: WarningName, reason: string): Finding {
  return {
    warning,
    place: { file: sources.config.name, path: [] },
    why: `this could not be checked: ${reason}`,
    next: 'Try again, or leave it out with --exclude-warning.',
  };
}
