import type { PullRequestSnapshot } from '../../../workflows/domain/event.ts';
import type { ChangedFile } from '../../../workflows/domain/facts.ts';
import type { GitHub } from '../client.ts';
import {
  accountOf,
  allPages,
  type Numbered,
  pageOf,
  pullPath,
  type ReadOptions,
  reading,
  unlessMissing,
} from './reading.ts';

/** A pull request with what webhooks leave out. */
export interface PullRequestRead extends PullRequestSnapshot {
  readonly body: string;
  readonly labels: readonly string[];
  /** The commit that it became, once merged. */
  readonly mergeCommitSha: string;
}

/** A pull request; undefined if there is none of that number. */
export async function readPull(
  github: GitHub,
  pull: Numbered,
  options?: ReadOptions,
): Promise<PullRequestRead | undefined> {
  const ask = reading(github, 'pull', options);
  const answer = await unlessMissing(
    ask('GET /repos/{owner}/{repo}/pulls/{pull_number}', pullPath(pull)),
  );
  if (answer === undefined) return undefined;
  const { data } = answer;
  return {
    number: data.number,
    title: data.title,
    ...accountOf(data.user),
    state: data.state,
    merged: data.merged,
    draft: data.draft ?? false,
    headSha: data.head.sha,
    headRef: data.head.ref,
    headRepository: data.head.repo?.full_name ?? '',
    baseRef: data.base.ref,
    baseSha: data.base.sha,
    mergeable: data.mergeable,
    htmlUrl: data.html_url,
    createdAt: data.created_at,
    updatedAt: data.updated_at,
    labels: data.labels.map(({ name }) => name),
    assignees: (data.assignees ?? []).map(({ login }) => login),
    milestone: data.milestone?.title ?? '',
    body: data.body ?? '',
    mergeCommitSha: data.merge_commit_sha ?? '',
  };
}

/** The body of a pull request, empty if it has none. */
export async function readPullBody(
  github: GitHub,
  pull: Numbered,
  options?: ReadOptions,
): Promise<string> {
  return (await readPull(github, pull, options))?.body ?? '';
}

/** Changed files by GitHub's list, which ends at 3,000: the mirror knows them all. */
export async function readPullFiles(
  github: GitHub,
  pull: Numbered,
  options?: ReadOptions,
): Promise<readonly ChangedFile[]> {
  const ask = reading(github, 'pull-files', options);
  const files = await allPages(async (page) =>
    pageOf(
      await ask('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
        ...pullPath(pull),
        ...page,
      }),
    ),
  );
  return files.map(({ filename, status, additions, deletions }) => ({
    filename,
    status,
    additions,
    deletions,
  }));
}
