import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Figure } from '../figures.ts';

const PROGRAM = fileURLToPath(new URL('../../../dist/test/github/main.js', import.meta.url));
const REPO = 'bench/large';
const PULLS = 5_000;
const STARTS = 9;
const RESETS = 9;
const READERS = 8;
const READ_MS = 3_000;
const TICKS_PER_SECOND = 100;

const ready = z.object({ url: z.string() });

interface Emulator {
  readonly url: string;
  /** From its being started to its first answer. */
  readonly startedMs: number;
  /** Seconds of processor time that it took so far. */
  cpu(): Promise<number>;
  post(path: string, body: unknown): Promise<void>;
  stop(): Promise<void>;
}

async function start(): Promise<Emulator> {
  const began = performance.now();
  const child: ChildProcess = spawn(process.execPath, [PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout ?? process.stdin, 'data');
  const { url } = ready.parse(JSON.parse(String(line)));
  await ask(new URL(`${url}/rate_limit`));
  const startedMs = performance.now() - began;
  return {
    url,
    startedMs,
    async cpu() {
      const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    },
    async post(path, body) {
      const sent = { method: 'POST', body: JSON.stringify(body) };
      const answer = await fetch(url + path, { ...sent, signal: AbortSignal.timeout(120_000) });
      if (!answer.ok) throw new Error(`the emulator answered ${answer.status} to ${path}`);
      await answer.arrayBuffer();
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function seed(emulator: Emulator): Promise<void> {
  await emulator.post('/control/seed', {
    users: ['ann'],
    repos: [
      {
        name: REPO,
        files: { 'README.md': '# Large\n' },
        labels: Array.from({ length: 20 }, (_, index) => `label-${index}`),
      },
    ],
  });
}

async function measureStart(): Promise<Figure> {
  const samples: number[] = [];
  for (let index = 0; index < STARTS; index += 1) {
    const emulator = await start();
    samples.push(emulator.startedMs);
    await emulator.stop();
  }
  return figure(
    'emulator: start with an empty state, to the first answer',
    '< 300 ms',
    samples,
    (one) => one < 300,
  );
}

async function measureResets(emulator: Emulator): Promise<Figure> {
  const samples: number[] = [];
  for (let index = 0; index < RESETS; index += 1) {
    await seed(emulator);
    const began = performance.now();
    await emulator.post('/control/reset', {});
    samples.push(performance.now() - began);
  }
  return figure('emulator: reset', '< 50 ms', samples, (one) => one < 50);
}

function ask(url: URL, agent?: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, agent ? { agent } : {}, (answer) => {
      answer.resume();
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`the emulator answered ${answer.statusCode} to ${url.href}`));
      });
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** Reads per second of the emulator's own processor time: the reader has a core of its own. */
async function measureReads(emulator: Emulator): Promise<Figure> {
  await emulator.post('/control/reset', {});
  await seed(emulator);
  const url = new URL(`${emulator.url}/repos/${REPO}/labels`);
  const agent = new Agent({ keepAlive: true, maxSockets: READERS });
  const samples: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const before = await emulator.cpu();
    const until = performance.now() + READ_MS;
    let count = 0;
    const reader = async (): Promise<void> => {
      while (performance.now() < until) {
        await ask(url, agent);
        count += 1;
      }
    };
    await Promise.all(Array.from({ length: READERS }, reader));
    samples.push(count / ((await emulator.cpu()) - before));
  }
  agent.destroy();
  const aim = '≥ 1500 per second of one core';
  return figure('emulator: reads of labels', aim, samples, (one) => one >= 1500, '');
}

async function measureSeed(emulator: Emulator): Promise<Figure> {
  await emulator.post('/control/reset', {});
  await seed(emulator);
  const pulls = Array.from({ length: PULLS }, (_, index) => ({
    author: 'ann',
    title: `Change ${index}`,
    files: { [`files/${index}.txt`]: `${index}\n` },
  }));
  const began = performance.now();
  await emulator.post(`/control/repos/${REPO}/pulls`, pulls);
  const seconds = (performance.now() - began) / 1000;
  return figure(
    `emulator: ${PULLS} open pull requests seeded`,
    '< 10 s',
    [seconds],
    (one) => one < 10,
    's',
  );
}

function figure(
  name: string,
  aim: string,
  samples: readonly number[],
  fits: (median: number) => boolean,
  unit: Figure['unit'] = 'ms',
): Figure {
  const middle = [...samples].sort((one, other) => one - other)[Math.floor(samples.length / 2)];
  return { name, unit, aim, met: fits(middle ?? Number.NaN), samples };
}

/** How fast the emulator is: by the built program, as a process of its own. */
export async function measureEmulator(): Promise<readonly Figure[]> {
  const started = await measureStart();
  const emulator = await start();
  try {
    return [
      started,
      await measureResets(emulator),
      await measureReads(emulator),
      await measureSeed(emulator),
    ];
  } finally {
    await emulator.stop();
  }
}
