import { urlProblem } from '../url.ts';
import type { Complain } from './complain.ts';
import { decorationProblems } from './decoration-problems.ts';
import type { Job } from './jobs.ts';

/** Reports what Prow refuses about who may rerun a job, how its code is cloned and how its pod is decorated (J§4.5). */
export function checkAccess(job: Job, complain: Complain): void {
  // Prow looks at all this only in jobs that have containers.
  if (job.spec === undefined || job.spec.containers.length === 0) return;
  checkRerun(job, complain);
  checkCloning(job, complain);
  if (job.decoration_config === undefined) return;
  // One is enough: where the default decoration is missing, everything in it is.
  const [problem] = decorationProblems(job.decoration_config);
  if (problem !== undefined) {
    complain(['decoration_config', problem.field], problem.why, problem.next);
  }
}

function checkRerun(job: Job, complain: Complain): void {
  const { allow_anyone: anyone, ...lists } = job.rerun_auth_config ?? {};
  const named = Object.values(lists).some((list) => Array.isArray(list) && list.length > 0);
  if (anyone === true && named) {
    const next = 'Keep allow_anyone or the lists.';
    complain(['rerun_auth_config'], 'anyone may rerun it, and some are named', next);
  }
}

// Prow looks at the addresses of extra refs only where the job has an address of its own.
function checkCloning(job: Job, complain: Complain): void {
  const own = job.clone_uri ?? '';
  if (own === '') return;
  const byToken = job.decoration_config?.oauth_token_secret !== undefined;
  const addresses = [
    { path: ['clone_uri'], uri: own },
    ...(job.extra_refs ?? []).map(({ clone_uri: uri = '' }, index) => ({
      path: ['extra_refs', index, 'clone_uri'],
      uri,
    })),
  ];
  for (const { path, uri } of addresses) {
    const address = uri.slice(uri.indexOf('@') + 1);
    const problem = urlProblem(address);
    if (problem !== undefined) {
      complain(path, `this is no address: ${problem}`, 'Correct it.', { found: uri });
    } else if (byToken && !/^https?:/i.test(address)) {
      const next = 'Write an address with https://.';
      complain(path, 'a token is good for cloning by http only', next, { found: uri });
    }
  }
}
