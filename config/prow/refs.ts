import { z } from 'zod';
import type { DeepReadonly } from './fields.ts';
import { flag, text, whole } from './fields.ts';

const pull = z.object({
  number: whole.default(0),
  author: text.default(''),
  sha: text.default(''),
  title: text.optional(),
  ref: text.optional(),
  head_ref: text.optional(),
  link: text.optional(),
  commit_link: text.optional(),
  author_link: text.optional(),
});

/** Code to clone: Prow's `Refs`, its keys in Prow's order, which the pod utilities' options show (J§1.1.1). */
export const refs = z.object({
  org: text.default('').describe('Owner of the repository.'),
  repo: text.default('').describe('The repository.'),
  repo_link: text.optional().describe('Link to it.'),
  base_ref: text.default('').describe('Branch or tag to clone.'),
  base_sha: text.optional().describe('Commit to clone.'),
  base_link: text.optional().describe('Link to that.'),
  pulls: z.array(pull).optional().describe('Pull requests that are merged into it.'),
  path_alias: text.optional().describe('Import path it is cloned to.'),
  workdir: flag.optional().describe('The job starts in it.'),
  auxiliary: flag.optional().describe('It is no code under test.'),
  clone_uri: text.optional().describe('Where it is cloned from.'),
  skip_submodules: flag.optional().describe('Submodules are left out.'),
  clone_depth: whole.optional().describe('How many commits; 0 for all.'),
  skip_fetch_head: flag.optional().describe('HEAD is not fetched.'),
  blobless_fetch: flag.optional().describe('Files are fetched as they are needed.'),
  sparse_checkout_files: z.array(text).optional().describe('The only files that are checked out.'),
});

/** One of a job's `extra_refs`: more code to clone. */
export type ExtraRefs = DeepReadonly<z.infer<typeof refs>>;
