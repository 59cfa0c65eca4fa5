/** One try of GitHub's to deliver an event to a hook; the tries of one event share its GUID. */
export interface DeliveryTry {
  readonly id: number;
  readonly guid: string;
  /** ISO 8601. */
  readonly deliveredAt: string;
  readonly outcome: 'delivered' | 'failed' | 'pending';
}

/** What a pass over a hook's deliveries has to do. */
export interface RedeliveryPlan {
  /** Ids of the tries that GitHub shall repeat, oldest first: the order in which the events happened. */
  readonly redeliver: readonly number[];
  /** Events that GitHub will not deliver again. */
  readonly givenUp: readonly string[];
  /** From here the next pass looks: nothing older is still to be done. */
  readonly watermark: string;
}

/** GitHub repeats deliveries of the past three days only. */
const REPEATABLE_MS = 3 * 24 * 3_600_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** GitHub lists a delivery when it has ended, up to ten seconds after its time, and our clocks differ. */
const SLACK_MS = 120_000;

/** Which deliveries of a hook are to be repeated now: those that never succeeded, at growing intervals. */
export function planRedelivery(
  tries: readonly DeliveryTry[],
  { since, now }: { readonly since: string; readonly now: number },
): RedeliveryPlan {
  const missed = [...byEvent(tries)].filter(
    ([, those]) => !those.some(({ outcome }) => outcome === 'delivered'),
  );
  const lost = missed.filter(([, those]) => now - timeOf(those[0]) > REPEATABLE_MS);
  const open = missed.filter(([, those]) => now - timeOf(those[0]) <= REPEATABLE_MS);
  const due = open.flatMap(([, those]) => (isDue(those, now) ? those.slice(-1) : []));
  const oldestOpen = Math.min(now - SLACK_MS, ...open.map(([, those]) => timeOf(those[0])));
  return {
    redeliver: due.map(({ id }) => id),
    givenUp: lost.map(([guid]) => guid),
    watermark: new Date(Math.max(Date.parse(since), oldestOpen)).toISOString(),
  };
}

/** The tries of each event, oldest first, events in the order of their first try. */
function byEvent(tries: readonly DeliveryTry[]): ReadonlyMap<string, readonly DeliveryTry[]> {
  const events = new Map<string, DeliveryTry[]>();
  for (const one of [...tries].sort((a, b) => timeOf(a) - timeOf(b) || a.id - b.id)) {
    events.set(one.guid, [...(events.get(one.guid) ?? []), one]);
  }
  return events;
}

function isDue(tries: readonly DeliveryTry[], now: number): boolean {
  const last = tries.at(-1);
  if (last === undefined || last.outcome === 'pending') return false;
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (tries.length - 1), LONGEST_PAUSE_MS);
  return now - timeOf(last) >= pause;
}

function timeOf(one: DeliveryTry | undefined): number {
  return one === undefined ? 0 : Date.parse(one.deliveredAt);
}
