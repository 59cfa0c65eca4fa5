import { PLACES } from '../configuration.ts';
import type { Figure } from '../figures.ts';
import type { BenchGitHub } from '../github.ts';
import { PROW } from '../prow.ts';
import type { Stage } from '../stage.ts';
import { quiet, until } from '../waiting.ts';

const AIM_KIB = 350;
/** Opened together; the next ones when these have been dealt with. */
const AT_ONCE = 50;

/** What worker and gateway hold in memory for so many open pull requests, over what they held before. */
export async function measureMemory(stage: Stage, count: number): Promise<readonly Figure[]> {
  const { github, keeping } = stage;
  const parts = ['worker', 'gateway'] as const;
  const before = { worker: await stage.memory('worker'), gateway: await stage.memory('gateway') };
  for (let opened = 0; opened < count; opened += AT_ONCE) {
    const pulls = Array.from({ length: Math.min(AT_ONCE, count - opened) }, (_, index) => ({
      title: `memory ${opened + index}`,
      files: { [`memory-${opened + index}.txt`]: 'one line\n' },
    }));
    const numbers = await github.open(PLACES.quiet, pulls);
    await until('the sizes of all', () => areSized(github, numbers), {
      patienceMs: 600_000,
      lookMs: 1_000,
    });
  }
  await quiet(github, 5_000);
  const figures: Figure[] = [];
  for (const part of parts) {
    const now = await stage.memory(part);
    const each = (now - before[part]) / count;
    figures.push({
      name: `RSS of the ${part} per open pull request, ${count} of them (${keeping})`,
      unit: 'KiB',
      ...(part === 'worker' ? { aim: `≤ ${AIM_KIB} KiB`, met: each <= AIM_KIB } : { aim: '' }),
      samples: [each],
      note: `${mebibytes(before[part])} before, ${mebibytes(now)} after`,
      prow: PROW.memory,
    });
  }
  return figures;
}

async function areSized(github: BenchGitHub, numbers: readonly number[]): Promise<boolean> {
  const labels = await github.labels(PLACES.quiet);
  return numbers.every((number) => labels.get(number)?.some((name) => name.startsWith('size/')));
}

function mebibytes(kibibytes: number): string {
  return `${(kibibytes / 1_024).toFixed(0)} MiB`;
}
