import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../workers/provision/ports.ts';
import type { End } from '../github/control/describe-end.ts';
import type { Names } from '../github/control/plain-text.ts';
import { type GitHub, startGitHub } from '../github/server.ts';
import { seedOf, writeFiles } from './configuration.ts';
import { describeEnd } from './end.ts';
import { repeatedStates } from './fold-states.ts';
import { type RunOfPod, startKubelet } from './kubelet.ts';
import type { Kubernetes } from './kubernetes.ts';
import { repositoryOf } from './people.ts';
import { restOf } from './rest.ts';
import { runsIn } from './runs.ts';
import type { Scenario } from './scenario.ts';
import { stageOn } from './stage.ts';
import type { Ground, Shown, System } from './system.ts';

/** How a scenario ended, and which statuses were written twice in a row; or why it came to no end. */
export type Played = (End & { readonly repeated: readonly string[] }) | Error;

/** A system on a fresh GitHub with a repository for each scenario. */
export interface Theatre {
  readonly github: GitHub;
  /** Plays all scenarios at once, and looks at what is left when nothing moves any more; by name. */
  play(): Promise<ReadonlyMap<string, Played>>;
  show(what: Shown): Promise<unknown>;
  close(): Promise<void>;
}

/** Who plays. */
export interface Company {
  readonly name: string;
  readonly start: (ground: Ground) => Promise<System>;
  /** Where its pods are. */
  readonly podNamespace: string;
}

const LOG_LINES = 60;
const LOG_WIDTH = 400;

/** Opens a theatre for each company; all of them, or none. */
export async function openTheatres(
  companies: readonly Company[],
  scenarios: readonly Scenario[],
  kubernetes: Kubernetes,
): Promise<readonly Theatre[]> {
  const opening = companies.map((company) => openTheatre(company, scenarios, kubernetes));
  try {
    return await Promise.all(opening);
  } catch (error) {
    const opened = await Promise.allSettled(opening);
    await Promise.all(opened.map((one) => one.status === 'fulfilled' && one.value.close()));
    throw error;
  }
}

/** Starts a GitHub, and the system on it. */
async function openTheatre(
  company: Company,
  scenarios: readonly Scenario[],
  kubernetes: Kubernetes,
): Promise<Theatre> {
  const folder = await mkdtemp(join(tmpdir(), 'bowsprit-conformance-'));
  // As root, the account that PostgreSQL runs as must reach its files in here.
  await chmod(folder, 0o755);
  const closing: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  ];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const github = await startGitHub();
    closing.push(() => github.close());
    const hookPort = await freePort();
    await github.control.seed(seedOf(scenarios, `http://127.0.0.1:${hookPort}/hook`));
    const files = await writeFiles(join(folder, 'files'), scenarios, company.podNamespace);
    const kubelet = startKubelet(await kubernetes.handIn(company.podNamespace), (run) =>
      isTold(github, run),
    );
    closing.push(() => kubelet.stop());
    const system = await company.start({ github, files, folder, hookPort, kubernetes });
    closing.push(() => system.stop());
    const play = (): Promise<ReadonlyMap<string, Played>> =>
      playAll(company.name, scenarios, github, system);
    return { github, show: system.show, close, play };
  } catch (error) {
    // Why it did not start says more than what its end may complain of.
    await close().catch(() => undefined);
    throw error;
  }
}

/** Whether GitHub shows that a run runs. */
function isTold({ control }: GitHub, { repository, pull, branch, context }: RunOfPod): boolean {
  const { issues, branches, newest } = control.state(repository);
  const sha = pull === '' ? branches[branch] : issues[pull]?.head;
  return newest[sha ?? '']?.[context]?.state === 'pending';
}

async function playAll(
  name: string,
  scenarios: readonly Scenario[],
  github: GitHub,
  system: System,
): Promise<ReadonlyMap<string, Played>> {
  const plays = scenarios.map((scenario) => {
    const { stage, names } = stageOn(github, repositoryOf(scenario.name));
    return { scenario, names, done: scenario.play(stage).then(() => undefined, asError) };
  });
  const failures = await Promise.all(plays.map(({ done }) => done));
  const showRuns = (): Promise<unknown> => system.show('runs');
  await restOf(
    github,
    scenarios.map((scenario) => repositoryOf(scenario.name)),
    showRuns,
  );
  const runs = await showRuns();
  const log = failures.some((failure) => failure !== undefined) ? await system.log() : '';
  const played = plays.map(({ scenario, names }, at): readonly [string, Played] => {
    const failure = failures[at];
    if (failure === undefined) return [scenario.name, endOf(scenario, { github, runs, names })];
    const message = `${name}: ${failure.message}\n${linesOn(log, scenario.name)}`;
    return [scenario.name, new Error(message, { cause: failure })];
  });
  return new Map(played);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function endOf(
  { name }: Scenario,
  { github, runs, names }: { github: GitHub; runs: unknown; names: Names },
): Played {
  const repository = repositoryOf(name);
  const end = github.control.state(repository);
  const described = describeEnd({ end, runs: runsIn(runs, repository), names });
  return { ...described, repeated: repeatedStates(end.statuses) };
}

/** The last lines of a log that speak of a repository. */
function linesOn(log: string, repository: string): string {
  const lines = log.split('\n').filter((line) => line.includes(repository));
  return lines
    .slice(-LOG_LINES)
    .map((line) => line.slice(0, LOG_WIDTH))
    .join('\n');
}
