import { expect, test } from 'vitest';
import { headOf, openPull } from './github-state.ts';
import { change, perform } from './story.ts';
import { newestRuns, openEntity, receive, reportOf, runChanged } from './world.ts';

const SHORT = 'Aborted by trigger plugin.';

/** A member's pull request, whose runs report these states. */
async function running(states: Readonly<Record<string, 'pending' | 'success'>>) {
  const github = openPull('member');
  const entity = openEntity(github);
  await receive(entity, [change(github, 'opened', 'member')]);
  for (const run of newestRuns(entity)) {
    github.clock += 60;
    await receive(entity, [runChanged(github, reportOf(run, states[run.job] ?? 'pending', 1))]);
  }
  const statuses = (head: number) =>
    Object.entries(github.statuses.get(headOf(head)) ?? {})
      .filter(([context]) => context !== 'tide')
      .map(([context, { state, description }]) => [context, state, description.includes(SHORT)])
      .sort();
  const writes = (head: number) =>
    github.writes.filter((write) => write.includes(headOf(head)) && !write.includes('tide')).length;
  return { github, entity, statuses, writes };
}

test('K01: a push ends what runs, and says so at the commit that was tested', async () => {
  const { github, entity, statuses } = await running({ unit: 'pending', lint: 'success' });

  await receive(entity, perform(github, { do: 'push' }, 1));

  expect(statuses(0)).toEqual([
    ['lint', 'success', false],
    ['unit', 'failure', true],
  ]);
});

test('K01: a second push does not say it again', async () => {
  const { github, entity, writes } = await running({ unit: 'pending', lint: 'pending' });
  await receive(entity, perform(github, { do: 'push' }, 1));
  expect(writes(0)).toBe(4);

  github.clock += 60;
  await receive(entity, perform(github, { do: 'push' }, 2));

  expect(writes(0)).toBe(4);
});

test('P02: a run that the same commit is tested with again is ended in silence', async () => {
  const { github, entity, statuses } = await running({ unit: 'pending', lint: 'pending' });
  github.clock += 60;
  const said = { do: 'say', by: 'member', text: '/test unit' } as const;

  await receive(entity, perform(github, said, 3));

  expect(entity.runs.filter(({ aborted }) => aborted).map(({ request }) => request.job)).toEqual([
    'unit',
  ]);
  expect(statuses(0)).toContainEqual(['unit', 'pending', false]);
});

test('P06: of three runs that are not over only the newest stays', async () => {
  const { github, entity } = await running({ unit: 'pending', lint: 'success' });
  for (const nth of [4, 5]) {
    github.clock += 60;
    await receive(entity, perform(github, { do: 'say', by: 'member', text: '/test unit' }, nth));
  }

  const units = entity.runs.filter(({ request }) => request.job === 'unit');
  expect(units.map(({ aborted }) => aborted)).toEqual([true, true, false]);
});
