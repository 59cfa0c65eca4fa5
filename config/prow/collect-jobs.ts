import { z } from 'zod';
import type { Place, Report } from '../problem.ts';
import type { Source } from '../source.ts';
import { accept } from '../source.ts';
import type { JobDefaults, Origin } from './job-defaults.ts';
import type { Job, JobConfig, Periodic, Postsubmit, Presubmit } from './jobs.ts';

/** A job together with where it is written. */
export interface Placed<Kind extends Job> {
  readonly job: Kind;
  readonly place: Place;
}

/** All jobs, still with their places, so that checks can name the line. */
export interface PlacedJobs {
  readonly presubmits: ReadonlyMap<string, readonly Placed<Presubmit>[]>;
  readonly postsubmits: ReadonlyMap<string, readonly Placed<Postsubmit>[]>;
  readonly periodics: readonly Placed<Periodic>[];
}

const byRepository = z.record(z.string(), z.array(z.unknown())).default({});
const jobsFile = z.object({
  presubmits: byRepository,
  postsubmits: byRepository,
  periodics: z.array(z.unknown()).default([]),
});

/** Reads the jobs of `config.yaml` and of every job file, in the order of the files. */
export function collectJobs(
  sources: readonly Source[],
  defaults: JobDefaults,
  report: Report,
): PlacedJobs {
  const presubmits = new Map<string, Placed<Presubmit>[]>();
  const postsubmits = new Map<string, Placed<Postsubmit>[]>();
  const periodics: Placed<Periodic>[] = [];
  for (const source of sources) {
    const whole = { file: source.name, path: [] };
    const file = accept(() => jobsFile.parse(source.value ?? {}), whole, {
      report,
      value: source.value,
    });
    if (file === undefined) continue;
    const read = createReader(source.name, report);
    read(file.presubmits, 'presubmits', defaults.presubmit, presubmits);
    read(file.postsubmits, 'postsubmits', defaults.postsubmit, postsubmits);
    file.periodics.forEach((raw, index) => {
      const place = { file: source.name, path: ['periodics', index] };
      periodics.push(...readJob(raw, place, '', { fill: defaults.periodic, report }));
    });
  }
  return { presubmits, postsubmits, periodics };
}

/** Drops the places. */
export function withoutPlaces(jobs: PlacedJobs): JobConfig {
  return {
    presubmits: plain(jobs.presubmits),
    postsubmits: plain(jobs.postsubmits),
    periodics: jobs.periodics.map(({ job }) => job),
  };
}

type Fill<Kind extends Job> = (raw: unknown, origin: Origin) => Kind;

function createReader(file: string, report: Report) {
  return <Kind extends Job>(
    jobs: Readonly<Record<string, readonly unknown[]>>,
    section: string,
    fill: Fill<Kind>,
    into: Map<string, Placed<Kind>[]>,
  ) => {
    for (const [repository, list] of Object.entries(jobs)) {
      const placed = list.flatMap((raw, index) => {
        const place = { file, path: [section, repository, index] };
        return readJob(raw, place, repository, { fill, report });
      });
      into.set(repository, [...(into.get(repository) ?? []), ...placed]);
    }
  };
}

function readJob<Kind extends Job>(
  raw: unknown,
  place: Place,
  repository: string,
  { fill, report }: { readonly fill: Fill<Kind>; readonly report: Report },
): readonly Placed<Kind>[] {
  const clash = (what: string) =>
    report(place, `a preset adds ${what}, which is there already`, 'Rename or remove one of them.');
  const job = accept(() => fill(raw, { repository, clash }), place, { report, value: raw });
  return job === undefined ? [] : [{ job, place }];
}

function plain<Kind extends Job>(
  jobs: ReadonlyMap<string, readonly Placed<Kind>[]>,
): Readonly<Record<string, readonly Kind[]>> {
  return Object.fromEntries([...jobs].map(([key, list]) => [key, list.map(({ job }) => job)]));
}
