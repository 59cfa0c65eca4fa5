import { decorationEntries } from '../prow/job-defaults.ts';
import type { ConfigSnapshot } from '../snapshot.ts';
import { parseBucket } from './storage.ts';

const known = new WeakMap<ConfigSnapshot, ReadonlySet<string>>();

/**
 * Whether pages may show what lies at an address (`gs://BUCKET/FOLDER`): with
 * `deck.skip_storage_path_validation: false`, only buckets that the configuration names (J§4.2, `deck`).
 * Files of this machine are only where we wrote them ourselves.
 */
export function mayShow(snapshot: ConfigSnapshot, location: string): boolean {
  const { provider, name } = parseBucket(location);
  if (provider === 'file' || snapshot.prow.deck.skip_storage_path_validation) return true;
  return knownBuckets(snapshot).has(name.split('/')[0] ?? '');
}

/** Whether the configuration names the bucket of an address, whatever is checked else. */
export function isNamedBucket(snapshot: ConfigSnapshot, location: string): boolean {
  const { provider, name } = parseBucket(location);
  return provider !== 'file' && knownBuckets(snapshot).has(name.split('/')[0] ?? '');
}

/** Names of the buckets of defaults and jobs, and of those that are allowed besides. */
function knownBuckets(snapshot: ConfigSnapshot): ReadonlySet<string> {
  const before = known.get(snapshot);
  if (before !== undefined) return before;
  const { prow, jobs } = snapshot;
  const decorations = [
    ...decorationEntries(prow).map(({ config }) => config),
    ...[...Object.values(jobs.presubmits), ...Object.values(jobs.postsubmits), jobs.periodics]
      .flat()
      .map(({ decoration_config }) => decoration_config),
  ];
  const named = decorations.flatMap((one) => one?.gcs_configuration?.bucket ?? []);
  const all = [...prow.deck.additional_allowed_buckets, ...named];
  const buckets = new Set(all.map((bucket) => parseBucket(bucket).name.split('/')[0] ?? ''));
  known.set(snapshot, buckets);
  return buckets;
}
