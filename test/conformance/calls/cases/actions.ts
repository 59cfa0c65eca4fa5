import { at, callCase, seen } from '../case.ts';

const RUNS = 'GET /repos/{owner}/{repo}/actions/runs';
const APPROVE = 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/approve';
const RERUN = 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs';

export const cases = [
  callCase(RUNS, 'without workflows there are no runs', {
    run: (scene) =>
      seen(
        scene.bot.request(RUNS, { ...at(scene), head_sha: scene.head, status: 'failure' }),
        (found) => [found.total_count, found.workflow_runs],
      ),
    answer: { status: 200, body: [0, []] },
  }),
  callCase(APPROVE, 'a run that is not there is a 404', {
    run: (scene) => seen(scene.bot.request(APPROVE, { ...at(scene), run_id: 999 })),
    answer: { status: 404 },
  }),
  callCase(RERUN, 'a run that is not there is a 404', {
    run: (scene) => seen(scene.bot.request(RERUN, { ...at(scene), run_id: 999 })),
    answer: { status: 404 },
  }),
];
