/** One request that GitHub was asked. */
export interface LedgerEntry {
  readonly time: string;
  readonly client: string;
  readonly purpose: string;
  readonly method: string;
  readonly route: string;
  readonly path: string;
  /** 0 if the client saw no answer. */
  readonly status: number;
  /** What it took from the primary limit: 1, points of GraphQL, or nothing. */
  readonly cost: number;
  /** Of the answer. */
  readonly bytes: number;
  readonly durationMs: number;
}

/** Something that changed, by whichever way: REST, GraphQL, git, a page or the control API. */
export interface WriteEvent {
  readonly time: string;
  readonly actor: string;
  /** As the webhook is named: `pull_request.labeled`. */
  readonly event: string;
  /** `ORG/REPO`, or the organisation. */
  readonly place: string;
  /** Which one: `#7 lgtm`, a SHA and context. */
  readonly about: string;
}

/** Every request since the last reset, oldest first, and the routes that were missing. */
export interface Ledger {
  record(entry: LedgerEntry): void;
  recordMissing(route: string): void;
  recordWrite(event: WriteEvent): void;
  writes(): readonly WriteEvent[];
  entries(): readonly LedgerEntry[];
  missing(): Readonly<Record<string, number>>;
  reset(): void;
}

const KEPT = 200_000;

/** An empty ledger. */
export function createLedger(): Ledger {
  let entries: LedgerEntry[] = [];
  let missing: Record<string, number> = {};
  let writes: WriteEvent[] = [];
  return {
    recordWrite(event) {
      writes.push(event);
      if (writes.length > KEPT) writes = writes.slice(KEPT / 2);
    },
    writes: () => writes,
    record(entry) {
      entries.push(entry);
      if (entries.length > KEPT) entries = entries.slice(KEPT / 2);
    },
    recordMissing(route) {
      missing[route] = (missing[route] ?? 0) + 1;
    },
    entries: () => entries,
    missing: () => missing,
    reset() {
      entries = [];
      missing = {};
      writes = [];
    },
  };
}
