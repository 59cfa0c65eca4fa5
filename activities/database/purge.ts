import type { PurgePorts } from '../../workflows/ports.ts';
import type { Queryable } from './database.ts';
import { purgeDeliveries } from './deliveries.ts';
import { trimEtags } from './etags.ts';
import { purgeClosedHeads } from './open-heads.ts';

/** GitHub repeats deliveries for three days: until long after that, a late one finds the version of a closed head. */
const KEEP_CLOSED_MS = 30 * 86_400_000;
const MOST_ETAG_BYTES = 200 * 1024 * 1024;

/** The activity that throws away what is kept for a while only. */
export function createPurgeActivities(db: Queryable): PurgePorts {
  return {
    purgeStored: async () => ({
      deliveries: await purgeDeliveries(db),
      closedHeads: await purgeClosedHeads(db, new Date(Date.now() - KEEP_CLOSED_MS)),
      etags: await trimEtags(db, MOST_ETAG_BYTES),
    }),
  };
}
