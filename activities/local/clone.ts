import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitSetting, runGit } from './git.ts';
import type { CloneOrder } from './run-order.ts';

/** One command of a clone, in the keys of Prow's `clone-records.json`. */
export interface CloneCommand {
  readonly command: string;
  readonly output: string;
  readonly error?: string;
  /** Nanoseconds. */
  readonly duration: number;
}

/** What cloning one repository came to, in Prow's keys (J§1.4.2). */
export interface CloneRecord {
  readonly refs: unknown;
  readonly commands: readonly CloneCommand[];
  readonly failed?: boolean;
  readonly final_sha?: string;
  readonly duration: number;
}

/** Where and how to clone. */
export interface CloneSetting {
  /** Clones go below it. */
  readonly go: string;
  readonly home: string;
  readonly marker: string;
  readonly path: string;
  readonly signal: AbortSignal;
  readonly retryWaitsMs: readonly number[];
}

/** Waits before a failed fetch is tried again (J§1.4.2). */
export const FETCH_WAITS_MS: readonly number[] = [
  100, 200, 400, 800, 2000, 5000, 10_000, 15_000, 30_000,
];

const ROBOT = ['-c', 'user.name=ci-robot', '-c', 'user.email=ci-robot@k8s.io'] as const;

class CloneFailed extends Error {}

/** Clones one repository: the base, then each pull request's head merged onto it, in order. */
export async function cloneRepository(
  order: CloneOrder,
  setting: CloneSetting,
): Promise<CloneRecord> {
  const began = process.hrtime.bigint();
  const commands: CloneCommand[] = [];
  const cwd = join(setting.go, order.path);
  const step = stepper({ commands, cwd, setting });
  const record = (extra: Partial<CloneRecord>): CloneRecord => ({
    refs: order.refs,
    commands,
    ...extra,
    duration: Number(process.hrtime.bigint() - began),
  });
  try {
    await mkdir(cwd, { recursive: true });
    await fetchBase(order, step);
    await mergePulls(order, step);
    if (order.submodules) await step(['submodule', 'update', '--init', '--recursive']);
    return record({ final_sha: (await step(['rev-parse', 'HEAD'])).trim() });
  } catch (error) {
    if (error instanceof CloneFailed) return record({ failed: true });
    throw error;
  }
}

/** The text of `clone-log.txt`. */
export function cloneLog(records: readonly CloneRecord[]): string {
  const lines = records.flatMap((record) => [
    ...record.commands.map(({ command, output, error }) =>
      [`$ ${command}`, output.trimEnd(), error ? `# error: ${error}` : '']
        .filter(Boolean)
        .join('\n'),
    ),
    record.failed ? '# cloning failed' : `# final SHA ${record.final_sha ?? 'unknown'}`,
  ]);
  return `${lines.join('\n')}\n`;
}

type Step = (
  argv: readonly string[],
  options?: { readonly retried?: boolean; readonly environment?: Record<string, string> },
) => Promise<string>;

async function fetchBase(order: CloneOrder, step: Step): Promise<void> {
  const depth = order.depth ? [`--depth=${order.depth}`] : [];
  await step(['init']);
  await step(['fetch', '--tags', '--prune', ...depth, '--', order.url], { retried: true });
  await step(['fetch', '--no-tags', ...depth, '--', order.url, order.baseSha ?? order.baseRef], {
    retried: true,
  });
  await step(['checkout', '--force', '-B', order.baseRef, 'FETCH_HEAD']);
}

/** Dates are the base's plus k seconds, so that the same refs give the same commits everywhere. */
async function mergePulls(order: CloneOrder, step: Step): Promise<void> {
  const base = Number((await step(['show', '-s', '--format=%ct', 'HEAD'])).trim());
  for (const [index, pull] of order.pulls.entries()) {
    const date = `${base + index + 1} +0000`;
    const wanted = pull.ref ?? pull.sha;
    await step(['fetch', '--no-tags', '--', order.url, wanted], { retried: true });
    await step([...ROBOT, 'merge', '--no-ff', '--no-stat', '-m', 'merge', pull.sha], {
      environment: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    });
  }
}

function stepper(of: {
  readonly commands: CloneCommand[];
  readonly cwd: string;
  readonly setting: CloneSetting;
}): Step {
  const { commands, cwd, setting } = of;
  const once = async (argv: readonly string[], environment?: Record<string, string>) => {
    const began = process.hrtime.bigint();
    const git: GitSetting = { ...setting, cwd, ...(environment ? { environment } : {}) };
    const { code, output } = await runGit(argv, git, setting.signal);
    commands.push({
      command: `git ${argv.join(' ')}`,
      output,
      ...(code === 0 ? {} : { error: `exit status ${code}` }),
      duration: Number(process.hrtime.bigint() - began),
    });
    return { code, output };
  };
  return async (argv, options = {}) => {
    for (const wait of [...(options.retried ? setting.retryWaitsMs : []), undefined]) {
      const { code, output } = await once(argv, options.environment);
      if (code === 0) return output;
      if (wait === undefined || setting.signal.aborted) break;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    throw new CloneFailed();
  };
}
