import type { RunInput, RunRefs } from './run.ts';

const LONGEST = 63;
const VALID = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Labels and annotations of a run (J§1.1.4). */
export interface Marks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What Prow writes on a ProwJob; values that are no label values become their last path segment, or go. */
export function marksOf(run: RunInput): Marks {
  const { job, type, refs } = run;
  const context = 'context' in job && type !== 'periodic' ? job.context : '';
  const spec = { type, job: job.name, context, refs, extra_refs: job.extra_refs };
  return marksFor(spec, {
    labels: { ...job.labels, ...run.labels },
    annotations: { ...job.annotations, ...run.annotations },
  });
}

/** What Prow writes on an object of a run with this `spec`, with what is asked for besides laid over it. */
export function marksFor(spec: Marked, over: Marks): Marks {
  const { type, job, context = '' } = spec;
  const labels = {
    'created-by-prow': 'true',
    'prow.k8s.io/type': type,
    'prow.k8s.io/job': shortened(job),
    'prow.k8s.io/context': shortened(context),
    ...refsLabels(spec.refs ?? spec.extra_refs?.[0]),
    ...over.labels,
  };
  return {
    labels: Object.fromEntries(Object.entries(labels).flatMap(validLabel)),
    annotations: {
      'prow.k8s.io/job': job,
      'prow.k8s.io/context': context,
      ...over.annotations,
    },
  };
}

interface Marked {
  readonly type: string;
  readonly job: string;
  readonly context?: string | undefined;
  readonly refs?: RunRefs | undefined;
  readonly extra_refs?: readonly RunRefs[] | undefined;
}

function refsLabels(refs: RunRefs | undefined): Record<string, string> {
  if (refs === undefined) return {};
  const pull = refs.pulls?.[0];
  return {
    'prow.k8s.io/refs.org': refs.org,
    'prow.k8s.io/refs.repo': refs.repo,
    'prow.k8s.io/refs.base_ref': refs.base_ref,
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
