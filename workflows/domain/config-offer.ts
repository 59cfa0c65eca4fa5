/** What is wrong with a file, for people who did not ask for it: one line of a log, a page, a comment. */
export interface ConfigProblem {
  readonly file: string;
  /** Counted from 1; 0 where no line can be named. */
  readonly line: number;
  /** Path inside the file; empty for the file as a whole. */
  readonly field: string;
  /** The reason and what to do, in words. */
  readonly text: string;
}

/** Why files are not taken; `total` counts those that are left out as well. */
export interface ConfigFault {
  readonly problems: readonly ConfigProblem[];
  readonly total: number;
}

/** A worker loaded its files: they are good, and what they say is stored under their hash. */
export interface ConfigOffer {
  /** Another one for every process. */
  readonly worker: string;
  /** Grows with everything that the worker tells; milliseconds at first, so that it grows over restarts too. */
  readonly sequence: number;
  /** ISO 8601. */
  readonly at: string;
  /** The worker found it when it started, or saw its files change to it. */
  readonly cause: 'start' | 'change';
  readonly hash: string;
  /** The share of jobs or repositories, 0 to 1, above which a loss has to be confirmed. */
  readonly dropLimit: number;
  /** How long all workers must stand on an older configuration before it comes back; milliseconds. */
  readonly rollbackAfterMs: number;
}

/** A worker's files do not load: it stays with what is active. */
export interface ConfigComplaint extends ConfigFault {
  readonly worker: string;
  readonly sequence: number;
  readonly at: string;
}

/** A worker ends: its files count no more. */
export interface ConfigFarewell {
  readonly worker: string;
}

/** What a person decided about a configuration that waits; the hash may be cut, to 8 digits at least. */
export interface ConfigVerdict {
  readonly hash: string;
  /** Who says so. */
  readonly by: string;
}

/** What became of it, in words; `number` is set when the configuration is active now. */
export interface ConfigVerdictResult {
  readonly hash: string;
  readonly number?: number;
  readonly text: string;
}

/** What a change drops. */
export interface ConfigLoss {
  readonly before: number;
  readonly after: number;
  readonly dropped: number;
  /** Names of what is dropped, sorted; not all of them if there are very many. */
  readonly names: readonly string[];
}

/** What was found when a configuration was looked at, compared with the active one. */
export type ConfigInspection =
  | ({ readonly kind: 'refused' } & ConfigFault)
  | { readonly kind: 'good'; readonly jobs: ConfigLoss; readonly repositories: ConfigLoss };

/** The share of what was there that is dropped; 0 if nothing was there. */
export function shareOf({ before, dropped }: ConfigLoss): number {
  return before === 0 ? 0 : dropped / before;
}

/** A share in words: `40 of 100 jobs (40 %)`. */
export function lossText(what: string, loss: ConfigLoss): string {
  const percent = Math.round(shareOf(loss) * 1000) / 10;
  return `${loss.dropped} of ${loss.before} ${what} (${percent} %)`;
}
