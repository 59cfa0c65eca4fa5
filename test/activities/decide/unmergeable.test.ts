import { expect, test } from 'vitest';
import type { MergeabilityEvent } from '../../../workflows/domain/event.ts';
import { type GitHubState, headOf, isoOf, openPull } from './github-state.ts';
import { change, perform, say } from './story.ts';
import { newestRuns, openEntity, receive, reportOf, runChanged } from './world.ts';

async function opened() {
  const github = openPull('member');
  const entity = openEntity(github);
  await receive(entity, [change(github, 'opened', 'member')]);
  const tide = (head: number) => github.statuses.get(headOf(head))?.['tide'];
  return { github, entity, tide };
}

function found(github: GitHubState, mergeable: boolean, head = headOf(0)): MergeabilityEvent {
  github.clock += 60;
  const key = `${mergeable}:${github.clock}`;
  return {
    kind: 'mergeability',
    key,
    guid: '',
    at: isoOf(github.clock),
    sender: '',
    headSha: head,
    mergeable,
  };
}

test('T44 a conflict with the base is said, and a push makes it unknown again', async () => {
  const { github, entity, tide } = await opened();

  await receive(entity, [found(github, false)]);
  expect(tide(0)).toMatchObject({
    state: 'error',
    description: 'Not mergeable. PR has a merge conflict.',
  });

  await receive(entity, perform(github, { do: 'push' }, 1));
  expect(tide(2)).toMatchObject({ state: 'pending' });
});

test('T44 a conflict that a move of the base solved is over', async () => {
  const { github, entity, tide } = await opened();
  await receive(entity, [found(github, false)]);

  await receive(entity, [found(github, true)]);

  expect(tide(0)?.description).not.toContain('conflict');
});

test('what was found of another head says nothing of this one', async () => {
  const { github, entity, tide } = await opened();

  await receive(entity, [found(github, false, headOf(7))]);

  expect(tide(0)?.description).not.toContain('conflict');
});

test('T20 what the repository does not allow is said, not tried', async () => {
  const { github, entity, tide } = await opened();
  github.mergeMethods = ['squash'];
  github.clock += 60;
  await receive(entity, [say(github, 'owner', { id: 3, text: '/lgtm\n/approve' })]);
  for (const run of newestRuns(entity)) {
    github.clock += 60;
    await receive(entity, [runChanged(github, reportOf(run, 'success', 1))]);
  }

  expect(tide(0)?.description).toBe(
    'Not mergeable. Merge type "merge" disallowed by repo settings',
  );
  expect(entity.decisions.at(-1)?.lookAgain).toBeGreaterThan(600_000);
});
