import type { SeedInput } from '../github/control/seed.ts';
import type { Town } from '../system/town.ts';

type RepositorySeed = NonNullable<SeedInput['repos']>[number];

/**
 * A story that is played once with Prow and once with Bowsprit, each on a GitHub of its own: one file in
 * `scenarios/`, which exports it as `scenario`. It gets a repository of its own, `acme/NAME`.
 */
export interface Scenario {
  /** Of the repository too: small letters and dashes. */
  readonly name: string;
  readonly plugins: readonly string[];
  /** Sections of `plugins.yaml` that are lists with `repos`, such as `approve`; the repository is filled in. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** A query of Tide's for the repository; without it nothing is merged. */
  readonly query?: {
    readonly labels: readonly string[];
    readonly missingLabels: readonly string[];
  };
  /** Jobs as in Prow's files; what is always run nobody carries out here. */
  readonly presubmits?: readonly Readonly<Record<string, unknown>>[];
  /** Beside the people and files that every repository has. */
  readonly repository?: Omit<RepositorySeed, 'name'>;
  /** What people do; waits for what it needs before it goes on. */
  play(town: Town): Promise<void>;
}

/** Ready to merge as most repositories say it. */
export const READY = {
  labels: ['lgtm', 'approved'],
  missingLabels: ['do-not-merge/hold'],
} as const;

/** Of every scenario: `ann` writes, `bob` reviews and approves, `carol` owns, `mallory` is a stranger. */
export const PEOPLE = {
  writer: 'ann',
  reviewer: 'bob',
  owner: 'carol',
  stranger: 'mallory',
} as const;

/** The account that both systems act as. */
export const BOT = 'acme-bot';
/** The bot's token. */
export const TOKEN = 'token-of-the-bot';
/** What hooks are signed with. */
export const SECRET = 'a-secret-of-hooks';
/** Where all scenarios live. */
export const ORG = 'acme';
