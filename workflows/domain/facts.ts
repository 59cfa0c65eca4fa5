import type { PluginSettings } from '../../config/plugins-file.ts';
import type { PullRequestFacts } from './pull-request-facts.ts';
import type { CommentNote, StatusFact } from './record.ts';
import type { RepositoryName } from './repository.ts';
import type { RunReport } from './run.ts';

/** Whether somebody is trusted (W§1.1), and if not, the reasons in words. */
export interface Trust {
  readonly trusted: boolean;
  readonly reason: string;
}

/** One changed file, as GitHub lists it. */
export interface ChangedFile {
  readonly filename: string;
  readonly status: string;
  readonly additions: number;
  readonly deletions: number;
}

/** What plugins may know of a job. */
export interface JobFacts {
  readonly name: string;
  readonly context: string;
  readonly optional: boolean;
  readonly rerunCommand: string;
}

/** The jobs that a comment asks for, and what is needed to answer it (W§1.1, steps 7 and 8). */
export interface RequestedJobs {
  /** Whether any trigger-plugin command or any job's trigger is in the text (fenced code taken out). */
  readonly matched: boolean;
  /** Jobs to run, in configuration order. */
  readonly jobs: readonly JobFacts[];
  /** Rerun commands of the required and of the optional jobs of this branch, for the help comment. */
  readonly requiredCommands: readonly string[];
  readonly optionalCommands: readonly string[];
  /** What `/test all` would run, and whether that is everything. */
  readonly testAllNames: readonly string[];
  readonly testAllRunsAll: boolean;
}

/** OWNERS of the base branch, by path; logins in lower case (W§3). */
export interface Owners {
  readonly approvers: (path: string) => ReadonlySet<string>;
  readonly leafApprovers: (path: string) => ReadonlySet<string>;
  readonly reviewers: (path: string) => ReadonlySet<string>;
  /** Deepest directory (or .md file) that has approvers for the path; '' is the root. */
  readonly approverDirFor: (path: string) => string;
  readonly isNoParentOwners: (dir: string) => boolean;
  readonly isAutoApproveUnownedSubfolders: (dir: string) => boolean;
  readonly topLevelApprovers: () => ReadonlySet<string>;
  /** Name of the OWNERS file, usually `OWNERS`. */
  readonly filename: string;
}

/**
 * What a plugin may ask. Every method is memoised: it is fetched when first asked, once per batch, shared
 * by all plugins; a rejected fact stops only the plugins that asked for it.
 */
export interface Facts {
  readonly repository: RepositoryName;
  readonly pullRequest: PullRequestFacts;
  readonly settings: PluginSettings;
  /** `https://github.com` or the operator's `github.link_url`. */
  readonly githubUrl: string;
  /** True for our own account, with or without `[bot]`. */
  readonly isBot: (login: string) => boolean;
  readonly labels: () => Promise<ReadonlySet<string>>;
  readonly assignees: () => Promise<readonly string[]>;
  readonly changedFiles: () => Promise<readonly ChangedFile[]>;
  /** Remembered comments: command lines of people and the bot's own family comments, oldest first. */
  readonly comments: () => Promise<readonly CommentNote[]>;
  readonly isMember: (login: string) => Promise<boolean>;
  readonly isCollaborator: (login: string) => Promise<boolean>;
  /** TrustedUser of W§1.1, with this repository's trigger settings. */
  readonly trust: (login: string) => Promise<Trust>;
  /** Merged pull requests of an author in this organisation. */
  readonly mergedPullRequests: (author: string) => Promise<number>;
  readonly owners: () => Promise<Owners>;
  /** The text of a file at a commit, undefined if it does not exist. */
  readonly fileAt: (path: string, sha: string) => Promise<string | undefined>;
  /** Paths among `paths` that the repository declares generated (.generated_files, .gitattributes; W§1.4 size). */
  readonly generatedPaths: (paths: readonly string[]) => Promise<ReadonlySet<string>>;
  /** SHA of the tree of the head commit. */
  readonly headTree: () => Promise<string>;
  /** Body of the pull request. */
  readonly body: () => Promise<string>;
  /** Login of whoever put a label on last, undefined if it was never put on. */
  readonly labelActor: (label: string) => Promise<string | undefined>;
  readonly isTeamMember: (teamName: string, login: string) => Promise<boolean>;
  /** Presubmits of this repository on this branch exist. */
  readonly hasPresubmits: () => Promise<boolean>;
  /** Jobs that pass the test-all filter (W§1.1), changed files considered. */
  readonly automaticJobs: () => Promise<readonly JobFacts[]>;
  /** Jobs that a comment's text asks for. */
  readonly requestedJobs: (body: string) => Promise<RequestedJobs>;
  /** Postsubmits that a push starts. */
  readonly pushedJobs: (
    branch: string,
    changedFiles: readonly string[],
  ) => Promise<readonly JobFacts[]>;
  readonly runs: () => Promise<readonly RunReport[]>;
  readonly statuses: () => Promise<Readonly<Record<string, StatusFact>>>;
}
