import { expect, test } from 'vitest';
import { createPoolActivities } from '../../activities/pool.ts';
import { parseConfig } from '../../config/parse.ts';
import type { PoolQuestion } from '../../workflows/ports.ts';
import { head, member } from '../domain/merging.ts';

const POOL = { repository: { org: 'Acme', repo: 'App' }, branch: 'main' };

/** What the pool decides while GitHub's base is `base`. */
function decide(
  question: Partial<PoolQuestion>,
  {
    config = '',
    base = 'base-1',
    merges = 'clean' as 'clean' | 'conflict' | 'unknown' | 'late',
  } = {},
) {
  const snapshot = parseConfig({ config: { name: 'config.yaml', text: config } });
  const activities = createPoolActivities({
    config: async () => ({ number: 7, snapshot }),
    readBaseSha: async () => base,
    git: {
      mergeTree: async () => {
        if (merges === 'late') await new Promise(() => undefined);
        if (merges === 'unknown') throw new Error('git is away');
        return merges === 'clean' ? { kind: 'clean', tree: '' } : { kind: 'conflict', files: [] };
      },
      pickBatch: async (_repository, { candidates, limit }) => ({
        pulls: candidates.filter(({ number }) => number !== 2).slice(0, limit || undefined),
        tree: '',
        commit: '',
        skipped: [{ number: 2, reason: 'conflict' }],
      }),
    },
    db: { query: async () => [] },
    ...(merges === 'late' ? { mergePatience: 10 } : {}),
  });
  return activities.decidePool({
    ...POOL,
    members: [],
    batches: [],
    failedBatches: [],
    ownMerges: [],
    merging: false,
    cause: 'first',
    ...question,
  });
}

const unit = {
  context: 'ci/unit',
  job: 'unit',
  state: 'success',
  baseSha: '',
  anyBase: false,
} as const;
const lint = { ...unit, context: 'ci/lint', job: 'lint' };
const external = { ...unit, context: 'cla', job: '', anyBase: true };

test('T09 a batch is made of those that git merges cleanly, a run per context that one of them needs', async () => {
  const members = [
    member(1, { contexts: [unit, external] }),
    member(2, { contexts: [unit] }),
    member(3, { contexts: [unit, lint] }),
  ];

  const order = await decide({ members });

  expect(order).toMatchObject({
    kind: 'trigger-batch',
    baseSha: 'base-1',
    pulls: [
      { number: 1, sha: head(1) },
      { number: 3, sha: head(3) },
    ],
    runs: [
      { job: 'lint', context: 'ci/lint' },
      { job: 'unit', context: 'ci/unit' },
    ],
  });
});

test('a batch run is what the job workflow expects, and belongs to the pool', async () => {
  const order = await decide({ members: [member(1), member(3, { trusted: true })] });

  expect(order.kind === 'trigger-batch' && order.runs).toMatchObject([
    {
      type: 'batch',
      owner: 'pool/acme/app/main',
      report: false,
      byPool: true,
      trusted: false,
      refs: {
        org: 'Acme',
        base_ref: 'main',
        base_sha: 'base-1',
        pulls: [
          { number: 1, sha: head(1), author: 'ann', head_ref: 'topic-1' },
          { number: 3, sha: head(3) },
        ],
      },
    },
  ]);
});

test('one decision, taken twice, asks for the same runs; another decision for others', async () => {
  const uuids = async (cause: string) => {
    const order = await decide({ members: [member(1), member(3)], cause });
    return order.kind === 'trigger-batch' ? order.runs.map(({ uuid }) => uuid) : [];
  };

  expect(await uuids('first')).toEqual(await uuids('first'));
  expect(await uuids('first')).not.toEqual(await uuids('second'));
});

test('where git leaves only one, it is tested alone', async () => {
  const order = await decide({ members: [member(1), member(2)] });

  expect(order).toMatchObject({
    kind: 'trigger',
    number: 1,
    contexts: ['unit'],
    baseSha: 'base-1',
  });
});

test.for([
  ['clean', 'trigger'],
  ['conflict', 'conflict'],
  ['unknown', 'trigger'],
  ['late', 'trigger'],
] as const)('T44 what merges so: %s, is met with %s, before its tests', async ([merges, kind]) => {
  const order = await decide({ members: [member(1)] }, { merges });

  expect(order).toMatchObject({ kind, number: 1, headSha: head(1), baseSha: 'base-1' });
});

test.for([
  ['T10 no batches', 'tide: {batch_size_limit: {"*": -1}}', 'trigger'],
  ['T11 two at most', 'tide: {batch_size_limit: {"Acme/App": 2}}', 'trigger-batch'],
] as const)('%s', async ([, config, kind]) => {
  const order = await decide({ members: [1, 3, 4].map((number) => member(number)) }, { config });

  expect(order.kind).toBe(kind);
  if (order.kind === 'trigger-batch') expect(order.pulls).toHaveLength(2);
});

test('T42 the configured priority decides who is merged first', async () => {
  const members = [
    member(3, { baseSha: 'base-1' }),
    member(9, { baseSha: 'base-1', labels: ['critical'] }),
  ];

  const order = await decide({ members }, { config: 'tide: {priority: [{labels: [critical]}]}' });

  expect(order).toMatchObject({ kind: 'merge', pulls: [{ number: 9 }] });
});

test('a base that our own merge has left behind is a lagging read', async () => {
  const question = { members: [member(1)], ownMerges: ['base-1', 'base-2'] };

  expect(await decide(question)).toMatchObject({
    kind: 'wait',
    baseSha: 'base-2',
    againAfter: 1_000,
  });
  expect(await decide(question, { base: 'base-2' })).toMatchObject({ kind: 'trigger' });
  expect(await decide(question, { base: 'pushed' })).toMatchObject({ baseSha: 'pushed' });
});
