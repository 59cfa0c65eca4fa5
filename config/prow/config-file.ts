import { z } from 'zod';
import { branchProtection } from './branch-protection.ts';
import { components } from './components.ts';
import { decorationConfig, decorationEntry } from './decoration.ts';
import type { DeepReadonly } from './fields.ts';
import { count, duration, flag, raw, text, textByKey, texts, whole } from './fields.ts';
import { preset } from './pod-spec.ts';
import { tide } from './tide.ts';

const plank = z.object({
  job_url_template: text.default(''),
  report_template: text.optional(),
  report_templates: textByKey.default({}),
  max_concurrency: count.default(0),
  max_goroutines: count.default(20),
  pod_pending_timeout: duration.default('10m0s'),
  pod_running_timeout: duration.default('48h0m0s'),
  pod_unscheduled_timeout: duration.default('5m0s'),
  max_revivals: whole.default(3),
  default_decoration_configs: z.record(z.string(), decorationConfig).default({}),
  default_decoration_config_entries: z.array(decorationEntry).default([]),
  job_url_prefix_config: textByKey.default({}),
  jobURLPrefixDisableAppendStorageProvider: flag.default(false),
  build_cluster_status_file: text.default(''),
  job_queue_capacities: z.record(z.string(), whole).default({}),
});

const deck = z.looseObject({
  spyglass: raw.optional(),
  tide_update_period: duration.default('10s'),
  hidden_repos: texts,
  rerun_auth_configs: raw.optional(),
  default_rerun_auth_configs: z.array(raw).optional(),
  skip_storage_path_validation: flag.default(true),
  additional_allowed_buckets: texts,
});

// Folders whose OWNERS files do not count.
const ownersDirDenylist = z.object({
  repos: z.record(z.string(), texts).default({}),
  default: texts,
  ignore_preconfigured_defaults: flag.default(false),
});

/** `config.yaml` without its jobs (J§4.2); sections that only later parts read are kept as they are. */
export const prowConfig = z.object({
  presets: z.array(preset).default([]),
  decorate_all_jobs: flag.default(false),
  plank: plank.default(plank.parse({})),
  tide: tide.default(tide.parse({})),
  deck: deck.default(deck.parse({})),
  'branch-protection': branchProtection.default(branchProtection.parse({})),
  github_reporter: z
    .object({
      job_types_to_report: z.array(text).default(['presubmit', 'postsubmit']),
      no_comment_repos: texts,
      summary_comment_repos: texts,
    })
    .prefault({}),
  slack_reporter_configs: raw.default({}),
  in_repo_config: z
    .object({
      enabled: z.record(z.string(), flag).default({}),
      allowed_clusters: z.record(z.string(), texts).default({}),
    })
    .prefault({}),
  prowjob_namespace: text.default('default'),
  pod_namespace: text.default('default'),
  log_level: text.default('info'),
  owners_dir_denylist: ownersDirDenylist.prefault({}),
  github: z.object({ link_url: text.default('https://github.com') }).prefault({}),
  status_error_link: text.default('https://github.com/kubernetes/test-infra/issues'),
  prowjob_default_entries: z
    .array(
      z.object({
        repo: text.default(''),
        cluster: text.default(''),
        config: z.object({ resultstore_config: raw.optional(), tenant_id: text.optional() }),
      }),
    )
    .default([]),
  disabled_clusters: texts,
  config_version_sha: text.optional(),
  ...components,
});

/** See `prowConfig`. */
export type ProwConfig = DeepReadonly<z.infer<typeof prowConfig>>;
