import { isPull } from '../http/route.ts';
import type { Hub } from '../hub.ts';
import type { CheckRun, CheckSuite } from '../state/checks.ts';
import type { Repo } from '../state/model.ts';
import { renderAppOfCheck } from './app.ts';
import { renderRepo } from './repository.ts';
import { nodeId, repoApi, repoPage } from './urls.ts';

type Json = Record<string, unknown>;

/** What the check runs of a suite come to: its status and its conclusion. */
export function suiteState(runs: readonly CheckRun[]): {
  readonly status: string;
  readonly conclusion: string | null;
} {
  if (runs.length === 0) return { status: 'queued', conclusion: null };
  if (runs.some(({ status }) => status !== 'completed')) {
    const started = runs.some(({ status }) => status !== 'queued');
    return { status: started ? 'in_progress' : 'queued', conclusion: null };
  }
  const worst = ['failure', 'timed_out', 'cancelled', 'action_required', 'success'].find((one) =>
    runs.some(({ conclusion }) => conclusion === one),
  );
  return { status: 'completed', conclusion: worst ?? runs[0]?.conclusion ?? 'neutral' };
}

/** The check runs of a suite. */
export function runsOfSuite(repo: Repo, suite: CheckSuite): readonly CheckRun[] {
  return (repo.checkRuns[suite.sha] ?? []).filter((run) => run.suite === suite.id);
}

/** The open pull requests whose head is this commit, as checks name them. */
function pullsAt(hub: Hub, repo: Repo, sha: string): readonly Json[] {
  const end = (ref: string, at: string): Json => ({
    ref,
    sha: at,
    repo: { id: repo.id, name: repo.name, url: repoApi(hub, repo) },
  });
  return Object.values(repo.issues)
    .filter(isPull)
    .filter(({ state, pull }) => state === 'open' && pull.head.sha === sha)
    .map(({ id, number, pull }) => ({
      id,
      number,
      url: repoApi(hub, repo, `/pulls/${number}`),
      head: end(pull.head.ref, pull.head.sha),
      base: end(pull.base.ref, pull.base.sha),
    }));
}

/** A check run and the commit that it is at. */
export interface RunPlace {
  readonly sha: string;
  readonly run: CheckRun;
}

/** A check run of a repository, by its id. */
export function findRun(repo: Repo, id: number): RunPlace | undefined {
  for (const [sha, runs] of Object.entries(repo.checkRuns)) {
    const run = runs.find((one) => one.id === id);
    if (run) return { sha, run };
  }
  return undefined;
}

/** A check run. */
export function renderCheckRun(hub: Hub, repo: Repo, { sha, run }: RunPlace): Json {
  const api = repoApi(hub, repo, `/check-runs/${run.id}`);
  const { title, summary, text, annotations } = run.output;
  return {
    id: run.id,
    node_id: nodeId('CheckRun', run.id),
    head_sha: sha,
    external_id: run.external_id ?? '',
    url: api,
    html_url: repoPage(hub, repo, `/runs/${run.id}`),
    details_url: run.details_url ?? repoPage(hub, repo, `/runs/${run.id}`),
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.started_at,
    completed_at: run.completed_at,
    output: {
      title,
      summary,
      text,
      annotations_count: annotations.length,
      annotations_url: `${api}/annotations`,
    },
    name: run.name,
    check_suite: { id: run.suite },
    app: renderAppOfCheck(hub, run.app),
    pull_requests: pullsAt(hub, repo, sha),
  };
}

/** A check suite; `headCommit` as webhooks and REST show the commit in short. */
export function renderCheckSuite(
  hub: Hub,
  repo: Repo,
  place: { readonly suite: CheckSuite; readonly headCommit: Json },
): Json {
  const { suite, headCommit } = place;
  const runs = runsOfSuite(repo, suite);
  const api = repoApi(hub, repo, `/check-suites/${suite.id}`);
  return {
    id: suite.id,
    node_id: nodeId('CheckSuite', suite.id),
    head_branch: suite.branch,
    head_sha: suite.sha,
    ...suiteState(runs),
    url: api,
    before: null,
    after: suite.sha,
    pull_requests: pullsAt(hub, repo, suite.sha),
    app: renderAppOfCheck(hub, suite.app),
    repository: renderRepo(hub, repo),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    head_commit: headCommit,
    latest_check_runs_count: runs.length,
    check_runs_url: `${api}/check-runs`,
  };
}
