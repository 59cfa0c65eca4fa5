import type { RunInput } from './run.ts';

const LONGEST = 63;
const VALID = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Labels and annotations of a run (J§1.1.4). */
export interface Marks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What Prow writes on a ProwJob; values that are no label values become their last path segment, or go. */
export function marksOf(run: RunInput): Marks {
  const { job, type } = run;
  const context = 'context' in job && type !== 'periodic' ? job.context : '';
  const labels = {
    'created-by-prow': 'true',
    'prow.k8s.io/type': type,
    'prow.k8s.io/job': shortened(job.name),
    'prow.k8s.io/context': shortened(context),
    ...refsLabels(run),
    ...job.labels,
    ...run.labels,
  };
  return {
    labels: Object.fromEntries(Object.entries(labels).flatMap(validLabel)),
    annotations: {
      'prow.k8s.io/job': job.name,
      'prow.k8s.io/context': context,
      ...job.annotations,
      ...run.annotations,
    },
  };
}

function refsLabels({ job, refs, type }: RunInput): Record<string, string> {
  const main = type === 'periodic' ? job.extra_refs?.[0] : refs;
  if (main === undefined) return {};
  const pull = type === 'periodic' ? undefined : refs?.pulls?.[0];
  return {
    'prow.k8s.io/refs.org': main.org,
    'prow.k8s.io/refs.repo': main.repo,
    'prow.k8s.io/refs.base_ref': main.base_ref,
    ...(pull === undefined ? {} : { 'prow.k8s.io/refs.pull': String(pull.number) }),
  };
}

function shortened(text: string): string {
  return text.length > LONGEST ? text.slice(0, LONGEST).replace(/[._-]+$/, '') : text;
}

function validLabel([key, value]: [string, string]): [string, string][] {
  if (VALID.test(value)) return [[key, value]];
  const last = value.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return last !== '' && VALID.test(last) ? [[key, last]] : [];
}
