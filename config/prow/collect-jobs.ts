import { z } from 'zod';
import { parseDeclared } from '../declared/parse.ts';
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

const inRepoFile = z.object({
  presubmits: z.array(z.unknown()).default([]),
  postsubmits: z.array(z.unknown()).default([]),
});

/** Reads the jobs of `config.yaml` or of one job file. */
export function readJobs(source: Source, defaults: JobDefaults, report: Report): PlacedJobs {
  const place = { file: source.name, path: [] };
  const { value } = source;
  const file = accept(() => parseDeclared(jobsFile, value ?? {}), place, { report, value });
  const read = createReader(source.name, report);
  const inEach = <Kind extends Job>(
    section: string,
    lists: Readonly<Record<string, readonly unknown[]>>,
    fill: Fill<Kind>,
  ) =>
    new Map(
      Object.entries(lists).map(([repository, list]) => [
        repository,
        read(list, { path: [section, repository], repository, fill }),
      ]),
    );
  return {
    presubmits: inEach('presubmits', file?.presubmits ?? {}, defaults.presubmit),
    postsubmits: inEach('postsubmits', file?.postsubmits ?? {}, defaults.postsubmit),
    periodics: read(file?.periodics ?? [], {
      path: ['periodics'],
      repository: '',
      fill: defaults.periodic,
    }),
  };
}

/** Reads the jobs that a repository holds itself, in `.prow.yaml` or a file of `.prow/`. */
export function readOwnJobs(
  source: Source,
  { repository, defaults }: { readonly repository: string; readonly defaults: JobDefaults },
  report: Report,
): PlacedJobs {
  const place = { file: source.name, path: [] };
  const { value } = source;
  const file = accept(() => parseDeclared(inRepoFile, value ?? {}), place, { report, value });
  const read = createReader(source.name, report);
  const presubmits = read(file?.presubmits ?? [], {
    path: ['presubmits'],
    repository,
    fill: defaults.presubmit,
  });
  const postsubmits = read(file?.postsubmits ?? [], {
    path: ['postsubmits'],
    repository,
    fill: defaults.postsubmit,
  });
  return {
    presubmits: new Map([[repository, presubmits]]),
    postsubmits: new Map([[repository, postsubmits]]),
    periodics: [],
  };
}

/** Joins the jobs of several files, in the order of the files. */
export function joinJobs(all: readonly PlacedJobs[]): PlacedJobs {
  return {
    presubmits: joinMaps(all.map(({ presubmits }) => presubmits)),
    postsubmits: joinMaps(all.map(({ postsubmits }) => postsubmits)),
    periodics: all.flatMap(({ periodics }) => periodics),
  };
}

/** Drops the places. */
export function withoutPlaces(jobs: PlacedJobs): JobConfig {
  return {
    presubmits: plain(jobs.presubmits),
    postsubmits: plain(jobs.postsubmits),
    periodics: jobs.periodics.map(({ job }) => job),
  };
}

/** Gives jobs places that no file has: it is the name that counts. */
export function placedAt(jobs: JobConfig, file: string): PlacedJobs {
  const place = <Kind extends Job>(section: string, list: readonly Kind[], key?: string) =>
    list.map((job, index) => ({
      job,
      place: { file, path: [section, ...(key === undefined ? [] : [key]), index] },
    }));
  const inEach = <Kind extends Job>(
    section: string,
    lists: Readonly<Record<string, readonly Kind[]>>,
  ) => new Map(Object.entries(lists).map(([key, list]) => [key, place(section, list, key)]));
  return {
    presubmits: inEach('presubmits', jobs.presubmits),
    postsubmits: inEach('postsubmits', jobs.postsubmits),
    periodics: place('periodics', jobs.periodics),
  };
}

type Fill<Kind extends Job> = (raw: unknown, origin: Origin) => Kind;

interface Listed<Kind extends Job> {
  readonly path: readonly PropertyKey[];
  readonly repository: string;
  readonly fill: Fill<Kind>;
}

function createReader(file: string, report: Report) {
  return <Kind extends Job>(
    list: readonly unknown[],
    { path, repository, fill }: Listed<Kind>,
  ): readonly Placed<Kind>[] =>
    list.flatMap((raw, index) => {
      const place = { file, path: [...path, index] };
      const clash = (what: string) =>
        report(place, `${what}, which is there already`, 'Rename or remove one of them.');
      const job = accept(() => fill(raw, { repository, clash }), place, { report, value: raw });
      return job === undefined ? [] : [{ job, place }];
    });
}

function joinMaps<Item>(
  maps: readonly ReadonlyMap<string, readonly Item[]>[],
): ReadonlyMap<string, readonly Item[]> {
  const joined = new Map<string, Item[]>();
  for (const map of maps) {
    for (const [key, list] of map) {
      const known = joined.get(key);
      if (known === undefined) joined.set(key, [...list]);
      else known.push(...list);
    }
  }
  return joined;
}

function plain<Kind extends Job>(
  jobs: ReadonlyMap<string, readonly Placed<Kind>[]>,
): Readonly<Record<string, readonly Kind[]>> {
  return Object.fromEntries([...jobs].map(([key, list]) => [key, list.map(({ job }) => job)]));
}
