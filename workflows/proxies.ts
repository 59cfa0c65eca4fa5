import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { DecidePorts, EffectPorts, TellPorts } from './ports.ts';

/** A worker says every other second that it is at work (workers/heartbeats.ts); after this it is taken for dead. */
export const WORKER_DIED = '10s';

/** Decides inside the workflow task where cheap API reads are enough (DESIGN §2.5). */
export const quickly = proxyLocalActivities<Pick<DecidePorts, 'decide'>>({
  startToCloseTimeout: '4s',
  retry: { maximumAttempts: 1 },
});

/** Decides with all the time that a clone or a slow GitHub takes. */
export const thoroughly = proxyActivities<DecidePorts>({
  startToCloseTimeout: '60s',
  heartbeatTimeout: WORKER_DIED,
  // Twice, for a worker that dies; what fails for reasons of its own holds its neighbours up no longer than that.
  retry: { initialInterval: '1s', maximumAttempts: 2 },
});

/** Carries an effect out while the mailbox waits: at most 20 s (DESIGN §2.6). */
export const soon = proxyActivities<EffectPorts>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '20s',
  retry: { initialInterval: '1s', maximumInterval: '5s' },
});

/** Carries a parked effect out, for up to a day, while the mailbox goes on. */
export const eventually = proxyActivities<EffectPorts>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '5s', maximumInterval: '5m' },
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
});

/** Messages to other workflows; Temporal itself is the only thing that can be in the way. */
export const { tell } = proxyActivities<TellPorts>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '30s' },
});

/** Dead letters: kept trying until the table takes them. */
export const { buryEvent } = proxyActivities<Pick<DecidePorts, 'buryEvent'>>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '1s', maximumInterval: '5m' },
});
