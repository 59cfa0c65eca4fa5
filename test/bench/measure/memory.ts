import { PLACES } from '../configuration.ts';
import type { Figure } from '../figures.ts';
import { PROW } from '../prow.ts';
import type { Stage } from '../stage.ts';
import { quiet } from '../waiting.ts';

const AIM_KIB = 350;

/** What worker and gateway hold in memory for so many open pull requests, over what they held before. */
export async function measureMemory(stage: Stage, count: number): Promise<readonly Figure[]> {
  const { github, keeping } = stage;
  const parts = ['worker', 'gateway'] as const;
  const before = { worker: await stage.memory('worker'), gateway: await stage.memory('gateway') };
  const pulls = Array.from({ length: count }, (_, index) => ({
    title: `memory ${index}`,
    files: { [`memory-${index}.txt`]: 'one line\n' },
  }));
  await github.open(PLACES.quiet, pulls);
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

function mebibytes(kibibytes: number): string {
  return `${(kibibytes / 1_024).toFixed(0)} MiB`;
}
