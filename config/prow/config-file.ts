import { z } from 'zod';
import { branchProtection } from './branch-protection.ts';
import { components } from './components.ts';
import { decorationConfig, decorationEntry } from './decoration.ts';
import type { DeepReadonly } from './fields.ts';
import { count, duration, flag, raw, text, textByKey, texts, whole } from './fields.ts';
import { preset } from './pod-spec.ts';
import { tide } from './tide.ts';

const plank = z.object({
  job_url_template: text.default('').describe('Go template of the link to a run.'),
  report_template: text.optional().describe('Deprecated: as report_templates, for all.'),
  report_templates: textByKey
    .default({})
    .describe('Go template that ends a comment on failures, by `*`, organisation or repository.'),
  max_concurrency: count.default(0).describe('How many runs at once; 0 for no limit.'),
  max_goroutines: count.default(20).describe('How many runs are dealt with at once.'),
  pod_pending_timeout: duration.default('10m0s').describe('How long a pod may wait to start.'),
  pod_running_timeout: duration.default('48h0m0s').describe('How long a pod may run.'),
  pod_unscheduled_timeout: duration.default('5m0s').describe('How long a pod may wait for a node.'),
  max_revivals: whole.default(3).describe('How often a lost pod is started again.'),
  default_decoration_configs: z
    .record(z.string(), decorationConfig)
    .default({})
    .describe('How jobs are decorated, by `*`, organisation or repository; or the entries below.'),
  default_decoration_config_entries: z
    .array(decorationEntry)
    .default([])
    .describe('How jobs are decorated; all that fit are merged, later ones win.'),
  job_url_prefix_config: textByKey
    .default({})
    .describe('Start of links to runs, by `*`, organisation or repository.'),
  jobURLPrefixDisableAppendStorageProvider: flag
    .default(false)
    .describe('The link does not name the kind of storage.'),
  build_cluster_status_file: text
    .default('')
    .describe('Where the states of the build clusters are written.'),
  job_queue_capacities: z
    .record(z.string(), whole)
    .default({})
    .describe('How many runs of a queue at once.'),
});

const deck = z.looseObject({
  spyglass: raw.optional().describe("How a run's page shows its artifacts."),
  tide_update_period: duration.default('10s').describe('How often the merge pools are shown anew.'),
  hidden_repos: texts.describe('Repositories shown on hidden pages only.'),
  rerun_auth_configs: raw.optional().describe('Deprecated: who may rerun, by repository.'),
  default_rerun_auth_configs: z
    .array(raw)
    .optional()
    .describe('Who may rerun; the last that fits wins.'),
  skip_storage_path_validation: flag.default(true).describe('Any bucket may be shown.'),
  additional_allowed_buckets: texts.describe('Buckets that may be shown.'),
});

// Folders whose OWNERS files do not count.
const ownersDirDenylist = z.object({
  repos: z.record(z.string(), texts).default({}).describe('By repository: folders, RE2.'),
  default: texts.describe('Folders everywhere, RE2.'),
  ignore_preconfigured_defaults: flag.default(false).describe('The built-in folders count.'),
});

/** `config.yaml` without its jobs (J§4.2); sections that only later parts read are kept as they are. */
export const prowConfig = z.object({
  presets: z.array(preset).default([]),
  decorate_all_jobs: flag.default(false),
  plank: plank.default(plank.parse({})).describe('Running jobs.'),
  tide: tide.default(tide.parse({})).describe('Merging.'),
  deck: deck.default(deck.parse({})).describe('The pages.'),
  'branch-protection': branchProtection.default(branchProtection.parse({})),
  github_reporter: z
    .object({
      job_types_to_report: z.array(text).default(['presubmit', 'postsubmit']),
      no_comment_repos: texts,
      summary_comment_repos: texts,
    })
    .prefault({}),
  slack_reporter_configs: raw
    .default({})
    .describe('Slack channels that hear of runs, by `*`, organisation or repository.'),
  in_repo_config: z
    .object({
      enabled: z.record(z.string(), flag).default({}),
      allowed_clusters: z.record(z.string(), texts).default({}),
    })
    .prefault({}),
  prowjob_namespace: text.default('default').describe('Namespace of runs.'),
  pod_namespace: text.default('default').describe('Namespace of pods.'),
  log_level: text.default('info').describe('How much is logged.'),
  owners_dir_denylist: ownersDirDenylist
    .prefault({})
    .describe('Folders whose OWNERS files do not count.'),
  github: z.object({ link_url: text.default('https://github.com') }).prefault({}),
  status_error_link: text
    .default('https://github.com/kubernetes/test-infra/issues')
    .describe('Where a status with an internal error leads.'),
  prowjob_default_entries: z
    .array(
      z.object({
        repo: text.default(''),
        cluster: text.default(''),
        config: z
          .object({ resultstore_config: raw.optional(), tenant_id: text.optional() })
          .default({}),
      }),
    )
    .default([]),
  disabled_clusters: texts.describe('Build clusters that are left alone.'),
  config_version_sha: text
    .optional()
    .describe('Commit of the configuration; the file VERSION sets it.'),
  ...components,
});

/** See `prowConfig`. */
export type ProwConfig = DeepReadonly<z.infer<typeof prowConfig>>;
