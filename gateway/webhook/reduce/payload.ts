import { z } from 'zod';

/** A deleted account is null in webhooks; GitHub shows it as `ghost`. */
const GHOST = { login: 'ghost', type: 'User' };

/** A name of any sort, within bounds that GitHub keeps itself. */
export const name = z.string().max(255);
/** An instant as GitHub writes it. */
export const time = z.string().max(40);
/** A commit id. */
export const sha = z.string().max(64);
const link = z.string().max(1_000);
/** What an edit changed, by field. */
export const changes = z.record(z.string().max(50), z.unknown()).nullish();

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
    full_name: name.regex(/^[\w.-]+\/[\w.-]+$/),
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
  html_url: link,
  created_at: time,
  updated_at: time,
  labels,
  assignees,
  pull_request: z.unknown().optional(),
});

/** A comment of any sort. */
export const comment = z.object({
  id: number,
  body: nullableText,
  user,
  html_url: link,
  created_at: time,
  updated_at: time,
});

const side = z.object({
  ref: name,
  sha,
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
  html_url: link,
  created_at: time,
  updated_at: time,
  merged: z.boolean().nullish(),
  merged_at: time.nullish(),
  draft: z.boolean().default(false),
  mergeable: z
    .boolean()
    .nullish()
    .transform((value) => value ?? null),
  head: side,
  base: side,
  labels,
  assignees,
  milestone: z.object({ title: name }).nullish(),
});

/** A review. */
export const review = z.object({
  id: number,
  body: nullableText,
  user,
  state: name.transform((text) => text.toLowerCase()),
  html_url: link,
  submitted_at: time.nullish(),
  updated_at: time.nullish(),
});

/** A payload's pull request, parsed. */
export type PullRequestPayload = z.output<typeof pullRequest>;
/** A payload's issue, parsed. */
export type IssuePayload = z.output<typeof issue>;
