import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../workers/provision/ports.ts';
import { type GitHub, startGitHub } from '../github/server.ts';
import { townAt } from '../system/town.ts';
import { seedOf, writeFiles } from './configuration.ts';
import { describeEnd, type End } from './end.ts';
import { restOf } from './rest.ts';
import { ORG, type Scenario } from './scenario.ts';
import type { Stage, System } from './system.ts';

/** A system on a fresh GitHub with a repository for each scenario. */
export interface Theatre {
  readonly github: GitHub;
  /** Plays one scenario to its end and says how that was. */
  play(scenario: Scenario): Promise<End>;
  log(): Promise<string>;
  close(): Promise<void>;
}

const QUIET_MS = 2500;

/** Starts a GitHub, the system on it, and gives both their stage. */
export async function openTheatre(
  name: string,
  scenarios: readonly Scenario[],
  start: (stage: Stage) => Promise<System>,
): Promise<Theatre> {
  const folder = await mkdtemp(join(tmpdir(), 'bowsprit-conformance-'));
  // As root, the account that PostgreSQL runs as must reach its files in here.
  await chmod(folder, 0o755);
  const github = await startGitHub();
  let system: System | undefined;
  const close = async (): Promise<void> => {
    await system?.stop();
    await github.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const hookPort = await freePort();
    await github.control.seed(seedOf(scenarios, `http://127.0.0.1:${hookPort}/hook`));
    const files = await writeFiles(join(folder, 'files'), scenarios);
    system = await start({ github, files, folder, hookPort });
  } catch (error) {
    // Why it did not start says more than what its end may complain of.
    await close().catch(() => undefined);
    throw error;
  }
  const { log } = system;
  return {
    github,
    log,
    close,
    async play(scenario) {
      const repository = `${ORG}/${scenario.name}`;
      await scenario.play(townAt(github.url, repository)).catch((error: unknown) => {
        throw new Error(`${name}: ${String(error)}`, { cause: error });
      });
      await restOf(github, [repository], QUIET_MS);
      return describeEnd(github.control.state(repository));
    },
  };
}
