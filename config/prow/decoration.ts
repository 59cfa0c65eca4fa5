import { z } from 'zod';
import type { DeepReadonly } from './fields.ts';
import {
  duration,
  durationOrNumber,
  flag,
  quantity,
  text,
  textByKey,
  typed,
  whole,
} from './fields.ts';

const secretKey = z.object({ name: text.optional(), key: text.optional() });

const resources = typed('ResourceRequirements', {}).optional();

const gcsConfiguration = z.object({
  bucket: text.optional().describe('Bucket, with gs://, s3:// or file://.'),
  path_prefix: text.optional().describe('Folder in it.'),
  path_strategy: text.optional().describe('legacy, single or explicit.'),
  default_org: text.optional().describe('Organisation that is left out of paths.'),
  default_repo: text.optional().describe('Repository that is left out of paths.'),
  mediaTypes: textByKey.optional().describe('Media type by extension.'),
  job_url_prefix: text.optional().describe('Start of links to runs.'),
  local_output_dir: text.optional().describe('Folder to copy artifacts to instead.'),
  compress_file_types: z.array(text).optional().describe('Media types that are packed.'),
});

/** `decoration_config`: the keys in the order in which Prow serialises them, which `JOB_SPEC` shows (J§1.1.1). */
export const decorationConfig = z.object({
  timeout: durationOrNumber.optional().describe('How long the job may take.'),
  grace_period: durationOrNumber.optional().describe('How long it has to end after that.'),
  utility_images: z
    .object({
      clonerefs: text.optional(),
      initupload: text.optional(),
      entrypoint: text.optional(),
      sidecar: text.optional(),
    })
    .optional(),
  resources: z
    .object({
      clonerefs: resources,
      initupload: resources,
      place_entrypoint: resources,
      sidecar: resources,
    })
    .optional(),
  gcs_configuration: gcsConfiguration.optional().describe('Where logs and artifacts go.'),
  gcs_credentials_secret: text.optional().describe('Secret with the key of Google storage.'),
  s3_credentials_secret: text.optional().describe('Secret with the key of S3.'),
  default_service_account_name: text.optional().describe('Service account of pods that name none.'),
  ssh_key_secrets: z.array(text).optional().describe('Secrets with keys for cloning.'),
  ssh_host_fingerprints: z.array(text).optional().describe('Hosts that cloning trusts.'),
  blobless_fetch: flag.optional().describe('Files are fetched as they are needed.'),
  sparse_checkout_files: z.array(text).optional().describe('The only files that are checked out.'),
  skip_cloning: flag.optional().describe('Nothing is cloned.'),
  cookiefile_secret: text.optional().describe('Secret with cookies for cloning.'),
  oauth_token_secret: secretKey.optional().describe('Secret with a token for cloning by http.'),
  github_api_endpoints: z.array(text).optional().describe('APIs for a token of the app.'),
  github_app_id: text.optional().describe('The GitHub app that clones.'),
  github_app_private_key_secret: secretKey.optional().describe('Secret with its key.'),
  censor_secrets: flag.optional().describe('Secrets are struck out of logs.'),
  censoring_options: z
    .object({
      censoring_concurrency: whole.optional(),
      censoring_buffer_size: whole.optional(),
      include_directories: z.array(text).optional(),
      exclude_directories: z.array(text).optional(),
      minimum_secret_length: whole.optional(),
    })
    .optional(),
  upload_ignores_interrupts: flag.optional().describe('Uploads go on when the pod is ended.'),
  set_limit_equals_memory_request: flag.optional().describe('The memory limit is the request.'),
  default_memory_request: quantity
    .optional()
    .describe('Memory asked for by jobs that ask for none.'),
  scheduling_options: typed('SchedulingOptions', {})
    .optional()
    .describe('affinity and tolerations of the pod.'),
  pod_pending_timeout: duration.optional().describe('As plank says unless given.'),
  pod_running_timeout: duration.optional().describe('As plank says unless given.'),
  pod_unscheduled_timeout: duration.optional().describe('As plank says unless given.'),
  run_as_user: whole.optional().describe('User of the pod.'),
  run_as_group: whole.optional().describe('Group of the pod.'),
  fs_group: whole.optional().describe('Group of its files.'),
});

/** How a job's pod is decorated: utility images, storage, timeouts. */
export type DecorationConfig = DeepReadonly<z.infer<typeof decorationConfig>>;

/** Where a run's files go in the bucket (J§1.5). */
export type GcsConfiguration = DeepReadonly<z.infer<typeof gcsConfiguration>>;

/** One of `plank.default_decoration_config_entries`. */
export const decorationEntry = z.object({
  repo: text.default(''),
  cluster: text.default(''),
  config: decorationConfig.default({}),
});

/** A default that holds for a repository and a build cluster. */
export type DecorationEntry = DeepReadonly<z.infer<typeof decorationEntry>>;

const KEYS = Object.keys(decorationConfig.shape);
const NESTED = new Set([
  'utility_images',
  'resources',
  'gcs_configuration',
  'censoring_options',
  'scheduling_options',
]);

/** Fills what `own` leaves open from `base`: structures field by field, lists as a whole (J§1.1.1). */
export function mergeDecoration(own: DecorationConfig, base: DecorationConfig): DecorationConfig {
  const merged = mergeFields(atTop(own), atTop(base), KEYS);
  for (const key of NESTED) {
    const [mine, theirs] = [recordOf(own, key), recordOf(base, key)];
    if (mine !== undefined && theirs !== undefined) {
      merged[key] = mergeFields(withoutEmpty(mine), theirs, nestedKeys(key, mine, theirs));
    }
  }
  const media = { ...own.gcs_configuration?.mediaTypes, ...base.gcs_configuration?.mediaTypes };
  if (Object.keys(media).length > 0) {
    merged['gcs_configuration'] = { ...recordOf(merged, 'gcs_configuration'), mediaTypes: media };
  }
  return decorationConfig.parse(merged);
}

/** The defaults of all entries that fit, the later one winning (J§4.2, `plank`). */
export function defaultDecoration(
  entries: readonly DecorationEntry[],
  repository: string,
  cluster: string,
): DecorationConfig {
  return entries
    .filter((entry) => fitsJob(entry, repository, cluster))
    .reduce<DecorationConfig>((base, entry) => mergeDecoration(entry.config, base), {});
}

/** Whether a default is one of a job of this repository and build cluster. */
export function fitsJob(
  entry: { readonly repo: string; readonly cluster: string },
  repository: string,
  cluster: string,
): boolean {
  return fits(entry.cluster, cluster) && fitsRepository(entry.repo, repository);
}

/**
 * Whether a `repo` filter names everything, the repository as it is spelled, or without its scheme the repository
 * or its organisation; a Gerrit host is the same with and without `-review`.
 */
export function fitsRepository(filter: string, repository: string): boolean {
  if (fits(filter, repository)) return true;
  const bare = withoutReview(repository).replace(/^https?:\/\//, '');
  return filter === bare || filter === bare.split('/')[0];
}

// `https://foo-review.googlesource.com/bar` is where people look at what lies at `https://foo.googlesource.com/bar`.
function withoutReview(repository: string): string {
  return repository.replace(/^([^.]*)-review(?=\.)/, '$1');
}

/** Whether a filter is open or names exactly this. */
export function fits(filter: string, value: string): boolean {
  return filter === '' || filter === '*' || filter === value;
}

function mergeFields(own: object, base: object, keys: readonly string[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const key of keys) {
    const value: unknown = Reflect.get(own, key) ?? Reflect.get(base, key);
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

function nestedKeys(key: string, own: object, base: object): readonly string[] {
  if (key === 'gcs_configuration') return Object.keys(gcsConfiguration.shape);
  return [...new Set([...Object.keys(base), ...Object.keys(own)])];
}

// At the top an empty list counts as not written, and so does the one text that is no pointer in Prow.
function atTop(record: object): object {
  return Object.fromEntries(
    Object.entries(record).filter(([key, value]) => {
      if (key === 'github_app_id') return value !== '';
      return !Array.isArray(value) || value.length > 0;
    }),
  );
}

// Inside the nested structures it is the other way round: there an empty text counts as not written.
function withoutEmpty(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== ''));
}

function recordOf(record: object, key: string): Record<string, unknown> | undefined {
  const value: unknown = Reflect.get(record, key);
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}
