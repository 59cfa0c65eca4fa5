import type { GcsConfiguration } from '../prow/decoration.ts';
import type { RunInput } from './run.ts';

/** Where a run's files lie in its bucket (J§1.5); no path starts or ends with a slash. */
export interface StoragePath {
  readonly directory: string;
  /** A file that says where the run is; presubmits only. Never below `path_prefix`, as in Prow. */
  readonly alias?: string;
  /** Files that hold the newest build id. Never below `path_prefix`, as in Prow. */
  readonly latestBuilds: readonly string[];
}

/** A bucket by its provider (`gs`, `s3`, `file`) and its name or path. */
export interface Bucket {
  readonly provider: string;
  readonly name: string;
}

/** The layout of a run's files (J§1.5). */
export function storagePath(run: RunInput, buildId: string, gcs: GcsConfiguration): StoragePath {
  const { directory, ...rest } = layout(run, buildId, gcs);
  return { directory: joined(gcs.path_prefix ?? '', directory), ...rest };
}

/** Reads `bucket`: `gs://b`, `s3://b`, `file:///folder`, or a bare name, which is Google's. */
export function parseBucket(bucket: string): Bucket {
  const [, provider, name] = /^([a-z0-9]+):\/\/(.*)$/.exec(bucket) ?? [];
  if (provider === undefined || name === undefined) return { provider: 'gs', name: bucket };
  return { provider, name };
}

/**
 * A configured bucket's URL; nothing for none, and for a folder: what pods would write there is on another
 * machine, and a job's author must not choose a folder of ours.
 */
export function bucketUrl(bucket: string): string | undefined {
  if (bucket === '') return undefined;
  const { provider, name } = parseBucket(bucket);
  return provider === 'file' ? undefined : `${provider}://${name.replace(/\/+$/, '')}`;
}

/** Path segments as Go's `path.Join` puts them together. */
export function joined(...segments: readonly string[]): string {
  return segments
    .filter((segment) => segment !== '')
    .join('/')
    .replace(/\/{2,}/g, '/');
}

function layout(
  { type, job, refs }: RunInput,
  buildId: string,
  gcs: GcsConfiguration,
): StoragePath {
  const { name } = job;
  const shared = `pr-logs/directory/${name}`;
  if (type === 'batch') {
    return {
      directory: `pr-logs/pull/batch/${name}/${buildId}`,
      latestBuilds: [`${shared}/latest-build.txt`],
    };
  }
  if (type !== 'presubmit') {
    return {
      directory: `logs/${name}/${buildId}`,
      latestBuilds: [`logs/${name}/latest-build.txt`],
    };
  }
  const pull = String(refs?.pulls?.[0]?.number ?? 0);
  const ofPull = joined('pr-logs/pull', repositorySegment(refs, gcs), pull, name);
  return {
    directory: `${ofPull}/${buildId}`,
    alias: `${shared}/${buildId}.txt`,
    latestBuilds: [`${shared}/latest-build.txt`, `${ofPull}/latest-build.txt`],
  };
}

function repositorySegment(refs: RunInput['refs'], gcs: GcsConfiguration): string {
  const org = (refs?.org ?? '').replace(/^https?:\/\//, '');
  const repo = (refs?.repo ?? '').replaceAll('/', '_');
  const full = `${org.replaceAll('/', '_')}_${repo}`;
  const strategy = gcs.path_strategy ?? 'explicit';
  if (strategy === 'explicit') return full;
  const ofDefaultOrg = org === gcs.default_org;
  if (ofDefaultOrg && repo === gcs.default_repo) return '';
  return strategy === 'legacy' && ofDefaultOrg ? repo : full;
}
