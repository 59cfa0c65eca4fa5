import type { Effect } from '../../workflows/domain/effect.ts';
import type { Applied } from '../../workflows/ports.ts';
import type { Ask } from './client.ts';
import { asking, type EffectDependencies, type Order } from './effect-outcome.ts';
import { refusalOf } from './http/failure.ts';
import { allPages, repositoryPath } from './read/reading.ts';

type ActionsEffect = Extract<Effect, { kind: 'approve-workflow-runs' | 'rerun-workflow-runs' }>;

interface WorkflowRun {
  readonly id: number | bigint;
  readonly event: string;
  readonly status: string | null;
  readonly conclusion: string | null;
}

const APPROVED_EVENTS = new Set(['pull_request', 'pull_request_target']);
const RERUN_EVENTS = new Set([...APPROVED_EVENTS, 'workflow_call']);
const FINE = new Set(['success', 'skipped']);

function waits({ event, status, conclusion }: WorkflowRun): boolean {
  return APPROVED_EVENTS.has(event) && [status, conclusion].includes('action_required');
}

function failed({ event, status, conclusion }: WorkflowRun): boolean {
  return RERUN_EVENTS.has(event) && status === 'completed' && !FINE.has(conclusion ?? '');
}

async function runsOf(ask: Ask, order: Order<ActionsEffect>): Promise<readonly WorkflowRun[]> {
  const { effect } = order;
  return allPages(async (page) => {
    const { data, headers } = await ask('GET /repos/{owner}/{repo}/actions/runs', {
      ...repositoryPath(order.target.repository),
      head_sha: effect.headSha,
      ...(effect.kind === 'rerun-workflow-runs' ? { branch: effect.headRef } : {}),
      ...page,
    });
    return { items: data.workflow_runs, link: headers.link };
  });
}

/** A run that cannot be approved or rerun (any more) is no reason to leave the others. */
async function unlessRefused(steering: Promise<unknown>): Promise<void> {
  try {
    await steering;
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
  }
}

/** Approves workflow runs of GitHub Actions that wait, or reruns those that failed. */
export async function steerActions(
  dependencies: EffectDependencies,
  order: Order<ActionsEffect>,
): Promise<Applied> {
  const ask = asking(order, dependencies);
  const approves = order.effect.kind === 'approve-workflow-runs';
  const done: Applied = { kind: 'done', at: new Date().toISOString() };
  try {
    const runs = await runsOf(ask, order);
    for (const { id } of runs.filter(approves ? waits : failed)) {
      const run = { ...repositoryPath(order.target.repository), run_id: Number(id) };
      await unlessRefused(
        approves
          ? ask('POST /repos/{owner}/{repo}/actions/runs/{run_id}/approve', run)
          : ask('POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs', run),
      );
    }
    return done;
  } catch (error) {
    if (refusalOf(error)?.status === 404) return done;
    throw error;
  }
}
