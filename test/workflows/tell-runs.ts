import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { ids, type Message } from '../../workflows/contract.ts';
import type { RunReport } from '../../workflows/domain/run.ts';

/** `tell` for a world of runs: slots and jobs are workflows, and what owners hear is collected. */
export function createTell(client: Client, taskQueue: string, reports: RunReport[]) {
  return async (message: Message): Promise<void> => {
    if (message.to === 'slots') await askSlots(client, taskQueue, message);
    else if (message.to === 'job') await signalJob(client, message);
    else reports.push(...reportsIn(message));
  };
}

async function askSlots(
  client: Client,
  taskQueue: string,
  { input, signal, body }: Extract<Message, { to: 'slots' }>,
): Promise<void> {
  const workflowId = ids.slots(input.kind, input.name);
  const args: [typeof input] = [input];
  const signalArgs: [typeof body] = [body];
  await client.workflow.signalWithStart('slots', {
    workflowId,
    taskQueue,
    args,
    signal,
    signalArgs,
  });
}

async function signalJob(
  client: Client,
  { uuid, signal, body }: Extract<Message, { to: 'job' }>,
): Promise<void> {
  const handle = client.workflow.getHandle(ids.job(uuid));
  await handle.signal(signal, body).catch((error: unknown) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  });
}

function reportsIn(message: Message): readonly RunReport[] {
  if (message.to === 'mergePool') return 'uuid' in message.body ? [message.body] : [];
  if (message.to !== 'pullRequest' || !('events' in message.body)) return [];
  return message.body.events.flatMap((event) => (event.kind === 'run-changed' ? [event.run] : []));
}
