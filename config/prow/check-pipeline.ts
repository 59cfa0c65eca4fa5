import { listOf, recordOf } from '../relocate.ts';
import type { Job } from './jobs.ts';

const IMPLICIT = 'PROW_IMPLICIT_GIT_REF';
const EXTRA = /PROW_EXTRA_GIT_REF_(\d+)/;

/** What a job runs with Tekton, and the field that says it; the versioned field wins. */
export function pipelineOf(job: Job) {
  const versioned = recordOf(job.tekton_pipeline_run_spec?.['v1beta1']);
  if (versioned !== undefined) return { field: 'tekton_pipeline_run_spec', spec: versioned };
  const spec = job.pipeline_run_spec;
  return spec === undefined ? undefined : { field: 'pipeline_run_spec', spec };
}

/** Why the code that a pipeline's tasks name is not what its job clones (J§4.5); undefined if it is. */
export function pipelineProblem(
  job: Job,
  spec: Readonly<Record<string, unknown>>,
): string | undefined {
  const names = listOf(recordOf(spec['pipelineSpec'])?.['tasks']).map(taskName);
  if (names.includes(IMPLICIT) && !('branches' in job)) {
    return `a periodic has no code of its own for ${IMPLICIT}`;
  }
  const numbers = names.flatMap((name) => EXTRA.exec(name)?.[1] ?? []);
  const padded = numbers.find((number) => /^0./.test(number));
  if (padded !== undefined) return `the number of PROW_EXTRA_GIT_REF_${padded} begins with 0`;
  const used = new Set(numbers.map(Number));
  const count = (job.extra_refs ?? []).length;
  const unused = Array.from({ length: count }, (_, index) => index).find((one) => !used.has(one));
  if (unused !== undefined) return `no task uses PROW_EXTRA_GIT_REF_${unused}`;
  return used.size === count
    ? undefined
    : `its tasks use ${used.size} extra refs, and it has ${count}`;
}

function taskName(task: unknown): string {
  return String(recordOf(recordOf(task)?.['taskRef'])?.['name'] ?? '');
}
