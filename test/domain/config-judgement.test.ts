import { expect, test } from 'vitest';
import {
  dueOffer,
  type Judgement,
  judgeOffer,
  meantHash,
} from '../../workflows/domain/config-judgement.ts';
import type { ConfigOffer } from '../../workflows/domain/config-offer.ts';
import {
  activeOf,
  type ConfigState,
  emptyConfig,
  withActivation,
  withHeld,
  withoutWorkers,
  withRefused,
  withRejected,
} from '../../workflows/domain/config-state.ts';

const hashOf = (content: string) => content.padEnd(64, '0');
const CONFIRM_AFTER = 120_000;

interface Story {
  state: ConfigState;
  sequence: number;
}

/** `A:v1` is found by worker A when it starts, `A>v2` is what A's files change to. Good offers become active. */
function act(story: Story, step: string): Judgement {
  const [, worker = '', sign, content = ''] = /^(\w+)([:>])(\w+)$/.exec(step) ?? [];
  story.sequence += 1;
  const offer: ConfigOffer = {
    worker: `${worker}/1`,
    sequence: story.sequence,
    at: '2026-11-28T10:00:00Z',
    cause: sign === ':' ? 'start' : 'change',
    hash: hashOf(content),
    dropLimit: 0.25,
    rollbackAfterMs: CONFIRM_AFTER,
  };
  const { state, judgement } = judgeOffer(story.state, offer);
  story.state = judgement === 'try' ? activated(state, offer.hash) : state;
  return judgement;
}

function activated(state: ConfigState, hash: string): ConfigState {
  const number = (activeOf(state)?.number ?? 0) + 1;
  return withActivation(state, { number, hash, at: '', by: '', why: '' });
}

function play(steps: readonly string[]): Story & { readonly judgements: readonly Judgement[] } {
  const story: Story = { state: emptyConfig(), sequence: 0 };
  const judgements = steps.map((step) => act(story, step));
  return { ...story, judgements };
}

const history = ({ state }: Story) =>
  state.activations.map(({ hash }) => hash.replace(/0+$/, '')).join(' ');

test.for([
  ['the first is active at once', 'A:v1', 'v1'],
  ['a change is active at once', 'A:v1 A>v2', 'v1 v2'],
  ['several workers with one content agree', 'A:v1 B:v1 A>v2 B>v2', 'v1 v2'],
  ['a new worker brings a new content', 'A:v1 B:v2', 'v1 v2'],
  ['an old worker beside it changes nothing when it starts again', 'A:v1 B:v2 A2:v1', 'v1 v2'],
  ['nor again and again', 'A:v1 B:v2 A2:v1 A3:v1 B2:v2 A4:v1', 'v1 v2'],
  ['what was changed back on purpose comes back', 'A:v1 A>v2 A>v1', 'v1 v2 v1'],
  ['a worker that lags walks the same way', 'A:v1 B:v1 B>v2 B>v1 A>v2 A>v1', 'v1 v2 v1'],
  ['it may skip a step', 'A:v1 B:v1 B>v2 B>v3 A>v3', 'v1 v2 v3'],
  ['it may lag by a step for long', 'A:v1 B:v1 B>v2 B>v3 A>v2 B>v4 A>v3 A>v4', 'v1 v2 v3 v4'],
  ['what it alone saw on the way is no news', 'A:v1 B:v1 B>v3 A>v2 A>v3', 'v1 v3'],
  ['having arrived it may go ahead', 'A:v1 B:v1 B>v2 A>v2 A>v3 B>v3', 'v1 v2 v3'],
  [
    'going back and forth, each time all together',
    'A:v1 B:v1 A>v2 B>v2 B>v1 A>v1 A>v2 B>v2',
    'v1 v2 v1 v2',
  ],
] as const)('%s: %s', ([, steps, expected]) => {
  expect(history(play(steps.split(' ')))).toBe(expected);
});

test('any interleaving of workers that go the same way gives that way', () => {
  const way = ['v1', 'v2', 'v1', 'v3', 'v2'];
  const expected = 'v1 v2 v1 v3 v2';
  // Every order in which two followers can come behind a leader.
  const lags = [0, 1, 2, 3, 4];
  for (const [lagB, lagC] of lags.flatMap((one) => lags.map((other) => [one, other] as const))) {
    const story: Story = { state: emptyConfig(), sequence: 0 };
    const move = (worker: string, at: number) =>
      at > 0 && at < way.length ? act(story, `${worker}>${way[at]}`) : undefined;
    for (const worker of ['A', 'B', 'C']) act(story, `${worker}:v1`);
    for (let tick = 1; tick < way.length + 5; tick += 1) {
      move('A', tick);
      move('B', tick - lagB);
      move('C', tick - lagC);
    }
    expect(history(story), `${lagB} ${lagC}`).toBe(expected);
  }
});

test('an older one comes back when no worker has the active one any more, and that for a while', () => {
  const { state } = play(['A:v1', 'B:v2', 'C:v1']);
  const [v1, v2] = [hashOf('v1'), hashOf('v2')];
  const everybody = new Map([
    ['B/1', v2],
    ['C/1', v1],
  ]);
  const withoutB = new Map([['C/1', v1]]);

  const together = dueOffer(state, everybody, 0);
  expect(together.offer).toBeUndefined();
  const alone = dueOffer(together.state, withoutB, 1_000);
  expect(alone.offer).toBeUndefined();
  const back = dueOffer(alone.state, everybody, 60_000);
  const again = dueOffer(back.state, withoutB, 61_000);
  expect(dueOffer(again.state, withoutB, 150_000).offer).toBeUndefined();
  expect(dueOffer(again.state, withoutB, 61_000 + CONFIRM_AFTER).offer?.hash).toBe(v1);
});

test('what a lagging worker saw on the way counts if it stays there', () => {
  const { state, judgements } = play(['A:v1', 'B:v1', 'B>v2', 'A>v3']);
  const standing = new Map([
    ['A/1', hashOf('v3')],
    ['B/1', hashOf('v2')],
  ]);

  expect(judgements.at(-1)).toBe('waits');
  const first = dueOffer(state, standing, 0);
  expect(first.offer).toBeUndefined();
  expect(dueOffer(first.state, standing, CONFIRM_AFTER).offer?.hash).toBe(hashOf('v3'));
  const moved = new Map([
    ['A/1', hashOf('v2')],
    ['B/1', hashOf('v2')],
  ]);
  expect(dueOffer(first.state, moved, CONFIRM_AFTER).state.waiting).toEqual([]);
});

test('what a worker said before it said something newer is not heard any more', () => {
  const story: Story = { state: emptyConfig(), sequence: 5 };
  act(story, 'A:v1');
  act(story, 'A>v2');
  story.sequence = 5;

  expect(act(story, 'A>v1')).toBe('stale');
  expect(history(story)).toBe('v1 v2');
});

const NOTHING = { before: 0, after: 0, dropped: 0, names: [] };

function heldState(): ConfigState {
  const { state } = play(['A:v1', 'B:v1']);
  const offer = {
    worker: 'A/1',
    sequence: 50,
    at: '',
    cause: 'change',
    hash: hashOf('abcdef12'),
    dropLimit: 0.25,
    rollbackAfterMs: 0,
  } as const;
  const judged = judgeOffer(state, offer);
  return withHeld(judged.state, { offer, since: '', jobs: NOTHING, repositories: NOTHING });
}

test('what is held back goes when no worker has it any more', () => {
  const state = heldState();
  const back = { ...state.held?.offer, sequence: 51, hash: hashOf('v1') } as ConfigOffer;

  expect(judgeOffer(state, back).state.held).toBeUndefined();
  expect(withoutWorkers(state, (worker) => worker === 'A/1').held).toBeUndefined();
  expect(withoutWorkers(state, (worker) => worker === 'B/1').held).toBeDefined();
});

test('what is held back or rejected is not asked about again by another worker', () => {
  const state = heldState();
  const hash = hashOf('abcdef12');
  const other = { ...state.held?.offer, worker: 'B/1', sequence: 60 } as ConfigOffer;

  expect(judgeOffer(state, other).judgement).toBe('held');
  const rejected = withRejected(state, { hash, by: 'ann', at: '' });
  expect(rejected.held).toBeUndefined();
  expect(judgeOffer(rejected, other).judgement).toBe('rejected');
  expect(meantHash(rejected, hash, 'confirm')).toEqual({ hash });
  expect(meantHash(rejected, hash, 'reject')).toHaveProperty('problem');
});

test.for([
  ['abcdef12', undefined],
  ['ABCDEF12', undefined],
  ['abcdef1', 'is no hash'],
  ['yes', 'is no hash'],
  ['12345678', 'does not wait to be confirmed; waiting: abcdef120000'],
] as const)('a person names what waits by its hash: %s', ([given, problem]) => {
  const meant = meantHash(heldState(), given, 'confirm');

  if (problem === undefined) expect(meant).toEqual({ hash: hashOf('abcdef12') });
  else expect(meant).toEqual({ problem: expect.stringContaining(problem) });
});

test('a process that could not start is forgiven when its host brings something good', () => {
  const { state } = play(['A:v1']);
  const refused = withRefused(state, { worker: 'B/start', at: '', problems: [], total: 1 });
  const offer = { ...heldState().held?.offer, worker: 'B/9', hash: hashOf('v1') } as ConfigOffer;

  expect(refused.refused).toHaveLength(1);
  expect(judgeOffer(refused, offer).state.refused).toEqual([]);
});
