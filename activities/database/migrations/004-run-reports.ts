import type { Migration } from './migration.ts';

/** What each reporter has told of each run: Prow's `prev_report_states`, and why one could not. */
export const runReports = {
  number: 4,
  name: 'run reports',
  sql: `
CREATE TABLE run_reports (
  uuid uuid NOT NULL,
  reporter text NOT NULL,
  version integer NOT NULL,
  state text NOT NULL,
  mark text NOT NULL,
  problem text NOT NULL DEFAULT '',
  reported_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (uuid, reporter)
);
`,
} as const satisfies Migration;
