import type { AsRow, Queryable } from './database.ts';
import { toJson } from './json-text.ts';

/** A webhook as it came, kept for a week: bodies of events are read from here, external plugins get it as it was. */
export interface DeliveryRecord {
  /** GUID and id of the hook that sent it: two hooks may deliver one GUID. */
  readonly id: string;
  readonly guid: string;
  readonly event: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly receivedAt: string;
}

/** GitHub's own headers and what an external plugin needs; an authorisation or cookie is never stored. */
const KEPT = /^(x-github-|x-hub-signature|content-type$|user-agent$|accept$)/;

const KEEP_DAYS = 7;
const CHUNK = 500;

/** The id under which a delivery is stored. */
export function deliveryId(guid: string, hookTargetId: string): string {
  return hookTargetId === '' ? guid : `${guid}@${hookTargetId}`;
}

/** Stores a delivery; `false` if it was there already. */
export async function storeDelivery(db: Queryable, delivery: DeliveryRecord): Promise<boolean> {
  const headers = Object.entries(delivery.headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => KEPT.test(name));
  const rows = await db.query(
    `INSERT INTO deliveries (id, guid, event, headers, body, received_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING RETURNING 1`,
    [
      delivery.id,
      delivery.guid,
      delivery.event,
      toJson(Object.fromEntries(headers)),
      delivery.body,
      delivery.receivedAt,
    ],
  );
  return rows.length > 0;
}

/** The stored delivery, as long as it is kept. */
export async function readDelivery(db: Queryable, id: string): Promise<DeliveryRecord | undefined> {
  const [row] = await db.query<AsRow<DeliveryRecord>>(
    `SELECT id, guid, event, headers, body, received_at AS "receivedAt" FROM deliveries WHERE id = $1`,
    [id],
  );
  return row;
}

/** Deletes what is older than a week, in small steps; returns how many went. */
export async function purgeDeliveries(db: Queryable, now: Date = new Date()): Promise<number> {
  const before = new Date(now.getTime() - KEEP_DAYS * 86_400_000);
  let purged = 0;
  for (;;) {
    const rows = await db.query(
      `DELETE FROM deliveries WHERE id IN
         (SELECT id FROM deliveries WHERE received_at < $1 ORDER BY received_at LIMIT $2) RETURNING 1`,
      [before, CHUNK],
    );
    purged += rows.length;
    if (rows.length < CHUNK) return purged;
  }
}
