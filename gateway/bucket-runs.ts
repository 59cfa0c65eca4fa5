import { z } from 'zod';
import type { RunRecord } from '../activities/database/runs.ts';
import { ObjectPathError } from '../activities/storage/object-path.ts';
import type { OpenStorage, Storage } from '../activities/storage/storage.ts';
import { isPermanent } from '../activities/storage/storage-error.ts';
import { NotFound } from './http/errors.ts';

/** Runs that only their bucket knows: Prow's own, or ours whose rows are gone. */
export interface BucketRuns {
  /** What such a run is called in our addresses; nothing if the parts of the path name no bucket. */
  idOf(path: readonly string[]): string | undefined;
  /** Reads it; nothing if it is no such id. Throws `NotFound`. */
  find(id: string): Promise<RunRecord | undefined>;
}

/** Where they are read. */
export interface BucketRunSources {
  readonly openStorage: OpenStorage;
  /** Whether the configuration names the bucket: an address may name any, and we read with our own account. */
  readonly isNamed: (location: string) => boolean;
}

const MARK = 'bucket-';
const PROVIDERS: Readonly<Record<string, string>> = { gs: 'gs', gcs: 'gs', s3: 's3' };
const LONGEST = 1024 * 1024;

const text = z.string().catch('');
const finishedJson = z.object({ timestamp: z.number().optional(), result: text });
const startedJson = z.object({ timestamp: z.number().optional() });
const pull = z.object({ number: z.number(), author: text, sha: text });
const refs = z.object({ org: text, repo: text, base_ref: text, pulls: z.array(pull).catch([]) });
const NO_REFS: z.output<typeof refs> = { org: '', repo: '', base_ref: '', pulls: [] };
const spec = z.object({
  type: z.enum(['presubmit', 'postsubmit', 'periodic', 'batch']).catch('periodic'),
  job: text,
  context: text,
  cluster: text,
  refs: refs.catch(NO_REFS),
});
const NO_SPEC = { type: 'periodic', job: '', context: '', cluster: '', refs: NO_REFS } as const;
const status = z.object({
  state: z.enum(['triggered', 'pending', 'success', 'failure', 'aborted', 'error']).optional(),
  description: text,
  url: text,
});
const prowjobJson = z.object({
  spec: spec.catch(NO_SPEC),
  status: status.catch({ description: '', url: '' }),
});

/** Reads `prowjob.json`, `started.json` and `finished.json`, whichever are there. */
export function createBucketRuns({ openStorage, isNamed }: BucketRunSources): BucketRuns {
  return {
    idOf: ([provider = '', ...path]) => {
      const scheme = PROVIDERS[provider];
      if (scheme === undefined || path.length < 3) return undefined;
      return MARK + Buffer.from(`${scheme}://${path.join('/')}`).toString('base64url');
    },
    find: async (id) => {
      if (!id.startsWith(MARK)) return undefined;
      const location = Buffer.from(id.slice(MARK.length), 'base64url').toString();
      if (!isNamed(location)) {
        throw new NotFound(
          `Runs in ${location.split('/').slice(0, 3).join('/')} are not shown: the configuration names that bucket nowhere. Name it in deck.additional_allowed_buckets, with skip_storage_path_validation: false.`,
        );
      }
      return await readFrom(openStorage, id, location);
    },
  };
}

async function readFrom(
  openStorage: OpenStorage,
  uuid: string,
  location: string,
): Promise<RunRecord> {
  const nothing = new NotFound(`There is no run at ${location}, or it is too old.`);
  const storage = attempt(() => openStorage(location));
  if (storage === undefined) throw nothing;
  const names = ['prowjob.json', 'started.json', 'finished.json'];
  const read = Promise.all(names.map((name) => readJson(storage, name)));
  const [prowjob, started, finished] = await read.catch((error: unknown) => {
    throw isPermanent(error) ? new NotFound(`There is no run to show: ${error.message}`) : error;
  });
  if (prowjob === undefined && started === undefined && finished === undefined) throw nothing;
  const said = prowjobJson.parse(prowjob ?? {});
  const end = finishedJson.safeParse(finished).data;
  const begin = startedJson.safeParse(started).data;
  const [job = '', buildId = ''] = location.split('/').slice(-2);
  const { org, repo, base_ref: baseRef, pulls } = said.spec.refs;
  const [first] = pulls;
  return {
    uuid,
    version: 0,
    ...{ org, repo, baseRef },
    number: first?.number ?? null,
    job: said.spec.job || job,
    type: said.spec.type,
    state: stateOf(end?.result) ?? said.status.state ?? 'pending',
    context: said.spec.context,
    buildId,
    description: said.status.description,
    author: first?.author ?? '',
    headSha: first?.sha ?? '',
    cluster: said.spec.cluster,
    url: said.status.url,
    owner: '',
    logLocation: location,
    createdAt: timeOf(begin?.timestamp) ?? new Date(0).toISOString(),
    completedAt: timeOf(end?.timestamp) ?? null,
    prowjob: prowjob ?? {},
  };
}

async function readJson(storage: Storage, name: string): Promise<unknown> {
  const bytes = await storage.read(name, { start: 0, length: LONGEST });
  return attempt((): unknown => JSON.parse(Buffer.from(bytes ?? []).toString()));
}

/** Nothing where the text is no JSON, or the address no bucket's. */
function attempt<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof ObjectPathError) return undefined;
    throw error;
  }
}

function stateOf(result: string | undefined): RunRecord['state'] | undefined {
  const lower = result?.toLowerCase();
  return (['success', 'failure', 'aborted', 'error'] as const).find((state) => state === lower);
}

function timeOf(seconds: number | undefined): string | undefined {
  const time = new Date((seconds ?? Number.NaN) * 1_000);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
