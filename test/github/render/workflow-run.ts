import type { Hub } from '../hub.ts';
import type { Repo } from '../state/model.ts';
import { renderUser } from './account.ts';
import { renderRepo } from './repository.ts';
import { nodeId, repoApi, repoPage } from './urls.ts';

type Json = Record<string, unknown>;

/** The id that the control API gave a run, or none. */
export function idOfRun(run: Readonly<Json>): number {
  return typeof run['id'] === 'number' ? run['id'] : 0;
}

function headCommit(repo: Repo, sha: string): Json {
  const person = { name: repo.owner, email: `${repo.owner}@example.com` };
  return {
    id: sha,
    tree_id: sha,
    message: 'Change',
    timestamp: repo.pushedAt,
    author: person,
    committer: person,
  };
}

function addresses(hub: Hub, repo: Repo, id: number): Json {
  const api = repoApi(hub, repo, `/actions/runs/${id}`);
  return {
    url: api,
    html_url: repoPage(hub, repo, `/actions/runs/${id}`),
    jobs_url: `${api}/jobs`,
    logs_url: `${api}/logs`,
    check_suite_url: repoApi(hub, repo, `/check-suites/${id}`),
    artifacts_url: `${api}/artifacts`,
    cancel_url: `${api}/cancel`,
    rerun_url: `${api}/rerun`,
    previous_attempt_url: null,
    workflow_url: repoApi(hub, repo, '/actions/workflows/1'),
  };
}

/** A run of GitHub Actions: what the control API says of it, and what every run has. */
export function renderWorkflowRun(hub: Hub, repo: Repo, run: Readonly<Json>): Json {
  const id = idOfRun(run);
  const sha = typeof run['head_sha'] === 'string' ? run['head_sha'] : '0'.repeat(40);
  const user = renderUser(hub, repo.owner);
  return {
    name: 'CI',
    node_id: nodeId('WorkflowRun', id),
    head_branch: repo.defaultBranch,
    path: '.github/workflows/ci.yml',
    display_title: 'Change',
    run_number: 1,
    run_attempt: 1,
    event: 'pull_request',
    status: 'completed',
    conclusion: null,
    workflow_id: 1,
    check_suite_id: id,
    check_suite_node_id: nodeId('CheckSuite', id),
    pull_requests: [],
    created_at: repo.createdAt,
    updated_at: repo.updatedAt,
    run_started_at: repo.createdAt,
    actor: user,
    triggering_actor: user,
    referenced_workflows: [],
    ...addresses(hub, repo, id),
    head_commit: headCommit(repo, sha),
    repository: renderRepo(hub, repo),
    head_repository: renderRepo(hub, repo),
    ...run,
    head_sha: sha,
  };
}
