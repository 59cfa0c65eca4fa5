import { proxyActivities } from '@temporalio/workflow';
import type { Purged, PurgePorts } from './ports.ts';

const { purgeStored } = proxyActivities<PurgePorts>({
  startToCloseTimeout: '5m',
  scheduleToCloseTimeout: '30m',
  retry: { initialInterval: '5s', maximumInterval: '5m' },
});

/** Throws away what is kept for a while only; started by a schedule. */
export async function purge(): Promise<Purged> {
  return purgeStored();
}
