import { emit } from '../actions/emit.ts';
import { answer, ok, wrappedList } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { type Call, param, type Route, repoOf, route } from '../http/route.ts';
import { timestamp } from '../hub.ts';
import { idOfRun, renderWorkflowRun } from '../render/workflow-run.ts';
import { sceneOf } from './scene.ts';

type Run = Record<string, unknown>;

const FILTERS = ['event', 'head_sha'] as const;

function fits(run: Run, query: Call['query']): boolean {
  const { branch, status, actor } = query;
  if (branch && run['head_branch'] !== branch) return false;
  // One word for either: `failure` is a conclusion, `queued` a status.
  if (status && ![run['status'], run['conclusion']].includes(status)) return false;
  const by = run['actor'];
  const login = typeof by === 'object' && by !== null ? Reflect.get(by, 'login') : undefined;
  if (actor && login !== actor) return false;
  return FILTERS.every((key) => query[key] === undefined || run[key] === query[key]);
}

function list(call: Call) {
  const repo = repoOf(call);
  const all = repo.workflowRuns.map((run) => renderWorkflowRun(call.hub, repo, run));
  const found = all.filter((run) => fits(run, call.query));
  return wrappedList(
    found,
    (run) => run,
    (page) => ({ total_count: found.length, workflow_runs: page }),
  );
}

function runOf(call: Call): Run {
  const id = Number(param(call, 'run'));
  return repoOf(call).workflowRuns.find((known) => idOfRun(known) === id) ?? notFound();
}

function start(check: (run: Run) => string | undefined) {
  return (call: Call) => {
    const scene = sceneOf(call, 'write');
    const run = runOf(call);
    const refused = check(run);
    if (refused !== undefined) refuse(403, refused);
    const attempt = typeof run['run_attempt'] === 'number' ? run['run_attempt'] : 1;
    const again = { status: 'queued', conclusion: null, run_attempt: attempt + 1 };
    Object.assign(run, again, { updated_at: timestamp(), run_started_at: timestamp() });
    emit(scene, {
      event: 'workflow_run',
      action: 'requested',
      about: `${idOfRun(run)} attempt ${attempt + 1}`,
      payload: () => ({
        workflow_run: renderWorkflowRun(call.hub, scene.repo, run),
        workflow: null,
      }),
    });
    return answer(201, {});
  };
}

const RERUN_REFUSED = 'This workflow run is already running';

const RUNS = '/repos/:owner/:repo/actions/runs';

/** Workflow runs of GitHub Actions: the control API makes them, they do nothing by themselves. */
export const actionRoutes: readonly Route[] = [
  route('GET', RUNS, list),
  route('GET', `${RUNS}/:run`, (call) =>
    ok(renderWorkflowRun(call.hub, repoOf(call), runOf(call))),
  ),
  route(
    'POST',
    `${RUNS}/:run/approve`,
    start(({ conclusion }) =>
      conclusion === 'action_required' ? undefined : 'This run is not from a fork pull request',
    ),
  ),
  route(
    'POST',
    `${RUNS}/:run/rerun`,
    start(({ status }) => (status === 'completed' ? undefined : RERUN_REFUSED)),
  ),
  route(
    'POST',
    `${RUNS}/:run/rerun-failed-jobs`,
    start(({ status }) => (status === 'completed' ? undefined : RERUN_REFUSED)),
  ),
  route('POST', `${RUNS}/:run/cancel`, (call) => {
    sceneOf(call, 'write');
    Object.assign(runOf(call), { status: 'completed', conclusion: 'cancelled' });
    return answer(202, {});
  }),
];
