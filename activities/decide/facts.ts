import { pluginSettings, presubmitsFor } from '../../config/snapshot.ts';
import type { Facts } from '../../workflows/domain/facts.ts';
import { presentLabels } from '../../workflows/domain/label-facts.ts';
import type { PullRequestFacts } from '../../workflows/domain/pull-request-facts.ts';
import { baseHead } from './base-head.ts';
import { type Batch, memoised } from './batch.ts';
import { jobFactsOf } from './job-facts.ts';
import { NeedsOrdinary } from './needs-ordinary.ts';
import { withOwnJobs } from './own-jobs.ts';
import { ownersView } from './owners-view.ts';
import { changedFilesOf, comparisonOf, knowComments, knowLabels, knowStatuses } from './reading.ts';
import { isTrusted } from './trust.ts';

/** The facts of a batch, read through its working copy: what was wished a moment ago is already true. */
export function factsOf(batch: Batch): Facts {
  const { repository } = batch.input;
  const { org, repo } = repository;
  const settings = pluginSettings(batch.snapshot, org, repo);
  return {
    repository,
    settings,
    githubUrl: batch.snapshot.prow.github.link_url,
    get pullRequest(): PullRequestFacts {
      return batch.copy.wanted;
    },
    isBot: batch.isBot,
    ...recordFacts(batch),
    ...peopleFacts(batch),
    ...gitFacts(batch),
    ...jobFactsOf(batch),
    trust: (login) => memoised(batch, `trust ${login}`, () => isTrusted(batch, settings, login)),
    // Of any branch: the greeting and its label depend on the repository (W§1.1, step 0).
    hasPresubmits: async () =>
      presubmitsFor((await withOwnJobs(batch)).snapshot, org, repo).length > 0,
  };
}

function recordFacts(
  batch: Batch,
): Pick<Facts, 'labels' | 'assignees' | 'comments' | 'runs' | 'statuses'> {
  return {
    labels: async () => {
      await knowLabels(batch);
      return presentLabels(batch.copy.wanted);
    },
    assignees: async () => batch.copy.wanted.assignees,
    comments: async () => {
      await knowComments(batch);
      return batch.copy.wanted.comments;
    },
    runs: async () => Object.values(batch.copy.wanted.runs),
    statuses: async () => {
      await knowStatuses(batch);
      return batch.copy.wanted.statuses;
    },
  };
}

function peopleFacts(
  batch: Batch,
): Pick<
  Facts,
  'isMember' | 'isCollaborator' | 'isTeamMember' | 'mergedPullRequests' | 'labelActor' | 'body'
> {
  const { github } = batch.sources;
  const { repository, number } = batch.input;
  return {
    isMember: (login) => github.isMember(repository.org, login),
    isCollaborator: (login) => github.isCollaborator(repository, login),
    isTeamMember: (team, login) => github.isTeamMember(repository.org, team, login),
    mergedPullRequests: (author) =>
      memoised(batch, `merged ${author}`, () => github.mergedPullRequests(repository.org, author)),
    labelActor: async (label) => {
      // What GitHub does not know yet is our own wish.
      if (batch.copy.wanted.labels[label]?.wished === true) return batch.botLogin;
      return memoised(batch, `actor ${label}`, () => github.labelActor(repository, number, label));
    },
    body: () => memoised(batch, 'body', () => github.body(repository, number)),
  };
}

function gitFacts(
  batch: Batch,
): Pick<Facts, 'changedFiles' | 'owners' | 'fileAt' | 'generatedPaths' | 'headTree'> {
  const { git } = batch.sources;
  const { repository } = batch.input;
  const { ownersFile } = pluginSettings(batch.snapshot, repository.org, repository.repo).owners;
  const slow = <T>(name: string, ask: () => Promise<T>): Promise<T> => {
    if (batch.input.quick) return Promise.reject(new NeedsOrdinary(name));
    return memoised(batch, name, ask);
  };
  return {
    changedFiles: () => changedFilesOf(batch),
    owners: () =>
      slow('owners', async () =>
        ownersView(
          await git.owners(repository, await baseHead(batch, batch.copy.wanted.baseRef)),
          ownersFile,
        ),
      ),
    fileAt: (path, sha) => slow(`file ${sha} ${path}`, () => git.fileAt(repository, path, sha)),
    generatedPaths: (paths) =>
      slow(`generated ${paths.join(' ')}`, () => git.generatedPaths(comparisonOf(batch), paths)),
    headTree: () =>
      slow(`tree ${batch.copy.wanted.headSha}`, () =>
        git.treeOf(repository, batch.copy.wanted.headSha),
      ),
  };
}
