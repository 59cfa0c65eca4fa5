import { z } from 'zod';
import type { Issue, Repo, Status } from '../state/model.ts';

/** An end state as `GET /control/state/O/R` gave it. */
export const endStateSchema = z.object({
  merges: z.array(z.object({ number: z.number(), base: z.string(), method: z.string() })),
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
});

/** How a repository ended up, without ids, times and SHAs of what was merged: two runs can be compared. */
export interface EndState {
  readonly merges: readonly { number: number; base: string; method: string }[];
  readonly branches: Readonly<Record<string, string>>;
  readonly issues: Readonly<Record<string, IssueEndState>>;
  /** By SHA, then by context: every state that was written, in order. */
  readonly statuses: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
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

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** Describes the end state of a repository. */
export function endState(repo: Repo): EndState {
  const heads = Object.entries(repo.refs).filter(([ref]) => ref.startsWith('refs/heads/'));
  return {
    merges: repo.merges.map(({ number, base, method }) => ({ number, base, method })),
    branches: Object.fromEntries(heads.map(([ref, sha]) => [ref.slice(11), sha])),
    issues: mapValues(repo.issues, issueState),
    statuses: mapValues(repo.statuses, byContext),
  };
}
