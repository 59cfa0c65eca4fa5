import { expect, test } from 'vitest';
import type { DomainEvent } from '../../../workflows/domain/event.ts';
import { carryOut, headOf, isoOf, openPull } from './github-state.ts';
import { change, say } from './story.ts';
import { decideOnly, openEntity, receive } from './world.ts';

const HOLD = 'do-not-merge/hold';

async function opened(author = 'member') {
  const github = openPull(author);
  const entity = openEntity(github);
  await receive(entity, [change(github, 'opened', author)]);
  return { github, entity };
}

function statusOf(sha: string, at: number): DomainEvent {
  return {
    kind: 'status',
    key: `status:${at}`,
    guid: '',
    at: isoOf(at),
    sender: 'cla-bot',
    sha,
    context: 'cla',
    state: 'success',
    description: 'signed',
    targetUrl: '',
  };
}

test.for([
  ['/hold', '/hold cancel', false],
  ['/hold cancel', '/hold', true],
] as const)(
  '%s that GitHub took without answering is undone by %s',
  async ([first, second, held]) => {
    const { github, entity } = await opened();
    if (held) {
      github.clock = 60;
      await receive(entity, [say(github, 'member', { id: 1, text: '/hold' })]);
    }
    github.clock = 120;
    const isStuck = () => true;
    await receive(entity, [say(github, 'member', { id: 2, text: first })], isStuck);
    github.clock = 180;
    const late = say(github, 'member', { id: 3, text: second });
    for (const { keyed } of entity.parked.values()) carryOut(github, keyed, 'bowsprit');
    expect(github.labels.has(HOLD)).toBe(!held);

    await receive(entity, [late]);

    expect(github.labels.has(HOLD)).toBe(held);
  },
);

test('a status that came before the push it belongs to counts', async () => {
  const { github, entity } = await opened();
  github.clock = 60;
  const early = statusOf(headOf(1), 60);
  github.statuses.set(headOf(1), {
    cla: { state: 'success', description: 'signed', targetUrl: '', at: isoOf(60) },
  });
  await receive(entity, [early]);

  github.pull = { ...github.pull, headSha: headOf(1) };
  await receive(entity, [change(github, 'synchronize', 'member')]);

  expect(entity.record?.statuses['cla']?.state).toBe('success');
});

test('a status that came before the pull request was opened counts', async () => {
  const github = openPull('member');
  const entity = openEntity(github);
  github.statuses.set(headOf(0), {
    cla: { state: 'success', description: 'signed', targetUrl: '', at: isoOf(0) },
  });

  await receive(entity, [change(github, 'opened', 'member')]);

  expect(entity.record?.statuses['cla']?.state).toBe('success');
});

test('an order is carried out while git cannot be read', async () => {
  const { github, entity } = await opened();
  const away = (): never => {
    throw Object.assign(new Error('git fetch: cannot be reached'), { name: 'GitFailure' });
  };
  entity.sources.git.knownChangedFiles = () => undefined;
  entity.sources.git.changedFiles = away;
  github.clock = 60;

  const decision = await decideOnly(entity, [say(github, 'member', { id: 1, text: '/hold' })]);

  expect(decision.effects.map(({ key }) => key)).toEqual([`label:${HOLD}`]);
  expect(decision.member).toBeUndefined();
  expect(decision.undecided).toMatchObject([{ plugin: 'tide', transient: true }]);
});

test('an event of a pull request that GitHub does not show is not let go of', async () => {
  const github = openPull('member');
  const entity = openEntity(github);
  entity.sources.github.pullRequest = async () => undefined;

  const deciding = decideOnly(entity, [say(github, 'member', { id: 1, text: '/hold' })]);

  await expect(deciding).rejects.toThrow(/GitHub does not show/);
});

test('an opening that is told of when all is over opens nothing', async () => {
  const github = openPull('member');
  const entity = openEntity(github);
  const late = change(github, 'opened', 'member');
  github.clock = 3_600;
  github.pull = { ...github.pull, state: 'closed', updatedAt: isoOf(60) };

  await receive(entity, [late]);

  expect(entity.record?.state).toBe('closed');
  expect(entity.runs).toEqual([]);
  expect(github.writes).toEqual([]);
});
