import { decorationProblems } from '../prow/decoration-problems.ts';
import type { Finding } from './finding.ts';
import type { CheckSubject, ListedJob } from './subject.ts';
import { jobField, listedJobs } from './subject.ts';

const LONGEST_LABEL = 63;

/** `non-decorated-jobs`: pods without the pod utilities. */
export function nonDecoratedJobs(subject: CheckSubject): readonly Finding[] {
  return onKubernetes(subject)
    .filter(({ job }) => !(job.decorate ?? subject.snapshot.prow.decorate_all_jobs))
    .map((listed) => ({
      warning: 'non-decorated-jobs',
      place: listed.place,
      why: `job ${listed.job.name} does not use the pod utilities`,
      next: 'Set decorate: true, or decorate_all_jobs for all jobs.',
    }));
}

/** `long-job-names`: Prow labels what it makes with the name. */
export function longJobNames(subject: CheckSubject): readonly Finding[] {
  return onKubernetes(subject)
    .filter(({ job }) => Buffer.byteLength(job.name) > LONGEST_LABEL)
    .map((listed) => ({
      warning: 'long-job-names',
      place: jobField(listed, 'name'),
      why: `the name ${listed.job.name} has ${Buffer.byteLength(listed.job.name)} characters, and a label takes ${LONGEST_LABEL}`,
      next: `Shorten it to ${LONGEST_LABEL} characters.`,
    }));
}

/** `duplicate-job-refs`: a repository that a presubmit clones twice. */
export function duplicateRefs(subject: CheckSubject): readonly Finding[] {
  return listedJobs(subject).flatMap((listed) => {
    if (listed.section !== 'presubmits') return [];
    const refs = (listed.job.extra_refs ?? []).map(({ org, repo }) => `${org}/${repo}`);
    const seen = new Set([listed.repository]);
    return refs.flatMap((ref, index) => {
      const twice = seen.has(ref);
      seen.add(ref);
      if (!twice) return [];
      return [
        {
          warning: 'duplicate-job-refs' as const,
          place: jobField(listed, 'extra_refs', index),
          why: `job ${listed.job.name} of ${listed.repository} clones ${ref} more than once`,
          next: 'Remove one of the extra_refs.',
        },
      ];
    });
  });
}

/** `periodic-default-clone-config`: a periodic clones only its extra_refs, each with its own settings. */
export function periodicCloneSettings(subject: CheckSubject): readonly Finding[] {
  return listedJobs(subject).flatMap((listed) => {
    const { section, job } = listed;
    const depth = (job.clone_depth ?? 0) !== 0 ? ['clone_depth'] : [];
    const uri = (job.clone_uri ?? '') !== '' ? ['clone_uri'] : [];
    const alias = (job.path_alias ?? '') !== '' ? ['path_alias'] : [];
    if (section !== 'periodics') return [];
    return [...depth, ...uri, ...alias].map((field) => ({
      warning: 'periodic-default-clone-config' as const,
      place: jobField(listed, field),
      why: `${field} of the periodic ${job.name} means nothing: a periodic has no repository of its own`,
      next: 'Move it into the extra_refs that it is meant for.',
    }));
  });
}

/** `required-job-annotations`: what the operator wants every job to carry. */
export function requiredAnnotations(
  subject: CheckSubject,
  required: readonly string[],
): readonly Finding[] {
  return listedJobs(subject).flatMap((listed) => {
    const missing = required.filter((name) => !Object.hasOwn(listed.job.annotations, name));
    if (missing.length === 0) return [];
    return [
      {
        warning: 'required-job-annotations' as const,
        place: jobField(listed, 'annotations'),
        why: `job ${listed.job.name} lacks the annotation ${missing.join(', ')}`,
        next: 'Add it under annotations.',
      },
    ];
  });
}

/** `valid-decoration-config`: what a decorated pod cannot do without. */
export function decorationConfigs(subject: CheckSubject): readonly Finding[] {
  return onKubernetes(subject).flatMap((listed) => {
    const { job } = listed;
    if (job.decoration_config === undefined) return [];
    return decorationProblems(job.decoration_config).map(({ field, why, next }) => ({
      warning: 'valid-decoration-config' as const,
      place: jobField(listed, 'decoration_config', field),
      why: `the decoration of job ${job.name} is not valid: ${why}`,
      next,
    }));
  });
}

/** The pattern that every rerun command must match; undefined if the configuration has none. */
export function rerunPattern({ snapshot }: CheckSubject): string | undefined {
  return snapshot.prow.gerrit.allowed_presubmit_trigger_re || undefined;
}

function onKubernetes(subject: CheckSubject): readonly ListedJob[] {
  return listedJobs(subject).filter(({ job }) => job.agent === 'kubernetes');
}
