import { refsText } from '../config/rendering/run.ts';
import type { RunPublication } from '../workflows/ports.ts';
import type { RenderedRun, RenderedStatus } from './rendered-run.ts';
import type { Storage } from './storage/storage.ts';

const JSON_TYPE = { contentType: 'application/json' };
const ABSENT = { ...JSON_TYPE, ifAbsent: true };
/** As Prow marks what the pod utilities did not write themselves. */
const METADATA = { uploader: 'crier' };

/** A run's objects in its bucket. */
export interface BucketRun {
  readonly publication: RunPublication;
  readonly rendered: RenderedRun;
  readonly storage: Storage;
}

/** What the ProwJob object shows of a run's progress. */
export function statusOf({ report, ...rest }: RunPublication): RenderedStatus {
  const { startTime, pendingTime, completionTime, cluster } = rest;
  const { state, description, url, buildId } = report;
  return {
    startTime,
    pendingTime,
    completionTime,
    state,
    description,
    url,
    buildId,
    ...(cluster === undefined ? {} : { cluster }),
  };
}

/**
 * Says that a run has begun, before its pod may do so itself; what is there already stays. `pointers`: nobody
 * else writes the alias and `latest-build.txt`, since the job is not decorated.
 */
export async function recordStart(
  { publication, rendered, storage }: BucketRun,
  { pointers }: { readonly pointers: boolean },
): Promise<void> {
  const place = rendered.place(publication.report.buildId);
  await writeStarted({ publication, rendered, storage });
  const object = tidy(rendered.prowjob(statusOf(publication)));
  await storage.write(`${place.folder}/prowjob.json`, object, ABSENT);
  if (!pointers) return;
  for (const { path, content, metadata } of place.pointers) {
    const options = { contentType: 'text/plain; charset=utf-8', ...(metadata ? { metadata } : {}) };
    await storage.write(path, content, options);
  }
}

/** What crier's reporter for buckets writes at the end: nothing that the run itself has written (J§1.6, `gcs`). */
export async function recordEnd({ publication, rendered, storage }: BucketRun): Promise<void> {
  const { report } = publication;
  const { folder } = rendered.place(report.buildId);
  await writeStarted({ publication, rendered, storage });
  if (report.complete) {
    const finished = {
      timestamp: seconds(publication.completionTime),
      passed: report.state === 'success',
      metadata: METADATA,
      result: report.state,
    };
    await storage.write(`${folder}/finished.json`, tidy(finished), ABSENT);
  }
  const object = tidy(rendered.prowjob(statusOf(publication)));
  await storage.write(`${folder}/prowjob.json`, object, JSON_TYPE);
}

async function writeStarted({ publication, rendered, storage }: BucketRun): Promise<void> {
  const { run, report, startTime } = publication;
  const { folder } = rendered.place(report.buildId);
  const refs = run.type === 'periodic' ? rendered.clones : [run.refs, ...rendered.clones];
  const pull = run.type === 'periodic' ? undefined : run.refs.pulls?.[0];
  const main = run.type === 'periodic' ? rendered.clones[0] : run.refs;
  const commit = main?.pulls?.[0]?.sha || main?.base_sha || main?.base_ref || '';
  const repos = Object.fromEntries(refs.map((one) => [`${one.org}/${one.repo}`, refsText(one)]));
  const started = {
    timestamp: seconds(startTime),
    ...(commit === '' ? {} : { 'repo-version': commit, 'repo-commit': commit }),
    ...(pull === undefined ? {} : { pull: `${pull.number}` }),
    repos,
    metadata: METADATA,
  };
  await storage.write(`${folder}/started.json`, tidy(started), ABSENT);
}

/** As Prow lays its files out. */
function tidy(value: unknown): string {
  return JSON.stringify(value, null, '\t');
}

function seconds(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000);
}
