import { z } from 'zod';
import { count, duration, flag, raw, text, textByKey, texts } from './fields.ts';

/** Sections of `config.yaml` that concern one component each (J§4.2). */
export const components = {
  scheduler: z
    .looseObject({
      enabled: flag.default(false).describe('The cluster of a run is chosen when it starts.'),
      failover: z
        .looseObject({ mappings: textByKey.default({}).describe('Cluster that replaces another.') })
        .optional()
        .describe('Clusters that are out of order.'),
      external: z
        .looseObject({ url: text.default('').describe('Who is asked for the cluster, by POST.') })
        .optional()
        .describe('A scheduler of your own.'),
    })
    .optional()
    .describe('Who chooses the cluster of a run.'),
  pipeline: z
    .object({ allow_concurrent_postsubmit_jobs: flag.default(false) })
    .optional()
    .describe('Tekton pipelines.'),
  sinker: z
    .object({
      resync_period: duration.default('1h0m0s').describe('How often is swept.'),
      max_prowjob_age: duration.default('168h0m0s').describe('Runs older than this are forgotten.'),
      max_pod_age: duration.default('24h0m0s').describe('Pods older than this are deleted.'),
      terminated_pod_ttl: duration
        .optional()
        .describe('As max_pod_age, for pods that have ended; max_pod_age unless given.'),
      exclude_clusters: texts.describe('Build clusters that are not swept.'),
    })
    .prefault({})
    .describe('Sweeping what is old.'),
  horologium: z
    .object({ tick_interval: duration.default('1m0s').describe('How often it is looked.') })
    .prefault({})
    .describe('Starting periodics.'),
  gerrit: z
    .object({
      tick_interval: duration.default('1m0s').describe('How often Gerrit is asked.'),
      ratelimit: count.default(5).describe('Changes asked for at once.'),
      deck_url: text.default('').describe('Where the pages are, for links.'),
      org_repos_config: z.unknown().optional().describe('Instances and their repositories.'),
      allowed_presubmit_trigger_re: text
        .default('')
        .describe('What every rerun command must match, RE2.'),
    })
    .prefault({})
    .describe('Gerrit.'),
  managed_webhooks: z
    .object({
      respect_legacy_global_token: flag.default(false).describe('The one secret still counts.'),
      auto_accept_invitation: flag.default(false).describe('Invitations are accepted.'),
      org_repo_config: z
        .record(z.string(), z.object({ token_created_after: text.default('') }))
        .default({})
        .describe('Webhooks that are kept, by organisation or repository.'),
    })
    .optional()
    .describe('Webhooks that are kept in order.'),
  gangway: raw.optional().describe('Who may start jobs by the API.'),
  moonraker: z
    .object({ client_timeout: duration.default('10m0s') })
    .optional()
    .describe('Cache of in-repository configuration.'),
  jenkins_operators: z.array(raw).default([]).describe('Operators of Jenkins jobs.'),
  push_gateway: z
    .object({
      endpoint: text.default('').describe('Where metrics are pushed.'),
      interval: duration.default('1m0s').describe('How often.'),
      serve_metrics: flag.default(false).describe('They are served too.'),
    })
    .optional()
    .describe('Pushing metrics.'),
  pubsub_subscriptions: z
    .record(z.string(), z.array(text))
    .optional()
    .describe('Deprecated: subscriptions by project.'),
  pubsub_triggers: z
    .array(
      z.object({
        project: text.default(''),
        topics: texts,
        allowed_clusters: texts,
        max_outstanding_messages: count.default(10),
      }),
    )
    .optional()
    .describe('Subscriptions that start jobs.'),
  default_job_timeout: duration.default('24h0m0s').describe('Nothing reads it, as in Prow.'),
};
