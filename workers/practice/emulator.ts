import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readTail } from '../provision/log-tail.ts';
import { endOrphan } from '../provision/pid-file.ts';
import { bareEnvironment, spawnOwned } from '../provision/process.ts';
import { ProvisionError } from '../provision/provision-error.ts';
import { type Supervised, supervise } from '../provision/supervise.ts';

/** Long, for a machine that is busy with much else. */
const PATIENCE_MS = 90_000;

/** Runs the GitHub emulator as a process of its own, and waits until it answers. */
export async function startEmulator(
  stateDir: string,
  emulatorState: string,
  port: number,
): Promise<Supervised> {
  const inSource = import.meta.url.endsWith('.ts');
  const program = fileURLToPath(
    new URL(`../../test/github/main.${inSource ? 'ts' : 'js'}`, import.meta.url),
  );
  const options = {
    name: 'github',
    env: bareEnvironment(contractOfTests()),
    log: join(stateDir, 'logs', 'github.log'),
    pidFile: join(stateDir, 'github.pid'),
  };
  await endOrphan(options.pidFile);
  const args = [...process.execArgv, program, `--port=${port}`, `--state-dir=${emulatorState}`];
  const emulator = await supervise(() => spawnOwned(process.execPath, args, options), {
    name: 'github',
  });
  await answers(`http://127.0.0.1:${port}/rate_limit`, 'the GitHub emulator', options.log);
  return emulator;
}

/** In tests of the whole the emulator compares what it sends with GitHub's description, too. */
function contractOfTests(): Record<string, string> {
  const names = ['BOWSPRIT_GITHUB_CONTRACT', 'BOWSPRIT_GITHUB_VIOLATIONS'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Waits until an address answers anything at all; says where to look if it does not. */
export async function answers(url: string, what: string, log: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await fetch(url, { signal: AbortSignal.timeout(2_000) });
      return;
    } catch (error) {
      if (performance.now() > deadline) {
        throw new ProvisionError(
          `${what} did not come up in ${PATIENCE_MS / 1000} s. The end of its log, ${log}:\n${readTail(log)}`,
          { cause: error },
        );
      }
      await delay(100);
    }
  }
}
