import { z } from 'zod';
import type { Issue, Repo, Status } from '../state/model.ts';

/** An end state as `GET /control/state/O/R` gave it. */
export const endStateSchema = z.object({
  merges: z.array(
    z.object({ number: z.number(), base: z.string(), method: z.string(), sha: z.string() }),
  ),
  branches: z.record(z.string(), z.string()),
  issues: z.record(
    z.string(),
    z.object({
      title: z.string(),
      state: z.string(),
      merged: z.boolean(),
      head: z.string().nullable(),
      labels: z.array(z.string()),
      assignees: z.array(z.string()),
      requestedReviewers: z.array(z.string()),
      comments: z.array(z.object({ author: z.string(), body: z.string() })),
    }),
  ),
  statuses: z.record(z.string(), z.record(z.string(), z.array(z.string()))),
  newest: z.record(
    z.string(),
    z.record(z.string(), z.object({ state: z.string(), description: z.string() })),
  ),
});

/** How a repository ended up, without ids and times. */
export interface EndState {
  readonly merges: readonly { number: number; base: string; method: string; sha: string }[];
  readonly branches: Readonly<Record<string, string>>;
  readonly issues: Readonly<Record<string, IssueEndState>>;
  /** By SHA, then by context: every state that was written, in order. */
  readonly statuses: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** By SHA, then by context: what it says in the end. */
  readonly newest: Readonly<Record<string, Readonly<Record<string, StatusEndState>>>>;
}

/** What a context says in the end. */
export interface StatusEndState {
  readonly state: string;
  readonly description: string;
}

/** How an issue or a pull request ended up. */
export interface IssueEndState {
  readonly title: string;
  readonly state: string;
  readonly merged: boolean;
  readonly head: string | null;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly requestedReviewers: readonly string[];
  readonly comments: readonly { readonly author: string; readonly body: string }[];
}

function issueState(issue: Issue): IssueEndState {
  return {
    title: issue.title,
    state: issue.state,
    merged: issue.pull?.merged ?? false,
    head: issue.pull?.head.sha ?? null,
    labels: [...issue.labels].sort(),
    assignees: [...issue.assignees].sort(),
    requestedReviewers: [...(issue.pull?.requestedReviewers ?? [])].sort(),
    comments: issue.comments.map(({ author, body }) => ({ author, body })),
  };
}

function byContext(statuses: readonly Status[]): Record<string, string[]> {
  const contexts: Record<string, string[]> = {};
  for (const { context, state } of statuses) {
    const states = contexts[context] ?? [];
    states.push(state);
    contexts[context] = states;
  }
  return contexts;
}

function newestOf(statuses: readonly Status[]): Record<string, StatusEndState> {
  return Object.fromEntries(
    statuses.map(({ context, state, description }) => [
      context,
      { state, description: description ?? '' },
    ]),
  );
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** Describes the end state of a repository. */
export function endState(repo: Repo): EndState {
  const heads = Object.entries(repo.refs).filter(([ref]) => ref.startsWith('refs/heads/'));
  return {
    merges: repo.merges.map(({ number, base, method, sha }) => ({ number, base, method, sha })),
    branches: Object.fromEntries(heads.map(([ref, sha]) => [ref.slice(11), sha])),
    issues: mapValues(repo.issues, issueState),
    statuses: mapValues(repo.statuses, byContext),
    newest: mapValues(repo.statuses, newestOf),
  };
}
