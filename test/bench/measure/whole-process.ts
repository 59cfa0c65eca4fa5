import { spawn } from 'node:child_process';

/** What a run of a program cost. */
export interface ProcessCost {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
}

// Said by the process itself as it ends; what `getrusage` counts is all of its threads.
const TELL = `data:text/javascript,${encodeURIComponent(`
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    process.stderr.write('\\ncost ' + JSON.stringify([userCPUTime + systemCPUTime, maxRSS]));
  });
`)}`;

/**
 * Runs a program of Node from its start to its end.
 * @throws Error if it cannot be started, or ends without saying what it cost
 */
export async function runMeasured(program: readonly string[]): Promise<ProcessCost> {
  const start = performance.now();
  const child = spawn(process.execPath, ['--import', TELL, ...program], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  const wallMs = performance.now() - start;
  const cost: unknown = JSON.parse(/\ncost (.*)$/.exec(said)?.[1] ?? 'null');
  if (!Array.isArray(cost)) throw new Error(`${program.join(' ')} did not end well: ${said}`);
  const [microseconds, kibibytes] = cost.map(Number);
  return { wallMs, cpuMs: (microseconds ?? 0) / 1000, peakMiB: (kibibytes ?? 0) / 1024 };
}
