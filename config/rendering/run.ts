import type { Job, Presubmit } from '../prow/jobs.ts';
import type { ExtraRefs } from '../prow/refs.ts';

/** Prow's job types. */
export type RunKind = 'presubmit' | 'postsubmit' | 'periodic' | 'batch';

/** A pull request under test, named as in Prow's JSON. */
export interface RunPull {
  readonly number: number;
  readonly author: string;
  readonly sha: string;
  readonly title?: string | undefined;
  readonly ref?: string | undefined;
  readonly head_ref?: string | undefined;
  readonly link?: string | undefined;
  readonly commit_link?: string | undefined;
  readonly author_link?: string | undefined;
}

/** The code under test, named as in Prow's JSON. */
export interface RunRefs extends Partial<ExtraRefs> {
  readonly org: string;
  readonly repo: string;
  readonly base_ref: string;
  readonly pulls?: readonly RunPull[] | undefined;
}

/** A run as far as rendering needs it: who asked for what, of which job. */
export interface RunInput {
  readonly uuid: string;
  readonly type: RunKind;
  readonly job: Job;
  /** Absent for periodics. */
  readonly refs?: RunRefs;
  /** Laid over the job's own. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Laid over the job's own. */
  readonly annotations?: Readonly<Record<string, string>>;
}

const REFS_KEYS = [
  'org',
  'repo',
  'repo_link',
  'base_ref',
  'base_sha',
  'base_link',
  'pulls',
  'path_alias',
  'workdir',
  'auxiliary',
  'clone_uri',
  'skip_submodules',
  'clone_depth',
  'skip_fetch_head',
  'blobless_fetch',
  'sparse_checkout_files',
] as const satisfies readonly (keyof RunRefs)[];

const PULL_KEYS = [
  'number',
  'author',
  'sha',
  'title',
  'ref',
  'head_ref',
  'link',
  'commit_link',
  'author_link',
] as const satisfies readonly (keyof RunPull)[];

/** The refs of a run with what its job says about cloning, keys in Prow's order, nothing empty. */
export function completeRefs({ job, refs }: RunInput): RunRefs | undefined {
  if (refs === undefined) return undefined;
  const own = {
    path_alias: job.path_alias,
    clone_uri: job.clone_uri,
    skip_submodules: job.skip_submodules,
    clone_depth: job.clone_depth,
    skip_fetch_head: job.skip_fetch_head,
  };
  const { blobless_fetch, sparse_checkout_files: files = [] } = job.decoration_config ?? {};
  return orderRefs({
    ...(blobless_fetch === undefined ? {} : { blobless_fetch }),
    ...(files.length === 0 ? {} : { sparse_checkout_files: files }),
    ...refs,
    ...compact(own),
  });
}

/** The job's extra refs, keys in Prow's order; undefined if there are none. */
export function completeExtraRefs({ job }: Pick<RunInput, 'job'>): readonly RunRefs[] | undefined {
  const extra = job.extra_refs ?? [];
  if (extra.length === 0) return undefined;
  const { blobless_fetch } = job.decoration_config ?? {};
  const defaults = blobless_fetch === undefined ? {} : { blobless_fetch };
  return extra.map((refs) => orderRefs({ ...defaults, ...refs }));
}

/** Whether a job's runs have the pod utilities around them. */
export function isDecorated(job: Job): boolean {
  return job.decoration_config !== undefined;
}

/** Whether a job is one of pull requests. */
export function isPresubmit(job: Job): job is Presubmit {
  return 'trigger' in job;
}

/** Text of refs, `base[:sha][,number:sha[:ref]…]` (J§1.1.1). */
export function refsText({ base_ref, base_sha, pulls }: RunRefs): string {
  const texts = (pulls ?? []).map(({ number, sha, ref }) =>
    ref ? `${number}:${sha}:${ref}` : `${number}:${sha}`,
  );
  return [base_sha ? `${base_ref}:${base_sha}` : base_ref, ...texts].join(',');
}

/** JSON as Go writes it: `<`, `>` and `&` escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A record without what Go leaves out of JSON: nothing, "", 0, false and empty lists. */
export function compact(record: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => !isZero(value)));
}

function orderRefs(refs: RunRefs): RunRefs {
  const ordered = pick(refs, REFS_KEYS);
  const pulls = refs.pulls?.map((pull) => ({ ...pick(pull, PULL_KEYS), ...keepPull(pull) }));
  return {
    ...ordered,
    org: refs.org,
    repo: refs.repo,
    base_ref: refs.base_ref,
    ...(pulls === undefined || pulls.length === 0 ? {} : { pulls }),
    // A pointer in Prow: an explicit `false` is written.
    ...(refs.blobless_fetch === undefined ? {} : { blobless_fetch: refs.blobless_fetch }),
  };
}

function keepPull({ number, author, sha }: RunPull): RunPull {
  return { number, author, sha };
}

function pick<Shape extends object>(record: Shape, keys: readonly (keyof Shape)[]): Partial<Shape> {
  const picked: Partial<Shape> = {};
  for (const key of keys) if (!isZero(record[key])) picked[key] = record[key];
  return picked;
}

function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === '' || value === 0 || value === false;
}
