import { z } from 'zod';
import { newestStatuses } from '../../actions/statuses.ts';
import { requiredContexts } from '../../render/protection.ts';
import { nodeId } from '../../render/urls.ts';
import type { Repo, Status } from '../../state/model.ts';
import type { Place, View } from '../world.ts';
import { actorView } from './account.ts';
import { connection } from './connection.ts';

/** What is read of a check run, which the model keeps in REST's form. */
const checkRunSchema = z.object({
  id: z.number(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullish(),
  details_url: z.string().nullish(),
  html_url: z.string().nullish(),
  external_id: z.string().nullish(),
  started_at: z.string().nullish(),
  completed_at: z.string().nullish(),
});
type CheckRun = z.output<typeof checkRunSchema>;

const requiredArgs = z.object({ pullRequestNumber: z.number().nullish() });

function isRequired(repo: Repo, context: string) {
  return (args: unknown): boolean => {
    const number = requiredArgs.parse(args).pullRequestNumber;
    const branch = repo.issues[number ?? '']?.pull?.base.ref;
    return branch !== undefined && requiredContexts(repo.protection[branch]).includes(context);
  };
}

function contextView({ world, repo }: Place, status: Status): View {
  return {
    __typename: 'StatusContext',
    id: nodeId('StatusContext', status.id),
    context: status.context,
    description: status.description,
    state: status.state.toUpperCase(),
    targetUrl: status.targetUrl,
    avatarUrl: `${world.hub.address.url}/assets/avatar.svg`,
    createdAt: status.createdAt,
    creator: actorView(world, status.creator),
    isRequired: isRequired(repo, status.context),
  };
}

function checkRunView({ world, repo }: Place, run: CheckRun): View {
  const page = `/${repo.owner}/${repo.name}/runs/${run.id}`;
  const url = run.html_url ?? world.hub.address.url + page;
  return {
    __typename: 'CheckRun',
    id: nodeId('CheckRun', run.id),
    databaseId: run.id,
    name: run.name,
    status: run.status.toUpperCase(),
    conclusion: run.conclusion?.toUpperCase() ?? null,
    detailsUrl: run.details_url ?? null,
    externalId: run.external_id ?? null,
    startedAt: run.started_at ?? null,
    completedAt: run.completed_at ?? null,
    url,
    permalink: url,
    resourcePath: page,
    isRequired: isRequired(repo, run.name),
  };
}

function stateOf(states: readonly string[]): string {
  if (states.includes('ERROR')) return 'ERROR';
  if (states.includes('FAILURE')) return 'FAILURE';
  return states.every((state) => state === 'SUCCESS') ? 'SUCCESS' : 'PENDING';
}

const PASSED = new Set(['success', 'neutral', 'skipped']);

function stateOfRun({ status, conclusion }: CheckRun): string {
  if (status !== 'completed') return 'PENDING';
  return PASSED.has(conclusion ?? '') ? 'SUCCESS' : 'FAILURE';
}

function statusesAt(repo: Repo, sha: string): readonly Status[] {
  return newestStatuses(repo.statuses[sha] ?? []);
}

function stateOfStatus({ state }: Status): string {
  return state.toUpperCase();
}

/** The statuses of a commit; null if there are none. */
export function statusView(place: Place, sha: string): View | null {
  const statuses = statusesAt(place.repo, sha);
  if (statuses.length === 0) return null;
  return {
    id: nodeId('Status', sha),
    state: stateOf(statuses.map(stateOfStatus)),
    contexts: () => statuses.map((status) => contextView(place, status)),
    context: ({ name }: { readonly name: string }) => {
      const status = statuses.find(({ context }) => context === name);
      return status ? contextView(place, status) : null;
    },
    combinedContexts: (args: unknown) => contextsOf(place, sha, args),
  };
}

/** The newest check run of each name. */
function runsAt(repo: Repo, sha: string): readonly CheckRun[] {
  const runs = (repo.checkRuns[sha] ?? []).map((run) => checkRunSchema.parse(run));
  return [...new Map(runs.map((run) => [run.name, run])).values()];
}

function contextsOf(place: Place, sha: string, args: unknown): View {
  const views = [
    ...runsAt(place.repo, sha).map((run) => () => checkRunView(place, run)),
    ...statusesAt(place.repo, sha).map((status) => () => contextView(place, status)),
  ];
  return connection(views, args, (view) => view());
}

/** Statuses and check runs of a commit together; null if there are none. */
export function rollupView(place: Place, sha: string): View | null {
  const states = [
    ...runsAt(place.repo, sha).map(stateOfRun),
    ...statusesAt(place.repo, sha).map(stateOfStatus),
  ];
  if (states.length === 0) return null;
  return {
    id: nodeId('StatusCheckRollup', sha),
    state: stateOf(states),
    contexts: (args: unknown) => contextsOf(place, sha, args),
  };
}
