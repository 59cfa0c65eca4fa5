import type { SeedInput } from '../github/control/seed.ts';
import type { Stage } from './stage.ts';

type RepositorySeed = NonNullable<SeedInput['repos']>[number];
type Settings = Readonly<Record<string, unknown>>;

/**
 * A story that is played once with Prow and once with Bowsprit, each on a GitHub of its own: one file in
 * `scenarios/`, which exports it as `scenario`. It gets a repository of its own, `acme/NAME`.
 */
export interface Scenario {
  /** Of the repository too: small letters and dashes. */
  readonly name: string;
  readonly plugins: readonly string[];
  /** Sections of `plugins.yaml` that are lists with `repos`, such as `approve`; the repository is filled in. */
  readonly settings?: Readonly<Record<string, Settings>>;
  /** A query of Tide's for the repository; without it nothing is merged. */
  readonly query?: Settings;
  /** How Tide merges in this repository, if not by a merge commit. */
  readonly mergeMethod?: 'merge' | 'squash' | 'rebase';
  /** What Tide asks of statuses in this repository: `context_options` of Prow's file. */
  readonly contexts?: Settings;
  /** Presubmits as in Prow's files; `job` writes a short one. */
  readonly presubmits?: readonly Settings[];
  readonly postsubmits?: readonly Settings[];
  /** Whether the repository may hold jobs of its own, in `.prow.yaml`. */
  readonly ownJobs?: boolean;
  /** Beside the people and files that every repository has. */
  readonly repository?: Omit<RepositorySeed, 'name'>;
  /** What people do; waits for what it needs before it goes on. */
  play(stage: Stage): Promise<void>;
}

/** Ready to merge as most repositories say it. */
export const READY = {
  labels: ['lgtm', 'approved'],
  missingLabels: ['do-not-merge/hold'],
} as const;

/** How the run of a job ends here: nobody carries it out. */
export type Ending = 'succeeds' | 'succeeds-late' | 'fails' | 'fails-once' | 'runs-on';

/** A job whose runs are reported nowhere on GitHub. */
export const UNSEEN = 'unseen';

/** A presubmit whose runs end so. */
export function job(name: string, ending: Ending, more: Settings = {}): Settings {
  const command = [ending, ...(more['skip_report'] === true ? [UNSEEN] : [])];
  const container = { image: 'registry.example/builder', command };
  return { name, always_run: true, decorate: false, spec: { containers: [container] }, ...more };
}
