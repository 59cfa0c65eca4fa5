import type { Migration } from './migration.ts';

/** The first schema: what the main job needs (DESIGN §7). Names compare in lower case, as on GitHub. */
export const first = {
  number: 1,
  name: 'first',
  sql: `
CREATE TABLE deliveries (
  id text PRIMARY KEY,
  guid text NOT NULL,
  event text NOT NULL,
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  received_at timestamptz NOT NULL
);
CREATE INDEX deliveries_received_at ON deliveries (received_at);
CREATE INDEX deliveries_guid ON deliveries (guid);

CREATE TABLE open_heads (
  org text NOT NULL,
  repo text NOT NULL,
  number integer NOT NULL,
  version bigint NOT NULL,
  repository_id bigint NOT NULL,
  head_sha text NOT NULL,
  base_ref text NOT NULL,
  state text NOT NULL,
  title text NOT NULL,
  author text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX open_heads_key ON open_heads (lower(org), lower(repo), number);
CREATE INDEX open_heads_sha ON open_heads (head_sha) WHERE state = 'open';

CREATE TABLE pull_requests (
  org text NOT NULL,
  repo text NOT NULL,
  number integer NOT NULL,
  version bigint NOT NULL,
  record jsonb NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX pull_requests_key ON pull_requests (lower(org), lower(repo), number);
CREATE INDEX pull_requests_changed_at ON pull_requests (changed_at DESC);

CREATE TABLE runs (
  uuid uuid PRIMARY KEY,
  version bigint NOT NULL,
  org text NOT NULL,
  repo text NOT NULL,
  number integer,
  job text NOT NULL,
  type text NOT NULL,
  state text NOT NULL,
  context text NOT NULL,
  build_id text NOT NULL,
  description text NOT NULL,
  author text NOT NULL,
  base_ref text NOT NULL,
  head_sha text NOT NULL,
  cluster text NOT NULL,
  url text NOT NULL,
  owner text NOT NULL,
  log_location text NOT NULL,
  prowjob jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  completed_at timestamptz
);
CREATE INDEX runs_newest ON runs (created_at DESC, uuid DESC);
CREATE INDEX runs_of_job ON runs (job, created_at DESC, uuid DESC);
CREATE INDEX runs_of_repository ON runs (lower(org), lower(repo), number, created_at DESC);
CREATE INDEX runs_of_build ON runs (build_id);
CREATE INDEX runs_unfinished ON runs (created_at) WHERE completed_at IS NULL;

CREATE TABLE decisions (
  id text PRIMARY KEY,
  entity text NOT NULL,
  at timestamptz NOT NULL,
  config_hash text NOT NULL,
  events jsonb NOT NULL,
  effects jsonb NOT NULL,
  reasons jsonb NOT NULL
);
CREATE INDEX decisions_of_entity ON decisions (entity, at DESC, id DESC);
CREATE INDEX decisions_at ON decisions (at);

CREATE TABLE dead_letters (
  id text PRIMARY KEY,
  entity text NOT NULL,
  at timestamptz NOT NULL,
  attempts integer NOT NULL,
  event jsonb NOT NULL,
  error text NOT NULL,
  resolved_at timestamptz
);
CREATE INDEX dead_letters_waiting ON dead_letters (at DESC) WHERE resolved_at IS NULL;

CREATE TABLE pools (
  org text NOT NULL,
  repo text NOT NULL,
  branch text NOT NULL,
  version bigint NOT NULL,
  snapshot jsonb NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX pools_key ON pools (lower(org), lower(repo), branch);

CREATE TABLE merge_history (
  key text PRIMARY KEY,
  org text NOT NULL,
  repo text NOT NULL,
  branch text NOT NULL,
  at timestamptz NOT NULL,
  record jsonb NOT NULL
);
CREATE INDEX merge_history_of_pool ON merge_history (lower(org), lower(repo), branch, at DESC, key DESC);
CREATE INDEX merge_history_at ON merge_history (at DESC, key DESC);

CREATE TABLE verdicts (
  tree text NOT NULL,
  job text NOT NULL,
  spec_hash text NOT NULL,
  state text NOT NULL CHECK (state IN ('success', 'failure')),
  run uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tree, job, spec_hash)
);

CREATE TABLE config_contents (
  hash text PRIMARY KEY,
  content text NOT NULL
);
CREATE TABLE config_snapshots (
  number bigint PRIMARY KEY,
  hash text NOT NULL REFERENCES config_contents (hash),
  activated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE etags (
  key text PRIMARY KEY,
  etag text NOT NULL,
  status integer NOT NULL,
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  used_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX etags_used_at ON etags (used_at DESC);

CREATE TABLE budgets (
  installation text NOT NULL,
  resource text NOT NULL,
  remaining integer NOT NULL,
  reset_at timestamptz NOT NULL,
  PRIMARY KEY (installation, resource)
);
`,
} satisfies Migration;
