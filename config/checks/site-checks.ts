import { found as patternFound, patternProblem } from '../re2.ts';
import { urlProblem } from '../url.ts';
import type { Finding } from './finding.ts';
import { rerunPattern } from './job-checks.ts';
import { inConfig } from './places.ts';
import { orgOf } from './repository-set.ts';
import type { CheckSubject } from './subject.ts';
import { jobField, listedJobs } from './subject.ts';

/** `managed-webhooks`: two hooks deliver every event twice. */
export function managedWebhooks(subject: CheckSubject): readonly Finding[] {
  const names = Object.keys(subject.snapshot.prow.managed_webhooks?.org_repo_config ?? {});
  return names
    .filter((name) => name.includes('/') && names.includes(orgOf(name)))
    .map((name) => ({
      warning: 'managed-webhooks',
      place: inConfig(subject, 'managed_webhooks', 'org_repo_config', name),
      why: `${name} and its organisation both have a managed webhook: every event would come twice`,
      next: 'Keep one of the two.',
    }));
}

/** `validate-urls`: addresses that Go's URL parser refuses. */
export function urls(subject: CheckSubject): readonly Finding[] {
  const { status_error_link: link } = subject.snapshot.prow;
  const problem = urlProblem(link);
  if (problem === undefined) return [];
  return [
    {
      warning: 'validate-urls',
      place: inConfig(subject, 'status_error_link'),
      why: `status_error_link is no URL: ${problem}`,
      next: 'Write an address such as https://example.org/help.',
      found: JSON.stringify(link),
    },
  ];
}

/** Looked for always: what people are told to type must be what the organisation lets through. */
export function rerunCommands(subject: CheckSubject): readonly Finding[] {
  const pattern = rerunPattern(subject);
  if (pattern === undefined || patternProblem(pattern) !== undefined) return [];
  return listedJobs(subject).flatMap((listed) => {
    const { job } = listed;
    if (!('rerun_command' in job) || patternFound(pattern, job.rerun_command)) return [];
    return [
      {
        warning: 'rerun-command' as const,
        place: jobField(listed, 'rerun_command'),
        why: `the rerun_command of job ${job.name} is not among the commands that gerrit.allowed_presubmit_trigger_re lets through`,
        next: 'Change rerun_command and trigger, so that both fit the pattern.',
        found: JSON.stringify(job.rerun_command),
        allowed: pattern,
      },
    ];
  });
}
