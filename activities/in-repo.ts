import { LRUCache } from 'lru-cache';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { InRepoOrigin } from '../config/content.ts';
import { hasInRepoConfig, inRepoFilesOf, isInRepoPath, withOwnJobs } from '../config/in-repo.ts';
import type { Problem } from '../config/problem.ts';
import { type ConfigSnapshot, contentHash } from '../config/snapshot.ts';
import type { ConfigFile } from '../config/source.ts';
import { mergeMethod } from '../config/tide.ts';
import { fullName, type RepositoryName } from '../workflows/domain/repository.ts';
import type { Mirror } from './git/mirror.ts';

/** Where a repository's own files are read: at a base with heads merged onto it, or at a commit as it is. */
export interface InRepoPlace {
  readonly repository: RepositoryName;
  readonly branch: string;
  readonly baseSha: string;
  /** None for a push. */
  readonly heads: readonly { readonly number: number; readonly sha: string }[];
}

/** A configuration with a repository's own jobs, or without them and why. */
export interface InRepoConfig {
  readonly snapshot: ConfigSnapshot;
  readonly problems: readonly Problem[];
  /** The heads do not merge onto the base: there is nothing to read. */
  readonly conflict: boolean;
}

/** Reads the jobs that repositories hold themselves (J§4.4). */
export interface InRepoSource {
  /** What is remembered: costs nothing. */
  known(base: ConfigSnapshot, place: InRepoPlace): InRepoConfig | undefined;
  /** Reads it, from a mirror that may have to be fetched. Throws if git or the database is away. */
  read(base: ConfigSnapshot, place: InRepoPlace): Promise<InRepoConfig>;
}

/** What reading needs. */
export interface InRepoSetting {
  readonly mirror: Pick<Mirror, 'pickBatch' | 'filesNamed' | 'ensure'>;
  /** Keeps a configuration under its hash, so that a run can be rendered anywhere. */
  readonly keep: (snapshot: ConfigSnapshot, from: InRepoOrigin) => Promise<void>;
  readonly registry: Registry;
  /** Prow's `--in-repo-config-cache-size`. */
  readonly cacheSize?: number;
}

interface FilesRead {
  readonly files: readonly ConfigFile[];
  readonly hash: string;
  readonly conflict: boolean;
}

const CACHE_SIZE = 200;

/** A source over mirrors. Files are remembered by commits, and what they come to by their content. */
export function createInRepoSource(setting: InRepoSetting): InRepoSource {
  const max = setting.cacheSize ?? CACHE_SIZE;
  const metrics = createMetrics(setting.registry);
  const files = new LRUCache<string, FilesRead>({
    max,
    dispose: (_value, key, reason) => {
      if (reason === 'evict') metrics.evictions.inc(labelsOf(key.split(' ')[0] ?? ''));
    },
  });
  const configs = new LRUCache<string, InRepoConfig>({ max });

  const known = (base: ConfigSnapshot, place: InRepoPlace): InRepoConfig | undefined => {
    if (!hasInRepoConfig(base, place.repository)) return asItIs(base);
    const read = files.get(filesKey(base, place));
    return read && configs.get(configKey(base, place, read));
  };
  const readFiles = async (base: ConfigSnapshot, place: InRepoPlace): Promise<FilesRead> => {
    const key = filesKey(base, place);
    const cached = files.get(key);
    if (cached !== undefined) return cached;
    const labels = labelsOf(fullName(place.repository));
    metrics.misses.inc(labels);
    const done = metrics.seconds.startTimer(labels);
    const read = await filesAt(setting.mirror, base, place);
    done();
    files.set(key, read);
    metrics.size.set(labels, files.size);
    return read;
  };
  return {
    known: (base, place) => {
      const config = known(base, place);
      if (config !== undefined && hasInRepoConfig(base, place.repository)) {
        metrics.lookups.inc(labelsOf(fullName(place.repository)));
        metrics.hits.inc(labelsOf(fullName(place.repository)));
      }
      return config;
    },
    read: async (base, place) => {
      const cached = known(base, place);
      if (cached !== undefined) return cached;
      metrics.lookups.inc(labelsOf(fullName(place.repository)));
      const read = await readFiles(base, place);
      const same = configs.get(configKey(base, place, read));
      if (same !== undefined) return same;
      const repository = fullName(place.repository);
      const { snapshot, problems } = withOwnJobs(base, repository, read.files);
      if (snapshot !== base) {
        await setting.keep(snapshot, { base: base.hash, repository, files: read.files });
      }
      const config = { snapshot, problems, conflict: read.conflict };
      configs.set(configKey(base, place, read), config);
      return config;
    },
  };
}

function asItIs(snapshot: ConfigSnapshot): InRepoConfig {
  return { snapshot, problems: [], conflict: false };
}

function filesKey(base: ConfigSnapshot, place: InRepoPlace): string {
  const heads = place.heads.map(({ sha }) => sha);
  return [fullName(place.repository), place.baseSha, ...heads, methodOf(base, place)].join(' ');
}

function configKey(base: ConfigSnapshot, place: InRepoPlace, { hash, conflict }: FilesRead) {
  return `${base.hash} ${fullName(place.repository)} ${hash} ${conflict}`;
}

/** As Tide would merge it (J§4.4). */
function methodOf(base: ConfigSnapshot, { repository, branch }: InRepoPlace) {
  const choice = mergeMethod(base, { ...repository, branch, labels: [] });
  return choice.kind === 'method' ? choice.method : 'merge';
}

async function filesAt(
  mirror: InRepoSetting['mirror'],
  base: ConfigSnapshot,
  place: InRepoPlace,
): Promise<FilesRead> {
  const commit = await mergedCommit(mirror, base, place);
  if (commit === undefined) return { files: [], hash: '', conflict: true };
  const found = await mirror.filesNamed(place.repository, commit, isInRepoPath);
  const files = inRepoFilesOf(found);
  return { files, hash: contentHash(files), conflict: false };
}

async function mergedCommit(
  mirror: InRepoSetting['mirror'],
  base: ConfigSnapshot,
  place: InRepoPlace,
): Promise<string | undefined> {
  const { repository, baseSha, heads } = place;
  if (heads.length === 0) return baseSha;
  const method = methodOf(base, place);
  const { commit, skipped } = await mirror.pickBatch(repository, {
    base: baseSha,
    candidates: heads.map((head) => ({ ...head, method })),
    limit: 0,
  });
  // A head that the base contains already changes nothing.
  return skipped.some(({ reason }) => reason !== 'nothing to merge') ? undefined : commit;
}

function labelsOf(name: string) {
  const [org = '', repo = ''] = name.split('/');
  return { org, repo };
}

/** Prow's figures of the same cache (J§5.4). */
function createMetrics(registry: Registry) {
  const labelNames = ['org', 'repo'] as const;
  const registers = [registry];
  const counter = (what: string, help: string) =>
    new Counter({ name: `inRepoConfigCache_${what}`, help, labelNames, registers });
  return {
    lookups: counter('lookups', 'Questions for the jobs of a repository at some commits.'),
    hits: counter('hits', 'Those that were remembered.'),
    misses: counter('misses', 'Those for which git was read.'),
    evictions: counter('evictions_forced', 'What was forgotten to make room.'),
    size: new Gauge({
      name: 'inRepoConfigCache_cache_usage_size',
      help: 'How many are remembered.',
      labelNames,
      registers,
    }),
    seconds: new Histogram({
      name: 'inRepoConfigCache_GetProwYAML_duration',
      help: 'Seconds that reading them from git took.',
      labelNames,
      buckets: [0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
  };
}
