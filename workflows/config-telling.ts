import { isCancellation, log } from '@temporalio/workflow';
import { publishConfig, tellConfigChanged } from './config-proxies.ts';
import type { ConfigOffice } from './config-steps.ts';
import { activeOf } from './domain/config-state.ts';

/** Tells whom the active configuration concerns, beside everything else; one telling at a time. */
export function keepTelling(office: ConfigOffice): void {
  const active = activeOf(office.state);
  const { told } = office.state;
  if (active === undefined || office.telling || told?.number === active.number) return;
  const { number, hash } = active;
  if (told === undefined || told.hash === hash) {
    office.state = { ...office.state, told: { number, hash } };
    return;
  }
  office.telling = true;
  void tellConfigChanged({ number, from: told.hash, to: hash })
    .then((isWhole) => {
      // Half told, everybody is told anew of what changed since the last whole telling.
      if (isWhole) office.state = { ...office.state, told: { number, hash } };
    })
    .catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      log.error('nobody could be told of the configuration', { number, error: String(error) });
      office.state = { ...office.state, told: { number, hash } };
    })
    .finally(() => {
      office.telling = false;
      // Wakes the loop, which looks whether there is more to tell.
      office.inbox.push(async () => {});
    });
}

/** Tells the pages if anything is new, and writes the audit down; while the database is away it waits. */
export async function publish(office: ConfigOffice): Promise<void> {
  const { state } = office;
  const content = JSON.stringify(state);
  if (content === office.published) return;
  try {
    await publishConfig(state);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('configuration not published');
    office.published = '';
    return;
  }
  const written = new Set(state.unrecorded.map(({ key }) => key));
  office.state = {
    ...office.state,
    unrecorded: office.state.unrecorded.filter(({ key }) => !written.has(key)),
  };
  office.published = JSON.stringify(office.state);
}
