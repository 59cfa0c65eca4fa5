import { answer, wrappedList } from '../http/answer.ts';
import { notFound } from '../http/errors.ts';
import { type Call, param, type Route, repoOf, route } from '../http/route.ts';
import { sceneOf } from './scene.ts';

const FILTERS = ['status', 'event', 'head_sha'] as const;

function runs(call: Call) {
  const { query } = call;
  const found = repoOf(call).workflowRuns.filter((run) => {
    const branchFits = !query['branch'] || run['head_branch'] === query['branch'];
    const others = FILTERS.every((key) => {
      const wanted = query[key];
      const shown = key === 'status' ? [run['status'], run['conclusion']] : [run[key]];
      return wanted === undefined || shown.includes(wanted);
    });
    return branchFits && others;
  });
  return wrappedList(
    found,
    (run) => run,
    (page) => ({ total_count: found.length, workflow_runs: page }),
  );
}

function change(fields: Record<string, unknown>) {
  return (call: Call) => {
    const { repo } = sceneOf(call, 'write');
    const id = Number(param(call, 'run'));
    const run = repo.workflowRuns.find((known) => known['id'] === id) ?? notFound();
    Object.assign(run, fields);
    call.hub.store.touch();
    return answer(201, {});
  };
}

/** Workflow runs of GitHub Actions: plain records that the control API sets. */
export const actionRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/actions/runs', runs),
  route(
    'POST',
    '/repos/:owner/:repo/actions/runs/:run/approve',
    change({ status: 'queued', conclusion: null }),
  ),
  route(
    'POST',
    '/repos/:owner/:repo/actions/runs/:run/rerun',
    change({ status: 'queued', conclusion: null }),
  ),
  route(
    'POST',
    '/repos/:owner/:repo/actions/runs/:run/rerun-failed-jobs',
    change({ status: 'queued', conclusion: null }),
  ),
];
