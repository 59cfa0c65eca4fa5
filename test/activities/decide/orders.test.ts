import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DomainEvent } from '../../../workflows/domain/event.ts';
import { type GitHubState, isoOf, openPull } from './github-state.ts';
import { change, perform, say } from './story.ts';
import { openEntity, receive } from './world.ts';

/** An entity that has seen its pull request opened. */
async function opened(author = 'member') {
  const github = openPull(author);
  const entity = openEntity(github);
  await receive(entity, [change(github, 'opened', author)]);
  return { github, entity };
}

function saidOneByOne(
  github: GitHubState,
  speeches: readonly (readonly [by: string, text: string])[],
): readonly DomainEvent[] {
  return speeches.map(([by, text], place) => {
    github.clock = 100 + 60 * place;
    return say(github, by, { id: 100 + place, text });
  });
}

const anySpeech = fc.constantFrom<readonly [string, string]>(
  ['author', '/hold'],
  ['stranger', '/hold cancel'],
  ['member', '/unhold'],
  ['collaborator', '/lgtm'],
  ['owner', '/lgtm cancel'],
);

/** Speeches, the order in which their deliveries arrive, and where those are cut into batches. */
const anyMuddle = fc.array(anySpeech, { minLength: 1, maxLength: 6 }).chain((speeches) =>
  fc.record({
    speeches: fc.constant(speeches),
    arrival: fc.shuffledSubarray([...speeches.keys()], {
      minLength: speeches.length,
      maxLength: speeches.length,
    }),
    cuts: fc.array(fc.boolean(), { minLength: speeches.length, maxLength: speeches.length }),
  }),
);

test('comments that arrive in any order end as the newest command wants it', async () => {
  const property = fc.asyncProperty(anyMuddle, async ({ speeches, arrival, cuts }) => {
    const { github, entity } = await opened();
    const events = saidOneByOne(github, speeches);
    const waiting: DomainEvent[] = [];
    for (const [place, index] of arrival.entries()) {
      waiting.push(...events.slice(index, index + 1));
      if (cuts[place] !== true) continue;
      github.clock += 20;
      await receive(entity, waiting.splice(0));
    }
    await receive(entity, waiting);

    const last = (word: string) => speeches.findLast(([, text]) => text.includes(word))?.[1];
    expect(github.labels.has('do-not-merge/hold')).toBe(last('hold') === '/hold');
    expect(github.labels.has('lgtm')).toBe(last('lgtm') === '/lgtm');
  });

  await fc.assert(property, { numRuns: 300 });
});

test('an event that comes again, in its batch or later, changes nothing', async () => {
  const { github, entity } = await opened();
  const events = saidOneByOne(github, [
    ['stranger', '/lgtm'],
    ['member', '/test slow'],
    ['member', '/test ?'],
    ['member', '/hold'],
  ]);
  await receive(entity, [...events, ...events]);
  const writes = [...github.writes];
  const runs = entity.runs.length;

  github.clock += 60;
  await receive(entity, events);

  expect(github.writes).toEqual(writes);
  expect(entity.runs).toHaveLength(runs);
  expect(writes.filter((write) => write.startsWith('comment'))).toHaveLength(2);
});

test('what the bot sees of its own writes causes no decision about labels or comments', async () => {
  const { github, entity } = await opened();
  await receive(entity, saidOneByOne(github, [['collaborator', '/hold\n/lgtm\n/approve']]));
  const writes = [...github.writes];

  github.clock += 1;
  const echoes = ['do-not-merge/hold', 'lgtm'].map((label) => ({
    ...change(github, 'labeled', 'bowsprit[bot]'),
    key: `pr:5:labeled:${label}`,
    label,
  }));
  await receive(entity, echoes);

  expect(github.writes).toEqual(writes);
});

test('two contradicting writes of one second leave the record as GitHub is', async () => {
  const { github, entity } = await opened();
  github.clock = 100;
  await receive(entity, [say(github, 'member', { id: 1, text: '/hold' })]);
  const labeled = { ...change(github, 'labeled', 'bowsprit[bot]'), label: 'do-not-merge/hold' };
  await receive(entity, [say(github, 'member', { id: 2, text: '/hold cancel' })]);
  const unlabeled = { ...change(github, 'unlabeled', 'bowsprit[bot]'), label: 'do-not-merge/hold' };

  await receive(entity, [unlabeled, labeled]);

  expect(entity.record?.labels['do-not-merge/hold']?.present).toBe(false);
});

test('the echo of our own write does not beat a command that was said before it and comes late', async () => {
  const { github, entity } = await opened();
  const [hold, cancel, again] = [1, 2, 3].map((id) => {
    github.clock = 100 + id;
    return say(github, 'member', { id, text: id === 2 ? '/hold cancel' : '/hold' });
  });
  const late = { ...change(github, 'unlabeled', 'bowsprit[bot]'), label: 'do-not-merge/hold' };
  for (const said of [hold, cancel]) {
    github.clock += 20;
    await receive(entity, said === undefined ? [] : [said]);
  }
  const echo = { ...late, at: isoOf(github.clock), key: 'pr:5:unlabeled:echo' };

  await receive(entity, again === undefined ? [] : [again, echo]);

  expect(github.labels.has('do-not-merge/hold')).toBe(true);
});

test('a label that somebody takes off by hand stays off, although the order for it came first', async () => {
  const { github, entity } = await opened();
  const hold = saidOneByOne(github, [['member', '/hold']]);
  github.clock += 60;
  const act = { do: 'label', by: 'owner', label: 'do-not-merge/hold', on: false } as const;

  await receive(entity, [...hold, ...perform(github, act, 9)]);

  expect(github.labels.has('do-not-merge/hold')).toBe(false);
});

test('a status that follows news in its batch is heard, whatever the record said before', async () => {
  const { github, entity } = await opened();
  const succeeds = { do: 'status', context: 'cla', state: 'success' } as const;
  const acts = [
    succeeds,
    { do: 'status', context: 'cla', state: 'failure' } as const,
    { do: 'push' } as const,
    succeeds,
  ];
  const [first, failed, pushed, again] = acts.map((act, place) => {
    github.clock = 100 + 60 * place;
    return perform(github, act, place);
  });

  await receive(entity, first ?? []);
  await receive(entity, [...(failed ?? []), ...(pushed ?? []), ...(again ?? [])]);

  expect(entity.record?.statuses['cla']?.state).toBe('success');
});

test('an opened that was lost is made up for once; the real one comes too late', async () => {
  const github = openPull('author');
  const entity = openEntity(github);
  const real = change(github, 'opened', 'author');
  const [first, second] = saidOneByOne(github, [
    ['author', 'hello'],
    ['author', '/hold'],
  ]);

  await receive(entity, first === undefined ? [] : [first]);
  await receive(entity, second === undefined ? [real] : [second, real]);

  const greetings = github.said.filter(({ body }) => body.startsWith('Hi @author'));
  expect(greetings).toHaveLength(1);
  expect([...github.labels].sort()).toEqual(['do-not-merge/hold', 'needs-ok-to-test', 'size/M']);
});

test('an older pull request is evaluated, but neither greeted nor labelled for being seen', async () => {
  const github = openPull('author');
  github.labels.add('lgtm');
  const entity = openEntity(github, { adoptedSince: '2026-06-01T00:00:00Z' });

  await receive(entity, saidOneByOne(github, [['stranger', 'what a fine change']]));

  expect(github.said.map(({ author }) => author)).toEqual(['stranger']);
  expect([...github.labels]).toEqual(['lgtm']);
  const tide = github.statuses.get(github.pull.headSha)?.['tide']?.description;
  expect(tide).toBe('Not mergeable. Needs approved label.');
});

test('what an entity that has ended may have said already is looked for before it is said', async () => {
  const github = openPull('author');
  await receive(openEntity(github), [change(github, 'opened', 'author')]);
  const before = github.said.length;

  const next = openEntity(github);
  github.clock += 600;
  await receive(next, saidOneByOne(github, [['member', 'hello again']]));

  expect(github.said).toHaveLength(before + 1);
  expect(
    next.decisions[0]?.effects.every(({ cause, again }) => cause !== 'pr:5:opened' || again),
  ).toBe(true);
});
