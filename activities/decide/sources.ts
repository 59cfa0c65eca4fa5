import type { RepoOwners } from '../../config/owners.ts';
import type { ConfigSnapshot } from '../../config/snapshot.ts';
import type { EventText, PullRequestSnapshot } from '../../workflows/domain/event.ts';
import type { ChangedFile } from '../../workflows/domain/facts.ts';
import type { CommentNote, PullRequestRecord, StatusFact } from '../../workflows/domain/record.ts';
import type { RepositoryName } from '../../workflows/domain/repository.ts';
import type { DecisionRecord } from '../database/decisions.ts';
import type { InRepoSource } from '../in-repo.ts';

/** The configuration in force: its number grows with every activation. */
export interface ActiveConfig {
  readonly number: number;
  readonly snapshot: ConfigSnapshot;
}

/** A head, and the branch that it is compared with. */
export interface Comparison {
  readonly repository: RepositoryName;
  readonly number: number;
  readonly baseRef: string;
  readonly headSha: string;
  /** Head of the base branch; asked for only where nothing is remembered. */
  readonly baseSha: () => Promise<string>;
}

/** What deciding reads of GitHub's API: each is one cheap call, or none when it is remembered. */
export interface GitHubFacts {
  /** Login of our own account, without `[bot]`. */
  botLogin(): Promise<string>;
  pullRequest(repository: RepositoryName, number: number): Promise<PullRequestSnapshot | undefined>;
  body(repository: RepositoryName, number: number): Promise<string>;
  labels(repository: RepositoryName, number: number): Promise<readonly string[]>;
  /** Issue comments, review comments and reviews, as notes; bodies whole. */
  comments(repository: RepositoryName, number: number): Promise<readonly CommentNote[]>;
  statuses(repository: RepositoryName, sha: string): Promise<Readonly<Record<string, StatusFact>>>;
  isMember(org: string, login: string): Promise<boolean>;
  isCollaborator(repository: RepositoryName, login: string): Promise<boolean>;
  /** Logins in lower case; undefined if we may not list them. */
  collaborators(repository: RepositoryName): Promise<ReadonlySet<string> | undefined>;
  isTeamMember(org: string, team: string, login: string): Promise<boolean>;
  mergedPullRequests(org: string, author: string): Promise<number>;
  labelActor(
    repository: RepositoryName,
    number: number,
    label: string,
  ): Promise<string | undefined>;
  branchHead(repository: RepositoryName, branch: string): Promise<string>;
  /** How the repository's settings allow to merge; undefined if we may not see them. */
  mergeMethods(repository: RepositoryName): Promise<readonly string[] | undefined>;
}

/** What deciding reads of git: a clone or fetch may be needed, so never inside a workflow task. */
export interface GitFacts {
  changedFiles(comparison: Comparison): Promise<readonly ChangedFile[]>;
  /** The same, if it is remembered. */
  knownChangedFiles(comparison: Comparison): readonly ChangedFile[] | undefined;
  fileAt(repository: RepositoryName, path: string, sha: string): Promise<string | undefined>;
  treeOf(repository: RepositoryName, sha: string): Promise<string>;
  owners(repository: RepositoryName, baseSha: string): Promise<RepoOwners>;
  generatedPaths(comparison: Comparison, paths: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Where decisions are written down; a database that is away loses no intent. */
export interface DecisionLog {
  /** Text of a stored delivery's comment or body. */
  textOf(text: EventText): Promise<string>;
  /** Files that a push's delivery names: the union of its commits' lists. */
  pushedFiles(deliveryId: string): Promise<readonly string[]>;
  /** When the repository came under Bowsprit, ISO; asked only for a pull request nobody knew. */
  adoptedSince(repository: RepositoryName, repositoryId: number): Promise<string>;
  record(decision: DecisionRecord): Promise<void>;
  publish(
    key: RepositoryName & { readonly repositoryId: number },
    record: PublishedPull,
  ): Promise<void>;
}

/** What the page of a pull request shows. */
export interface PublishedPull {
  readonly record: PullRequestRecord;
  readonly member: unknown;
}

/** All that `decide` needs. */
export interface DecisionSources {
  /** The active configuration, at least this number. */
  config(atLeast: number): Promise<ActiveConfig>;
  readonly github: GitHubFacts;
  readonly git: GitFacts;
  /** Jobs that repositories hold themselves; without it they count for nothing. */
  readonly inRepo?: InRepoSource;
  readonly log: DecisionLog;
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}
