import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../workers/provision/ports.ts';
import { type GitHub, startGitHub } from '../github/server.ts';
import { seedOf, writeFiles } from './configuration.ts';
import { describeEnd, type End } from './end.ts';
import { repeatedStates } from './fold-states.ts';
import { type Kubernetes, startKubernetes } from './kubernetes.ts';
import { ORG } from './people.ts';
import { restOf } from './rest.ts';
import { runsIn } from './runs.ts';
import type { Scenario } from './scenario.ts';

import { stageOn } from './stage.ts';
import type { Ground, Shown, System } from './system.ts';

/** A system on a fresh GitHub with a repository for each scenario. */
export interface Theatre {
  readonly github: GitHub;
  /** Plays one scenario to its end and says how that was, and which statuses were written twice. */
  play(scenario: Scenario): Promise<End & { readonly repeated: readonly string[] }>;
  show(what: Shown): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts a system on a ground. */
export type StartSystem = (ground: Ground, kubernetes: Kubernetes) => Promise<System>;

/** Starts a GitHub and a Kubernetes, and the system on both. */
export async function openTheatre(
  name: string,
  scenarios: readonly Scenario[],
  start: StartSystem,
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
    const files = await writeFiles(join(folder, 'files'), scenarios);
    const kubernetes = await startKubernetes();
    closing.push(() => kubernetes.stop());
    const { kubeconfig } = kubernetes;
    const system = await start({ github, files, folder, hookPort, kubeconfig }, kubernetes);
    closing.push(() => system.stop());
    return { github, show: system.show, close, play: playOn(name, github, system) };
  } catch (error) {
    // Why it did not start says more than what its end may complain of.
    await close().catch(() => undefined);
    throw error;
  }
}

function playOn(name: string, github: GitHub, system: System): Theatre['play'] {
  return async (scenario) => {
    const repository = `${ORG}/${scenario.name}`;
    const { stage, names } = stageOn(github, repository);
    await scenario.play(stage).catch(async (error: unknown) => {
      throw new Error(`${name}: ${String(error)}\n${await system.log()}`, { cause: error });
    });
    await restOf(github, repository);
    const runs = runsIn(await system.show('runs'), repository);
    const end = github.control.state(repository);
    return { ...describeEnd({ end, runs, names }), repeated: repeatedStates(end.statuses) };
  };
}
