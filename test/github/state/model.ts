import type { App, Grant, Installation } from './apps.ts';
import type { CheckRun, CheckSuite } from './checks.ts';
import type { CommitComment } from './commit-comments.ts';
import type { Org, RepoInvitation, Ruleset } from './orgs.ts';
import type { Permission } from './permissions.ts';
import type { Project } from './projects.ts';
import type { Reaction } from './reactions.ts';
import type { Review, ReviewComment } from './reviews.ts';

/** A person, a bot or an organisation seen as an account. */
export interface User {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'Organization';
  readonly name: string;
  readonly email: string;
  status?: UserStatus;
}

/** What a person says of the day. */
export interface UserStatus {
  readonly emoji: string | null;
  readonly message: string | null;
  /** Not to be asked for reviews. */
  readonly busy: boolean;
}

/** A label of a repository. */
export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
}

/** A comment on an issue or a pull request. */
export interface Comment {
  readonly id: number;
  readonly author: string;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
  reactions?: Reaction[];
}

/** A line in the history of an issue, as `GET issues/N/events` shows it. */
export interface IssueEvent {
  readonly id: number;
  readonly event: string;
  readonly actor: string;
  readonly createdAt: string;
  readonly label?: string;
  readonly assignee?: string;
  readonly commitId?: string;
  readonly milestone?: string;
  readonly reviewer?: string;
  readonly rename?: { readonly from: string; readonly to: string };
}

/** How large a pull request is, valid for one pair of commits. */
export interface PullSize {
  readonly key: string;
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

/** Whether a pull request merges cleanly, valid for one pair of commits. */
export interface Mergeability {
  readonly key: string;
  readonly clean: boolean;
}

/** What a pull request has beyond an issue. */
export interface Pull {
  draft: boolean;
  readonly base: { ref: string; sha: string };
  readonly head: { repo: string; readonly ref: string; sha: string };
  merged: boolean;
  mergedAt: string | null;
  mergedBy: string | null;
  mergeCommitSha: string | null;
  requestedReviewers: string[];
  requestedTeams: string[];
  readonly reviews: Review[];
  readonly reviewComments: ReviewComment[];
  size: PullSize | null;
  mergeability: Mergeability | null;
}

/** An issue, or a pull request when `pull` is there. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string | null;
  readonly author: string;
  state: 'open' | 'closed';
  labels: string[];
  assignees: string[];
  milestone: number | null;
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  locked?: boolean;
  lockReason?: string | null;
  stateReason?: string | null;
  closedBy?: string | null;
  reactions?: Reaction[];
  readonly comments: Comment[];
  readonly events: IssueEvent[];
  readonly pull: Pull | null;
}

/** A pull request as an issue whose `pull` is known to be there. */
export type PullIssue = Issue & { readonly pull: Pull };

/** A commit status; the newest per context counts, all are kept. */
export interface Status {
  readonly id: number;
  readonly context: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: string;
  readonly createdAt: string;
}

/** A milestone. */
export interface Milestone {
  readonly id: number;
  readonly number: number;
  title: string;
  description: string | null;
  state: 'open' | 'closed';
  readonly creator?: string;
  readonly createdAt?: string;
  updatedAt?: string;
  dueOn?: string | null;
  closedAt?: string | null;
}

/** One merge that this repository saw, in order. */
export interface MergeRecord {
  readonly number: number;
  readonly base: string;
  readonly method: string;
  readonly headSha: string;
  readonly baseBefore: string;
  readonly sha: string;
  readonly mergedBy: string;
  readonly at: string;
}

/** Ways of merging that a repository allows. */
export interface MergeMethods {
  merge: boolean;
  squash: boolean;
  rebase: boolean;
}

/** Where an issue is now. */
export interface Transferred {
  /** The id of the repository. */
  readonly repository: number;
  readonly number: number;
}

/** A repository; `refs` mirrors the refs of the bare git repository. */
export interface Repo {
  readonly id: number;
  owner: string;
  name: string;
  private: boolean;
  archived: boolean;
  defaultBranch: string;
  description: string | null;
  parent: string | null;
  readonly createdAt: string;
  updatedAt: string;
  pushedAt: string;
  nextNumber: number;
  readonly methods: MergeMethods;
  deleteBranchOnMerge: boolean;
  readonly labels: Label[];
  readonly milestones: Milestone[];
  readonly collaborators: Record<string, Permission>;
  readonly issues: Record<string, Issue>;
  readonly statuses: Record<string, Status[]>;
  readonly checkRuns: Record<string, CheckRun[]>;
  readonly protection: Record<string, Record<string, unknown>>;
  workflowRuns: Record<string, unknown>[];
  refs: Record<string, string>;
  readonly merges: MergeRecord[];
  commitComments?: CommitComment[];
  invitations?: RepoInvitation[];
  /** The numbers of the issues on top of the list. */
  pinned?: readonly number[];
  /** Where issues went that are not here any more, by their former numbers. */
  transferred?: Record<string, Transferred>;
  rulesets?: Ruleset[];
  checkSuites?: CheckSuite[];
  /** What `PATCH /repos/O/R` wrote and nothing here acts on, by GitHub's names. */
  settings?: Record<string, unknown>;
}

/** A webhook of a repository or, when `repo` is null, of an organisation. */
export interface Hook {
  readonly id: number;
  readonly owner: string;
  readonly repo: string | null;
  /** The app whose webhook this is; `owner` is then the app's. */
  readonly app?: number;
  url: string;
  secret: string;
  events: string[];
  active: boolean;
  /** `json` if left out. */
  contentType?: 'json' | 'form';
  insecureSsl?: '0' | '1';
  updatedAt?: string;
  readonly createdAt: string;
}

/** All that survives a restart, apart from git and deliveries. */
export interface Model {
  nextId: number;
  readonly users: Record<string, User>;
  readonly tokens: Record<string, string>;
  readonly orgs: Record<string, Org>;
  readonly repos: Record<string, Repo>;
  readonly hooks: Hook[];
  /** What is to know of a token beyond its owner. */
  readonly grants: Record<string, Grant>;
  readonly apps: App[];
  readonly installations: Installation[];
  /** Former names of repositories, to their ids. */
  readonly redirects: Record<string, number>;
  /** Classic projects. */
  readonly projects: Project[];
}

/** A GitHub in which nothing exists. */
export function emptyModel(): Model {
  return {
    nextId: 1000,
    users: {},
    tokens: {},
    orgs: {},
    repos: {},
    hooks: [],
    grants: {},
    apps: [],
    installations: [],
    redirects: {},
    projects: [],
  };
}
