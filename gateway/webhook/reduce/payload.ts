import { z } from 'zod';

/** A deleted account is null in webhooks; GitHub shows it as `ghost`. */
const GHOST = { login: 'ghost', type: 'User' };

const name = z.string().max(300);
const nullableText = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

/** An account. */
export const user = z
  .object({ login: name, type: z.string().default('User') })
  .nullish()
  .transform((account) => account ?? GHOST);

const number = z.int().positive();
const state = z.enum(['open', 'closed']);
const labels = z.array(z.object({ name })).nullish();
const assignees = z.array(z.object({ login: name })).nullish();

/** What every payload of a repository has. */
export const repositoryPayload = z.object({
  repository: z.object({
    id: z.int(),
    full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  }),
  sender: user,
});

/** An issue, or a pull request seen as an issue. */
export const issue = z.object({
  number,
  title: z.string(),
  state: state.default('open'),
  user,
  body: nullableText,
  html_url: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  labels,
  assignees,
  pull_request: z.unknown().optional(),
});

/** A comment of any sort. */
export const comment = z.object({
  id: number,
  body: nullableText,
  user,
  html_url: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

const side = z.object({
  ref: name,
  sha: z.string(),
  repo: z
    .object({ full_name: z.string() })
    .nullish()
    .transform((repo) => repo?.full_name ?? ''),
});

/** A pull request; reviews carry one without `merged` and `mergeable`. */
export const pullRequest = z.object({
  number,
  title: z.string(),
  state: state.default('open'),
  user,
  body: nullableText,
  html_url: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  merged: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  draft: z.boolean().default(false),
  mergeable: z
    .boolean()
    .nullish()
    .transform((value) => value ?? null),
  head: side,
  base: side,
  labels,
  assignees,
  milestone: z.object({ title: z.string() }).nullish(),
});

/** A review. */
export const review = z.object({
  id: number,
  body: nullableText,
  user,
  state: z.string().transform((text) => text.toLowerCase()),
  html_url: z.string(),
  submitted_at: z.string().nullish(),
  updated_at: z.string().nullish(),
});

/** A payload's pull request, parsed. */
export type PullRequestPayload = z.output<typeof pullRequest>;
/** A payload's issue, parsed. */
export type IssuePayload = z.output<typeof issue>;
