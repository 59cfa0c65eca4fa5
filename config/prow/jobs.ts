import { z } from 'zod';
import { decorationConfig } from './decoration.ts';
import type { DeepReadonly } from './fields.ts';
import { count, flag, raw, text, textByKey, texts, whole } from './fields.ts';
import { podSpec } from './pod-spec.ts';

const extraRefs = z.object({
  org: text.default(''),
  repo: text.default(''),
  repo_link: text.optional(),
  base_ref: text.default(''),
  base_sha: text.optional(),
  base_link: text.optional(),
  path_alias: text.optional(),
  workdir: flag.optional(),
  auxiliary: flag.optional(),
  clone_uri: text.optional(),
  skip_submodules: flag.optional(),
  clone_depth: whole.optional(),
  skip_fetch_head: flag.optional(),
  blobless_fetch: flag.optional(),
  sparse_checkout_files: z.array(text).optional(),
});

/** One of a job's `extra_refs`: more code to clone. */
export type ExtraRefs = DeepReadonly<z.infer<typeof extraRefs>>;

const prowjobDefaults = z.object({
  resultstore_config: raw.optional(),
  tenant_id: text.optional(),
});

/** What every kind of job has (J§4.3). */
const jobBase = z.object({
  name: text.default(''),
  labels: textByKey.default({}),
  annotations: textByKey.default({}),
  max_concurrency: count.default(0),
  agent: text.default('kubernetes'),
  cluster: text.default('default'),
  namespace: text.optional(),
  error_on_eviction: flag.default(false),
  spec: podSpec.optional(),
  pipeline_run_spec: raw.optional(),
  tekton_pipeline_run_spec: raw.optional(),
  reporter_config: raw.optional(),
  rerun_auth_config: raw.optional(),
  hidden: flag.default(false),
  prowjob_defaults: prowjobDefaults.optional(),
  job_queue_name: text.optional(),
  decorate: flag.optional(),
  path_alias: text.optional(),
  clone_uri: text.optional(),
  skip_submodules: flag.optional(),
  clone_depth: whole.optional(),
  skip_fetch_head: flag.optional(),
  extra_refs: z.array(extraRefs).optional(),
  decoration_config: decorationConfig.optional(),
});

const changeMatched = {
  branches: texts,
  skip_branches: texts,
  run_if_changed: text.default(''),
  skip_if_only_changed: text.default(''),
};

/** A presubmit as a file has it. */
export const presubmit = jobBase.extend({
  ...changeMatched,
  always_run: flag.default(false),
  optional: flag.default(false),
  trigger: text.default(''),
  rerun_command: text.default(''),
  run_before_merge: flag.default(false),
  context: text.default(''),
  skip_report: flag.default(false),
  jenkins_spec: raw.optional(),
});

/** A postsubmit as a file has it; `always_run` has three states. */
export const postsubmit = jobBase.extend({
  ...changeMatched,
  always_run: flag.optional(),
  context: text.default(''),
  skip_report: flag.default(false),
  jenkins_spec: raw.optional(),
});

/** A periodic as a file has it. */
export const periodic = jobBase.extend({
  interval: text.default(''),
  minimum_interval: text.default(''),
  cron: text.default(''),
  tags: texts,
  retry: raw.optional(),
});

/** The parts of a job files' `presubmits`, `postsubmits` and `periodics` that all kinds share. */
export type JobBase = DeepReadonly<z.infer<typeof jobBase>> & {
  readonly namespace: string;
};

interface Reported {
  /** GitHub status context; the job's name unless configured. */
  readonly context: string;
  readonly skip_report: boolean;
  readonly branches: readonly string[];
  readonly skip_branches: readonly string[];
  /** RE2; empty if not configured. */
  readonly run_if_changed: string;
  /** RE2; empty if not configured. */
  readonly skip_if_only_changed: string;
}

/** A job of pull requests, all defaults applied (J§4.3). */
export interface Presubmit extends JobBase, Reported {
  readonly always_run: boolean;
  readonly optional: boolean;
  /** RE2 on a comment that asks for this job. */
  readonly trigger: string;
  readonly rerun_command: string;
  readonly run_before_merge: boolean;
  /** A pull request needs it: neither optional nor `skip_report`. */
  readonly required: boolean;
}

/** A job of pushes, all defaults applied. */
export interface Postsubmit extends JobBase, Reported {
  /** Absent: runs unless a change matcher says otherwise. */
  readonly always_run?: boolean | undefined;
}

/** A job of the clock. */
export type Periodic = JobBase & DeepReadonly<z.infer<typeof periodic>>;

/** Any job. */
export type Job = Presubmit | Postsubmit | Periodic;

/** All jobs; presubmits and postsubmits by `org/repo`, as the files spell it. */
export interface JobConfig {
  readonly presubmits: Readonly<Record<string, readonly Presubmit[]>>;
  readonly postsubmits: Readonly<Record<string, readonly Postsubmit[]>>;
  readonly periodics: readonly Periodic[];
}
