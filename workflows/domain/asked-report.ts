import type { RunReport, RunRequest } from './run.ts';

/** The report of a run that was only just asked for, so that its owner knows it at once. */
export function askedReport(run: RunRequest): RunReport {
  const pulls = run.refs.pulls ?? [];
  return {
    uuid: run.uuid,
    version: 0,
    type: run.type,
    job: run.job,
    context: run.context,
    state: 'triggered',
    description: '',
    url: '',
    buildId: '',
    complete: false,
    createdAt: run.createdAt,
    // A batch is of many heads, and reported to none of them.
    headSha: run.type === 'presubmit' ? (pulls[0]?.sha ?? '') : '',
    baseRef: run.refs.base_ref,
    baseSha: run.refs.base_sha ?? '',
    pulls: pulls.map(({ number, sha }) => ({ number, sha })),
    optional: run.optional,
    report: run.report,
    rerunCommand: run.rerunCommand,
    cause: run.cause,
  };
}
