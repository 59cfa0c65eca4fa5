import type { Repo } from './model.ts';

/** Past states of repositories, kept only while reads are told to lag. */
export interface History {
  /** Keeps the state before a write. */
  remember(repo: Repo): void;
  /** The repository as it was so many milliseconds ago. */
  asOf(repo: Repo, lagMs: number): Repo;
  clear(): void;
}

const KEPT_MS = 120_000;

/** An empty history; `recording` says whether anybody will ask. */
export function createHistory(recording: () => boolean): History {
  const past = new Map<number, { readonly until: number; readonly repo: Repo }[]>();
  return {
    remember(repo) {
      if (!recording()) return;
      const now = Date.now();
      const kept = (past.get(repo.id) ?? []).filter((entry) => entry.until > now - KEPT_MS);
      past.set(repo.id, [...kept, { until: now, repo: structuredClone(repo) }]);
    },
    asOf(repo, lagMs) {
      const moment = Date.now() - lagMs;
      return past.get(repo.id)?.find((entry) => entry.until > moment)?.repo ?? repo;
    },
    clear() {
      past.clear();
    },
  };
}
