import { automaticJobs, shouldRunAfterPush } from '../../config/matching.ts';
import type { Postsubmit, Presubmit } from '../../config/prow/jobs.ts';
import { availableJobs, concernsTrigger, requestedJobs } from '../../config/requests.ts';
import { pluginSettings, postsubmitsFor, presubmitsFor } from '../../config/snapshot.ts';
import type { Facts, JobFacts } from '../../workflows/domain/facts.ts';
import { type Batch, memoised } from './batch.ts';
import { withOwnJobs } from './own-jobs.ts';
import { changedFilesOf, knowStatuses } from './reading.ts';

/** What plugins ask of the configured jobs; the matching itself is `config/`'s (STYLE §4). */
export function jobFactsOf(
  batch: Batch,
): Pick<Facts, 'automaticJobs' | 'requestedJobs' | 'pushedJobs'> {
  const { org, repo } = batch.input.repository;
  const ask = async () => ({
    presubmits: presubmitsFor((await withOwnJobs(batch)).snapshot, org, repo),
    branch: batch.copy.wanted.baseRef,
    changedFiles: () => changedPaths(batch),
  });
  return {
    automaticJobs: async () => {
      const { presubmits, branch, changedFiles: files } = await ask();
      return (await automaticJobs(presubmits, { branch, files })).map(factsOfJob);
    },
    requestedJobs: async (body) => {
      const request = await ask();
      const matched = concernsTrigger(request.presubmits, body);
      if (!matched) return NOTHING;
      const chosen = await requestedJobs({
        ...request,
        body,
        failedContexts: () => contextsInState(batch, ['error', 'failure']),
        allContexts: () => contextsInState(batch, undefined),
        ignoreOkToTest: pluginSettings(batch.snapshot, org, repo).trigger.ignore_ok_to_test,
      });
      const available = await memoised(batch, 'available jobs', () => availableJobs(request));
      return {
        matched,
        jobs: chosen.map(({ presubmit }) => factsOfJob(presubmit)),
        requiredCommands: available.required,
        optionalCommands: available.optional,
        testAllNames: available.testAll,
        testAllRunsAll: available.testAllIsAll,
      };
    },
    pushedJobs: async (branch, changedFiles) => {
      const question = { branch, files: async () => changedFiles };
      const chosen: JobFacts[] = [];
      const { snapshot } = await withOwnJobs(batch);
      for (const job of postsubmitsFor(snapshot, org, repo)) {
        if (await shouldRunAfterPush(job, question)) chosen.push(factsOfJob(job));
      }
      return chosen;
    },
  };
}

const NOTHING = {
  matched: false,
  jobs: [],
  requiredCommands: [],
  optionalCommands: [],
  testAllNames: [],
  testAllRunsAll: false,
};

/** Paths that the pull request changes, as the change matchers see them. */
export async function changedPaths(batch: Batch): Promise<readonly string[]> {
  return (await changedFilesOf(batch)).map((file) => file.filename);
}

async function contextsInState(
  batch: Batch,
  states: readonly string[] | undefined,
): Promise<readonly string[]> {
  await knowStatuses(batch);
  return Object.entries(batch.copy.wanted.statuses)
    .filter(([, status]) => states === undefined || states.includes(status.state))
    .map(([context]) => context);
}

function factsOfJob(job: Presubmit | Postsubmit): JobFacts {
  return {
    name: job.name,
    context: job.context,
    optional: 'optional' in job ? job.optional : false,
    rerunCommand: 'rerun_command' in job ? job.rerun_command : '',
  };
}
