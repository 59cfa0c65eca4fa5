import { proxyActivities } from '@temporalio/workflow';
import type { ConfigPorts } from './ports.ts';

/** What an activation rests on: a database that is away is waited for. */
export const { rememberedConfigs, inspectConfig, activateConfig } = proxyActivities<
  Pick<ConfigPorts, 'rememberedConfigs' | 'inspectConfig' | 'activateConfig'>
>({
  // A configuration of thousands of jobs is read twice in it.
  startToCloseTimeout: '60s',
  retry: { initialInterval: '500ms', maximumInterval: '15s' },
});

/** Looking and showing: what is missed now is done at the next look. */
export const { standingWorkers, publishConfig } = proxyActivities<
  Pick<ConfigPorts, 'standingWorkers' | 'publishConfig'>
>({
  startToCloseTimeout: '5s',
  scheduleToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '2s' },
});

/** Telling thousands takes minutes; a new worker goes on where the last one stopped. */
export const { tellConfigChanged } = proxyActivities<Pick<ConfigPorts, 'tellConfigChanged'>>({
  startToCloseTimeout: '2h',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '1s', maximumInterval: '30s' },
});
