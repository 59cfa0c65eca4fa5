import { z } from 'zod';
import { decorationConfig } from './decoration.ts';
import type { DeepReadonly } from './fields.ts';
import {
  count,
  flag,
  raw,
  scalar,
  scalars,
  text,
  textByKey,
  texts,
  typed,
  whole,
} from './fields.ts';
import { podSpec } from './pod-spec.ts';
import { refs } from './refs.ts';

const prowjobDefaults = z.object({
  resultstore_config: z
    .object({ project_id: text.optional() })
    .optional()
    .describe('Where results are uploaded.'),
  tenant_id: text.optional().describe('Tenant that the run belongs to.'),
});

/** What every kind of job has (J§4.3). */
const jobBase = z.object({
  name: text.default('').describe('Name: letters, digits, `-`, `.` and `_`; 63 at most.'),
  labels: textByKey
    .default({})
    .describe('Labels of the run and its pod; they also choose presets.'),
  annotations: textByKey.default({}).describe('Annotations of the run and its pod.'),
  max_concurrency: count.default(0).describe('How many run at once; 0 for no limit.'),
  agent: text
    .default('')
    .describe('Who runs it: kubernetes, tekton-pipeline or jenkins; kubernetes unless given.'),
  cluster: text.default('').describe('Build cluster; default unless given.'),
  namespace: text.default('').describe('Namespace of its pods; only pod_namespace will do.'),
  error_on_eviction: flag
    .default(false)
    .describe('An evicted pod is an error, and is not started again.'),
  spec: podSpec.optional().describe('What it runs.'),
  pipeline_run_spec: raw.optional().describe('The pipeline of the agent tekton-pipeline.'),
  tekton_pipeline_run_spec: raw.optional().describe('The same, with its version.'),
  reporter_config: typed('ReporterConfig', {}).optional().describe('Where else it reports: slack.'),
  rerun_auth_config: typed('RerunAuthConfig', {})
    .optional()
    .describe('Who may rerun it from the pages.'),
  hidden: flag.default(false).describe('It is shown on hidden pages only.'),
  prowjob_defaults: prowjobDefaults.optional().describe('What the run starts from.'),
  job_queue_name: text.optional().describe('A queue of plank.job_queue_capacities that it shares.'),
  decorate: flag
    .optional()
    .describe('It uses the pod utilities; as decorate_all_jobs unless given.'),
  path_alias: text.optional().describe('Import path that the repository is cloned to.'),
  clone_uri: text.optional().describe('Where the repository is cloned from.'),
  skip_submodules: flag.optional().describe('Submodules are left out.'),
  clone_depth: whole.optional().describe('How many commits are cloned; 0 for all.'),
  skip_fetch_head: flag.optional().describe('HEAD is not fetched.'),
  extra_refs: z.array(refs).optional().describe('More repositories to clone.'),
  decoration_config: decorationConfig.optional().describe('How the pod utilities are set.'),
});

const changeMatched = {
  branches: texts.describe('Branches that it runs on, RE2; all if empty.'),
  skip_branches: texts.describe('Branches that it does not run on, RE2; they win.'),
  run_if_changed: text.default('').describe('It runs if a changed path matches, RE2.'),
  skip_if_only_changed: text.default('').describe('It runs unless all changed paths match, RE2.'),
};

/** A presubmit as a file has it. */
export const presubmit = jobBase.extend({
  ...changeMatched,
  always_run: flag.default(false).describe('It runs for every pull request.'),
  optional: flag.default(false).describe('Merging does not need it.'),
  trigger: scalar.default('').describe('Comments that start it, RE2; `/test NAME` unless given.'),
  rerun_command: scalar.default('').describe('What people are told to type.'),
  run_before_merge: flag.default(false).describe('Tide runs it before merging, whatever changed.'),
  context: text.default('').describe('Name of the status; the name of the job unless given.'),
  skip_report: flag.default(false).describe('It sets no status, and merging does not need it.'),
  jenkins_spec: typed('JenkinsSpec', {}).optional().describe('What the agent jenkins starts.'),
});

/** A postsubmit as a file has it; `always_run` has three states. */
export const postsubmit = jobBase.extend({
  ...changeMatched,
  always_run: flag
    .optional()
    .describe('It runs after every push; true unless it matches changed files.'),
  context: text.default('').describe('Name of the status; the name of the job unless given.'),
  skip_report: flag.default(false).describe('It sets no status.'),
  jenkins_spec: typed('JenkinsSpec', {}).optional().describe('What the agent jenkins starts.'),
});

/** A periodic as a file has it. */
export const periodic = jobBase.extend({
  interval: scalar.default('').describe('Time from start to start.'),
  minimum_interval: scalar.default('').describe('Time from end to start.'),
  cron: scalar
    .default('')
    .describe('Schedule of five fields, or six with seconds, or `@daily`, `@every 2h`; UTC.'),
  tags: scalars.describe('Words that group it.'),
  retry: raw.optional().describe('How often it is tried again.'),
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
