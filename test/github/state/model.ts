/** What a user may do in a repository, weakest first. */
export const PERMISSIONS = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
/** One step of {@link PERMISSIONS}. */
export type Permission = (typeof PERMISSIONS)[number];

/** A person, a bot or an organisation seen as an account. */
export interface User {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'Organization';
  readonly name: string;
  readonly email: string;
}

/** An organisation; `members` maps a lower-case login to the role. */
export interface Org {
  readonly id: number;
  readonly login: string;
  defaultPermission: Permission;
  readonly members: Record<string, 'admin' | 'member'>;
  /** Those who show that they belong, in small letters: nobody does by itself. */
  publicMembers?: readonly string[];
  teams?: Team[];
  invitations?: OrgInvitation[];
  rulesets?: Ruleset[];
  /** What `PATCH /orgs/O` wrote, by GitHub's names. */
  settings?: Record<string, unknown>;
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

/** A reaction to an issue or a comment. */
export interface Reaction {
  readonly id: number;
  readonly author: string;
  readonly content: ReactionContent;
  readonly createdAt: string;
}

/** The reactions that GitHub knows. */
export const REACTIONS = [
  '+1',
  '-1',
  'laugh',
  'confused',
  'heart',
  'hooray',
  'rocket',
  'eyes',
] as const;
/** One of {@link REACTIONS}. */
export type ReactionContent = (typeof REACTIONS)[number];

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

/** A submitted review. */
export interface Review {
  readonly id: number;
  readonly author: string;
  body: string;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  readonly commitId: string;
  submittedAt: string;
}

/** A comment on a line of the diff. */
export interface ReviewComment {
  readonly id: number;
  readonly reviewId: number | null;
  readonly author: string;
  body: string;
  readonly path: string;
  readonly line: number | null;
  readonly side: string;
  readonly commitId: string;
  readonly inReplyTo?: number;
  readonly createdAt: string;
  updatedAt: string;
  reactions?: Reaction[];
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
  invitations?: RepoInvitation[];
  rulesets?: Ruleset[];
  checkSuites?: CheckSuite[];
  /** What `PATCH /repos/O/R` wrote and nothing here acts on, by GitHub's names. */
  settings?: Record<string, unknown>;
}

/** A team of an organisation. */
export interface Team {
  readonly id: number;
  slug: string;
  name: string;
  description: string | null;
  privacy: 'closed' | 'secret';
  parent: number | null;
  /** By lower-case login. */
  readonly members: Record<string, 'member' | 'maintainer'>;
  /** By the id of the repository. */
  readonly repos: Record<string, Permission>;
  readonly createdAt: string;
}

/** Somebody who was asked into an organisation. */
export interface OrgInvitation {
  readonly id: number;
  readonly login: string | null;
  readonly email: string | null;
  role: 'admin' | 'direct_member';
  readonly inviter: string;
  readonly createdAt: string;
  readonly teams: number[];
}

/** Somebody who was asked to work on a repository. */
export interface RepoInvitation {
  readonly id: number;
  readonly invitee: string;
  readonly inviter: string;
  permission: Permission;
  readonly createdAt: string;
}

/** A ruleset; conditions and rules as GitHub writes them. */
export interface Ruleset {
  readonly id: number;
  name: string;
  target: 'branch' | 'tag' | 'push';
  enforcement: 'disabled' | 'active' | 'evaluate';
  conditions: Record<string, unknown>;
  rules: Record<string, unknown>[];
  bypassActors: Record<string, unknown>[];
  readonly createdAt: string;
  updatedAt: string;
}

/** The check runs of one app at one commit. */
export interface CheckSuite {
  readonly id: number;
  readonly sha: string;
  readonly branch: string | null;
  readonly app: number | null;
  readonly createdAt: string;
  updatedAt: string;
}

/** A check run, by the names that REST gives its parts. */
export interface CheckRun {
  readonly id: number;
  readonly suite: number;
  name: string;
  external_id: string | null;
  details_url: string | null;
  status: string;
  conclusion: string | null;
  started_at: string | null;
  completed_at: string | null;
  output: CheckOutput;
  readonly app: number | null;
}

/** What a check run says. */
export interface CheckOutput {
  readonly title: string | null;
  readonly summary: string | null;
  readonly text: string | null;
  readonly annotations: readonly Record<string, unknown>[];
}

/** What a token may do, where that is less than what its owner may. */
export interface Grant {
  /** Of a classic token; everything if left out. */
  readonly scopes?: readonly string[];
  /** The token of a workflow of a fork: it reads. */
  readonly readOnly?: boolean;
  /** Of an installation of an app. */
  readonly installation?: number;
  readonly repositories?: readonly number[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly expiresAt?: string;
}

/** A GitHub App. */
export interface App {
  readonly id: number;
  readonly slug: string;
  name: string;
  owner: string;
  /** PEM; it checks the app's JSON web tokens. */
  publicKey: string;
  permissions: Readonly<Record<string, string>>;
  events: readonly string[];
  readonly createdAt: string;
}

/** An app in an account. */
export interface Installation {
  readonly id: number;
  readonly app: number;
  readonly account: string;
  /** `null`: all of the account. */
  repositories: number[] | null;
  suspendedAt: string | null;
  readonly createdAt: string;
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
  };
}
