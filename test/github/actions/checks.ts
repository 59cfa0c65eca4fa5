import { timestamp } from '../hub.ts';
import { renderCheckRun, renderCheckSuite, runsOfSuite, suiteState } from '../render/checks.ts';
import type { CheckRun, CheckSuite } from '../state/checks.ts';
import { commitOf } from './commits.ts';
import { emit, type Scene } from './emit.ts';

/** What a check run is made or changed with, by REST's names. */
export interface CheckInput {
  readonly name?: string | undefined;
  readonly external_id?: string | undefined;
  readonly details_url?: string | undefined;
  readonly status?: string | undefined;
  readonly conclusion?: string | undefined;
  readonly started_at?: string | undefined;
  readonly completed_at?: string | undefined;
  readonly output?: Partial<CheckRun['output']> | undefined;
}

function branchAt({ repo }: Scene, sha: string): string | null {
  const found = Object.entries(repo.refs).find(
    ([ref, tip]) => tip === sha && ref.startsWith('refs/heads/'),
  );
  return found ? found[0].slice('refs/heads/'.length) : null;
}

/** The suite of an app at a commit, made if new. */
export function ensureSuite(scene: Scene, sha: string, app: number | null): CheckSuite {
  const { hub, repo } = scene;
  const suites = repo.checkSuites ?? [];
  repo.checkSuites = suites;
  const known = suites.find((suite) => suite.sha === sha && suite.app === app);
  if (known) return known;
  const now = timestamp();
  const suite: CheckSuite = {
    id: hub.store.nextId(),
    sha,
    branch: branchAt(scene, sha),
    app,
    createdAt: now,
    updatedAt: now,
  };
  suites.push(suite);
  return suite;
}

function emitRun(scene: Scene, place: { sha: string; run: CheckRun }, action: string): void {
  emit(scene, {
    event: 'check_run',
    about: `${place.sha} ${place.run.name}`,
    action,
    payload: () => ({ check_run: renderCheckRun(scene.hub, scene.repo, place) }),
  });
}

/** The head commit of a suite, as checks show it. */
export async function headCommitOf(scene: Scene, sha: string): Promise<Record<string, unknown>> {
  const commit = await commitOf(scene.hub, scene.repo, sha);
  const person = ({ name, email }: { name: string; email: string }) => ({ name, email });
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.author.date,
    author: person(commit.author),
    committer: person(commit.committer),
  };
}

/** Says something about a suite. */
export async function emitSuite(scene: Scene, suite: CheckSuite, action: string): Promise<void> {
  const headCommit = await headCommitOf(scene, suite.sha);
  emit(scene, {
    event: 'check_suite',
    action,
    payload: () => ({
      check_suite: renderCheckSuite(scene.hub, scene.repo, { suite, headCommit }),
    }),
  });
}

/** Writes the parts of a check run that were given. */
function assignParts(run: CheckRun, input: CheckInput): void {
  const { output, ...parts } = input;
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  Object.assign(run, Object.fromEntries(given));
  if (output) run.output = { ...run.output, ...output };
  if (input.conclusion !== undefined || run.status === 'completed') {
    run.status = 'completed';
    run.completed_at ??= timestamp();
  }
}

async function settle(scene: Scene, suite: CheckSuite): Promise<void> {
  suite.updatedAt = timestamp();
  if (suiteState(runsOfSuite(scene.repo, suite)).status !== 'completed') return;
  await emitSuite(scene, suite, 'completed');
}

/** Makes a check run. */
export async function createCheckRun(
  scene: Scene,
  place: { readonly sha: string; readonly app: number | null },
  input: CheckInput,
): Promise<CheckRun> {
  const { sha, app } = place;
  const suite = ensureSuite(scene, sha, app);
  const run: CheckRun = {
    id: scene.hub.store.nextId(),
    suite: suite.id,
    name: '',
    external_id: null,
    details_url: null,
    status: 'queued',
    conclusion: null,
    started_at: timestamp(),
    completed_at: null,
    output: { title: null, summary: null, text: null, annotations: [] },
    app,
  };
  assignParts(run, input);
  scene.repo.checkRuns[sha] = [...(scene.repo.checkRuns[sha] ?? []), run];
  emitRun(scene, { sha, run }, 'created');
  if (run.status === 'completed') await completed(scene, { sha, run });
  return run;
}

async function completed(scene: Scene, place: { sha: string; run: CheckRun }): Promise<void> {
  emitRun(scene, place, 'completed');
  const suite = scene.repo.checkSuites?.find(({ id }) => id === place.run.suite);
  if (suite) await settle(scene, suite);
}

/** Changes a check run. */
export async function updateCheckRun(
  scene: Scene,
  place: { readonly sha: string; readonly run: CheckRun },
  input: CheckInput,
): Promise<void> {
  const before = place.run.status;
  assignParts(place.run, input);
  scene.hub.store.touch();
  if (place.run.status === 'completed' && before !== 'completed') await completed(scene, place);
}

/** Asks the app of a check run to run it again. */
export function rerequestRun(
  scene: Scene,
  place: { readonly sha: string; readonly run: CheckRun },
): void {
  emitRun(scene, place, 'rerequested');
}
