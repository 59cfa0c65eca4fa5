import type { StatusFact } from '../../../workflows/domain/record.ts';
import type { GitHub } from '../client.ts';
import type { CommitPlace } from './commits.ts';
import { allPages, type ReadOptions, reading, repositoryPath } from './reading.ts';

type Contexts = Readonly<Record<string, StatusFact>>;

const STATES = {
  error: 'error',
  failure: 'failure',
  pending: 'pending',
  success: 'success',
} as const;

function stateOf(text: string): StatusFact['state'] {
  return Object.values(STATES).find((state) => state === text) ?? 'error';
}

/** The newest status of each context of a commit. */
export async function readStatuses(
  github: GitHub,
  { repository, sha }: CommitPlace,
  options?: ReadOptions,
): Promise<Contexts> {
  const ask = reading(github, 'statuses', options);
  const statuses = await allPages(async (page) => {
    const { data, headers } = await ask('GET /repos/{owner}/{repo}/commits/{ref}/status', {
      ...repositoryPath(repository),
      ref: sha,
      ...page,
    });
    return { items: data.statuses, link: headers.link };
  });
  return Object.fromEntries(
    statuses.map(({ context, state, description, target_url, updated_at }) => [
      context,
      {
        state: stateOf(state),
        description: description ?? '',
        targetUrl: target_url ?? '',
        at: updated_at,
      },
    ]),
  );
}

interface CheckRun {
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly details_url: string | null;
  readonly completed_at: string | null;
  readonly started_at: string | null;
}

const PASSED = new Set(['success', 'neutral', 'skipped']);
const RANK: Readonly<Record<StatusFact['state'], number>> = {
  success: 0,
  pending: 1,
  failure: 2,
  error: 3,
};

/** A check run as a context (J§2.3): not completed is pending; neutral and skipped have passed. */
function contextOf(run: CheckRun): StatusFact {
  const done = run.status === 'completed';
  const passed = PASSED.has(run.conclusion ?? '');
  return {
    state: !done ? 'pending' : passed ? 'success' : 'failure',
    description: run.conclusion ?? run.status,
    targetUrl: run.details_url ?? '',
    at: run.completed_at ?? run.started_at ?? '',
  };
}

/** Check runs of a commit as contexts; of several with one name the best counts. */
export async function readCheckRuns(
  github: GitHub,
  { repository, sha }: CommitPlace,
  options?: ReadOptions,
): Promise<Contexts> {
  const ask = reading(github, 'check-runs', options);
  const runs = await allPages(async (page) => {
    const { data, headers } = await ask('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
      ...repositoryPath(repository),
      ref: sha,
      ...page,
    });
    return { items: data.check_runs, link: headers.link };
  });
  const contexts = new Map<string, StatusFact>();
  for (const run of runs) {
    const context = contextOf(run);
    const other = contexts.get(run.name);
    if (other === undefined || RANK[context.state] < RANK[other.state])
      contexts.set(run.name, context);
  }
  return Object.fromEntries(contexts);
}

/** Statuses and check runs of a commit together; a status hides a check run of its name. */
export async function readContexts(
  github: GitHub,
  commit: CommitPlace,
  options?: ReadOptions,
): Promise<Contexts> {
  const [statuses, checks] = await Promise.all([
    readStatuses(github, commit, options),
    readCheckRuns(github, commit, options),
  ]);
  return { ...checks, ...statuses };
}
