import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { log, ParentClosePolicy, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import { ids } from './contract.ts';
import type { RunRequest } from './domain/run.ts';
import type { job } from './job.ts';

/**
 * Starts runs as workflows of their own, side by side. The id is made of the cause, so that a cause that
 * was heard before starts nothing.
 */
export async function startRuns(runs: readonly RunRequest[]): Promise<void> {
  await Promise.all(runs.map(startRun));
}

async function startRun(run: RunRequest): Promise<void> {
  try {
    await startChild<typeof job>('job', {
      workflowId: ids.job(run.uuid),
      args: [{ run }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    log.info('run exists already', { job: run.job, uuid: run.uuid });
  }
}
