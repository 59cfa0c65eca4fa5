import type { RunPublication } from '../../workflows/ports.ts';
import type { RenderedRun } from '../rendered-run.ts';

/** A transition of a run, as reporters hear of it. */
export interface RunNews {
  readonly publication: RunPublication;
  /** Nothing if there can be no such run: its job is gone, or nobody runs its kind. */
  readonly rendered: RenderedRun | undefined;
  /** The ProwJob object, in Prow's shape; nothing if it is not rendered. */
  readonly prowjob: unknown;
  /** A try before may have told it, its answer being lost or late. */
  readonly again: boolean;
}

/**
 * Somebody who is told of runs. It is asked at every transition, tried again by itself until it has taken the
 * newest state, and never hears an older state after a newer one; what it was told last is kept in the ledger
 * (`run_reports`, Prow's `prev_report_states`), so that nothing is told twice.
 */
export interface Reporter {
  /** The key in `prev_report_states` (J§1.6). */
  readonly name: string;
  /** Whether this state of this run is told at all. */
  wants(news: RunNews): boolean;
  /** What is told, to know it again: the same is not told a second time. Without it, the run's state. */
  mark?(news: RunNews): string;
  /**
   * Tells it, within some seconds. Throws `ReportRefused` for what trying again cannot mend; every other error
   * is tried again, for a day.
   */
  report(news: RunNews): Promise<void>;
}

/** The other side will not take it, however often it is asked; the message says why and what to do. */
export class ReportRefused extends Error {
  override readonly name = 'ReportRefused';
}
