import type { Migration } from './migration.ts';

/** Since when a repository is ours: pull requests that are older are adopted, not greeted (DESIGN §3). */
export const repositories = {
  number: 2,
  name: 'repositories',
  sql: `
CREATE TABLE repositories (
  org text NOT NULL,
  repo text NOT NULL,
  repository_id bigint NOT NULL DEFAULT 0,
  since timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX repositories_key ON repositories (lower(org), lower(repo));
`,
} as const satisfies Migration;
