import { hasInRepoConfig, isInRepoPath } from '../../config/in-repo.ts';
import { describeReason, type Problem } from '../../config/problem.ts';
import { inRepoRefusal } from '../../workflows/domain/in-repo-report.ts';
import { familyNotes, wish } from '../../workflows/domain/working-copy.ts';
import type { InRepoConfig, InRepoPlace } from '../in-repo.ts';
import { baseHead } from './base-head.ts';
import { type Batch, memoised } from './batch.ts';
import { NeedsOrdinary } from './needs-ordinary.ts';
import { changedFilesOf } from './reading.ts';

/** Our own context: whether the jobs that the repository holds itself are good. */
const CONTEXT = 'prow-config';
const GOOD = "The repository's own jobs are good.";

/**
 * The configuration with the jobs that the repository holds itself, at the commits in question (J§4.4); where
 * they are refused, without them, and why. A pull request's are those of its head merged onto the base.
 */
export async function withOwnJobs(batch: Batch): Promise<InRepoConfig> {
  const { inRepo } = batch.sources;
  const without = { snapshot: batch.snapshot, problems: [], conflict: false };
  if (inRepo === undefined || !hasInRepoConfig(batch.snapshot, batch.input.repository)) {
    return without;
  }
  const place = await placeOf(batch);
  if (place === undefined) return without;
  const known = inRepo.known(batch.snapshot, place);
  if (known !== undefined) return known;
  if (batch.input.quick) throw new NeedsOrdinary('in-repository configuration');
  const key = `own jobs ${place.baseSha} ${place.heads.map(({ sha }) => sha).join(' ')}`;
  return memoised(batch, key, () => inRepo.read(batch.snapshot, place));
}

async function placeOf(batch: Batch): Promise<InRepoPlace | undefined> {
  const { repository, scope } = batch.input;
  if (scope === 'branch') {
    const { pushed } = batch;
    return pushed && { repository, branch: pushed.ref, baseSha: pushed.after, heads: [] };
  }
  const { baseRef: branch, headSha: sha, number, state } = batch.copy.wanted;
  if (scope === 'issue' || number === 0 || state === 'closed') return undefined;
  const baseSha = await baseHead(batch, branch);
  return { repository, branch, baseSha, heads: [{ number, sha }] };
}

/** Why the repository's own jobs are none, on one line; undefined if they are good. */
export function ownJobsProblem({ problems }: InRepoConfig): string | undefined {
  const [first] = problems;
  if (first === undefined) return undefined;
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  return `${placeText(first)}: ${describeReason(first)}${more}`;
}

function placeText({ file, line }: Problem): string {
  return line === undefined ? file : `${file}:${line}`;
}

/**
 * Wishes for what says that the repository's own jobs are refused: a status, and a comment where it is this
 * pull request that changes them. Prow runs the other jobs and says nothing (J§4.4).
 */
export async function wishOwnJobsReport(batch: Batch): Promise<void> {
  const { wanted } = batch.copy;
  if (wanted.state === 'closed') return;
  const own = await withOwnJobs(batch);
  wishStatus(batch, own, wanted.headSha);
  const isTold = familyNotes(wanted, 'in-repo-config').length > 0;
  if (own.problems.length === 0) {
    if (isTold && !own.conflict) wishComment(batch, undefined);
    return;
  }
  const changed = await changedFilesOf(batch);
  if (!changed.some(({ filename }) => isInRepoPath(filename))) return;
  const lines = own.problems.map((problem) => ({
    place: placeText(problem),
    text: describeReason(problem),
  }));
  const { org, repo } = batch.input.repository;
  wishComment(batch, inRepoRefusal(wanted.author, `${org}/${repo}`, lines));
}

/** The same for a push: the status stands at the pushed commit. */
export async function wishPushReport(batch: Batch, sha: string): Promise<void> {
  wishStatus(batch, await withOwnJobs(batch), sha);
}

function wishStatus(batch: Batch, own: InRepoConfig, sha: string): void {
  const problem = ownJobsProblem(own);
  const before = batch.copy.wanted.statuses[CONTEXT];
  // Nobody who has not been told of a problem needs to be told that there is none.
  const isOver = before !== undefined && before.state !== 'success' && !own.conflict;
  if (problem === undefined && !isOver) return;
  batch.copy = wish(
    batch.copy,
    {
      kind: 'set-status',
      sha,
      context: CONTEXT,
      state: problem === undefined ? 'success' : 'failure',
      description: problem ?? GOOD,
      targetUrl: problem === undefined ? '' : blobUrl(batch, own, sha),
    },
    origin(batch, problem ?? GOOD),
  );
}

/** Where the first problem stands. */
function blobUrl(batch: Batch, { problems }: InRepoConfig, sha: string): string {
  const { org, repo } = batch.input.repository;
  const { file = '', line } = problems[0] ?? {};
  const path = file.split('/').map(encodeURIComponent).join('/');
  const anchor = line === undefined ? '' : `#L${line}`;
  return `${batch.snapshot.prow.github.link_url}/${org}/${repo}/blob/${sha}/${path}${anchor}`;
}

function wishComment(batch: Batch, body: string | undefined): void {
  const marker = 'in-repo-config';
  const effect =
    body === undefined
      ? ({ kind: 'prune-comments', marker } as const)
      : ({ kind: 'replace-comment', marker, body } as const);
  batch.copy = wish(batch.copy, effect, origin(batch, body === undefined ? GOOD : 'refused'));
}

function origin(batch: Batch, reason: string) {
  const cause = batch.input.items.at(-1)?.event.key ?? '';
  return { plugin: 'in-repo-config', cause, ordinal: 0, order: '', reason };
}
