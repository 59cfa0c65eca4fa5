import { comparablePod } from './comparable-pod.ts';
import type { FieldChange } from './field-changes.ts';
import { fieldChanges } from './field-changes.ts';
import type { RenderedJob } from './render-all.ts';

/** A rendered job, with what decides when it runs where that is known. */
export interface ComparedJob extends RenderedJob {
  readonly when?: Readonly<Record<string, unknown>> | undefined;
}

/** Which job it is. */
export interface JobName {
  readonly type: string;
  /** Empty for periodics. */
  readonly repo: string;
  readonly job: string;
}

/** What became different about a job that both have. */
export interface JobChange extends JobName {
  /** When it runs, and the run: its labels, annotations and spec. */
  readonly fields: readonly FieldChange[];
  /** The pod, lists with names by name. */
  readonly pod: readonly FieldChange[];
}

/** What a change of configuration does to the jobs. */
export interface Comparison {
  readonly added: readonly JobName[];
  readonly removed: readonly JobName[];
  readonly changed: readonly JobChange[];
  /** How many jobs stay as they are. */
  readonly same: number;
}

/** Compares two configurations, job by job. */
export function compareJobs(
  before: readonly ComparedJob[],
  after: readonly ComparedJob[],
): Comparison {
  const [old, fresh] = [byName(before), byName(after)];
  const added: JobName[] = [];
  const removed: JobName[] = [];
  const changed: JobChange[] = [];
  let same = 0;
  for (const key of new Set([...old.keys(), ...fresh.keys()])) {
    const pairs = pairUp(old.get(key) ?? [], fresh.get(key) ?? []);
    same += pairs.same;
    removed.push(...pairs.removed.map(nameOf));
    added.push(...pairs.added.map(nameOf));
    for (const [one, other] of pairs.changed) {
      const change = changeOf(one, other);
      if (change.fields.length + change.pod.length === 0) same += 1;
      else changed.push(change);
    }
  }
  return { added, removed, changed, same };
}

/** Jobs of one name, one for each set of branches: the equal ones are pairs, then the others in their order. */
function pairUp(before: readonly ComparedJob[], after: readonly ComparedJob[]) {
  const waiting = after.map((job) => ({ job, text: JSON.stringify(job) }));
  const others: ComparedJob[] = [];
  for (const job of before) {
    const text = JSON.stringify(job);
    const equal = waiting.findIndex((one) => one.text === text);
    if (equal < 0) others.push(job);
    else waiting.splice(equal, 1);
  }
  const left = waiting.map(({ job }) => job);
  const both = Math.min(others.length, left.length);
  return {
    same: before.length - others.length,
    changed: others
      .slice(0, both)
      .flatMap((job, index): readonly (readonly [ComparedJob, ComparedJob])[] => {
        const other = left[index];
        return other === undefined ? [] : [[job, other]];
      }),
    removed: others.slice(both),
    added: left.slice(both),
  };
}

function changeOf(before: ComparedJob, after: ComparedJob): JobChange {
  return {
    ...nameOf(after),
    fields: fieldChanges(runFields(before), runFields(after)),
    pod: fieldChanges(comparablePod(before.pod), comparablePod(after.pod)),
  };
}

// The spec's own PodSpec is seen in the pod.
function runFields({ labels, annotations, spec, when }: ComparedJob): object {
  const { pod_spec: _, ...rest } = spec;
  return { when: when ?? {}, labels, annotations, spec: rest };
}

function byName(jobs: readonly ComparedJob[]): ReadonlyMap<string, readonly ComparedJob[]> {
  const names = new Map<string, ComparedJob[]>();
  for (const job of jobs) {
    const key = JSON.stringify(nameOf(job));
    const list = names.get(key);
    if (list === undefined) names.set(key, [job]);
    else list.push(job);
  }
  return names;
}

function nameOf({ type, repo, job }: JobName): JobName {
  return { type, repo, job };
}
