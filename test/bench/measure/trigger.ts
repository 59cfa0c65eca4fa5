import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PEOPLE, PLACES } from '../configuration.ts';
import type { Figure } from '../figures.ts';
import { PROW } from '../prow.ts';
import type { Stage } from '../stage.ts';
import { clock, quiet, until } from '../waiting.ts';

interface RunRow {
  readonly [column: string]: unknown;
  readonly location: string;
}

/** `/test` to the job's first line, and to the status at GitHub. */
export async function measureTrigger(stage: Stage, rounds: number): Promise<readonly Figure[]> {
  const { github, keeping } = stage;
  const repo = PLACES.jobs;
  const files = { 'trigger.txt': 'x\n' };
  const [number = 0] = await github.open(repo, [{ title: 'trigger', files }]);
  await until('the first run', async () => (await locations(stage, number)).length === 1);
  const started: number[] = [];
  const told: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await quiet(github, 1_000);
    await github.resetLedger();
    const before = clock();
    await github.say(repo, number, PEOPLE.author, '/test unit');
    await until('the next run', async () => (await locations(stage, number)).length > round + 1);
    const [newest = ''] = await locations(stage, number);
    const log = await readFile(fileURLToPath(`${newest}/build-log.txt`), 'utf8');
    started.push(Number(/^\d{13}$/m.exec(log)?.[0]) - before);
    const status = (await github.ledger()).find(
      ({ method, path }) => method === 'POST' && path.includes('/statuses/'),
    );
    if (status !== undefined) told.push(Date.parse(status.time) - before);
  }
  return [
    {
      name: `/test to the job's first line (${keeping})`,
      unit: 'ms',
      aim: '',
      samples: started,
      prow: PROW.test,
    },
    {
      name: `/test to the first status at GitHub (${keeping})`,
      unit: 'ms',
      aim: '',
      samples: told,
      prow: PROW.test,
    },
  ];
}

/** Folders of the ended runs of a pull request, newest first. */
async function locations({ database }: Stage, number: number): Promise<readonly string[]> {
  const rows = await database.query<RunRow>(
    `SELECT log_location AS location FROM runs
     WHERE number = $1 AND completed_at IS NOT NULL ORDER BY created_at DESC`,
    [number],
  );
  return rows.map(({ location }) => location);
}
