import type { Migration } from './migration.ts';

/** What the `config` workflow shows and has decided, and which workers stand where (docs/decisions/0009). */
export const configuration = {
  number: 3,
  name: 'configuration',
  sql: `
ALTER TABLE config_snapshots ADD COLUMN activated_by text NOT NULL DEFAULT '';
ALTER TABLE config_snapshots ADD COLUMN why text NOT NULL DEFAULT '';

CREATE TABLE config_state (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  state jsonb NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE config_workers (
  worker text PRIMARY KEY,
  hash text NOT NULL,
  number bigint NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE config_events (
  key text PRIMARY KEY,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  hash text NOT NULL,
  number bigint NOT NULL,
  actor text NOT NULL,
  text text NOT NULL
);
CREATE INDEX config_events_at ON config_events (at DESC, key DESC);
`,
} as const satisfies Migration;
