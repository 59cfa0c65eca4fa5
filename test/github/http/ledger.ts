/** One request that GitHub was asked. */
export interface LedgerEntry {
  readonly time: string;
  readonly client: string;
  readonly purpose: string;
  readonly method: string;
  readonly route: string;
  readonly path: string;
  readonly status: number;
  readonly bytes: number;
  readonly durationMs: number;
}

/** Every request since the last reset, oldest first, and the routes that were missing. */
export interface Ledger {
  record(entry: LedgerEntry): void;
  recordMissing(route: string): void;
  entries(): readonly LedgerEntry[];
  missing(): Readonly<Record<string, number>>;
  reset(): void;
}

const KEPT = 200_000;

/** An empty ledger. */
export function createLedger(): Ledger {
  let entries: LedgerEntry[] = [];
  let missing: Record<string, number> = {};
  return {
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
    },
  };
}
