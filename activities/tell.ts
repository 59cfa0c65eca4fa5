import type { Client } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowNotFoundError } from '@temporalio/client';
import { CORE_QUEUE, ids, type Message } from '../workflows/contract.ts';
import type { TellPorts } from '../workflows/ports.ts';

/** The `tell` activity: one message, by signalWithStart, because a workflow cannot start its addressee. */
export function createTellActivity(client: Client): TellPorts {
  return { tell: (message) => deliver(client, message) };
}

/** Delivers a message; resolves when the server has it stored. */
export async function deliver(client: Client, message: Message): Promise<void> {
  if (message.to === 'job') {
    await signalRunning(client, ids.job(message.uuid), message);
    return;
  }
  if (message.to === 'mergePool' && isForAPoolThatExists(message)) {
    await signalRunning(client, addresseeOf(message), message);
    return;
  }
  await client.workflow.signalWithStart(message.to, {
    workflowId: addresseeOf(message),
    taskQueue: CORE_QUEUE,
    args: [message.input],
    signal: message.signal,
    signalArgs: [message.body],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
  });
}

/** A pool that is not there has no members to test and nobody to be told of: it need not be woken for this. */
function isForAPoolThatExists(message: Extract<Message, { to: 'mergePool' }>): boolean {
  return message.signal !== 'memberChanged';
}

function addresseeOf(message: Exclude<Message, { to: 'job' }>): string {
  switch (message.to) {
    case 'pullRequest':
      return ids.pullRequest(message.input.repository, message.input.number);
    case 'issue':
      return ids.issue(message.input.repository, message.input.number);
    case 'branch':
      return ids.branch(message.input.repository, message.input.ref);
    case 'commit':
      return ids.commit(message.input.repository, message.input.sha);
    case 'mergePool':
      return ids.pool(message.input.repository, message.input.branch);
    case 'slots':
      return ids.slots(message.input.kind, message.input.name);
    case 'config':
      return ids.config;
  }
}

/** A run that has ended, or a pool that has closed, needs no telling. */
async function signalRunning(
  client: Client,
  workflowId: string,
  message: Extract<Message, { to: 'job' | 'mergePool' }>,
): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).signal(message.signal, message.body);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
