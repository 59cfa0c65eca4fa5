import { expect, test } from 'vitest';
import { compareJobs } from '../../config/rendering/compare.ts';
import { comparedJobs } from '../../config/rendering/compared-jobs.ts';
import { comparisonWords } from '../../config/rendering/comparison-words.ts';
import { snapshotOf, withSpec } from './sample.ts';

const request = {
  baseRef: 'main',
  baseSha: '',
  pull: { number: 1, author: 'me', sha: 'b' },
  id: 'u',
  buildId: '1',
};

function compared(...jobs: readonly object[]) {
  return comparedJobs(snapshotOf({ presubmits: { 'o/r': jobs.map(withSpec) } }).jobs, request);
}

function spec(image: string, env: readonly object[] = []): object {
  return { containers: [{ image, command: ['x'], env }] };
}

test('jobs that come and go are named', () => {
  const change = compareJobs(
    compared({ name: 'a' }, { name: 'b' }),
    compared({ name: 'b' }, { name: 'c' }),
  );

  expect(change).toEqual({
    added: [{ type: 'presubmit', repo: 'o/r', job: 'c' }],
    removed: [{ type: 'presubmit', repo: 'o/r', job: 'a' }],
    changed: [],
    same: 1,
  });
});

test('when a job runs, and what its pod is, are told apart', () => {
  const before = compared({ name: 'a', always_run: false, spec: spec('x:1') });
  const after = compared({
    name: 'a',
    always_run: true,
    spec: spec('x:2', [{ name: 'N', value: 'v' }]),
  });
  const [change] = compareJobs(before, after).changed;

  expect(change?.fields).toEqual([{ path: 'when.always_run', before: false, after: true }]);
  expect(change?.pod).toContainEqual({
    path: 'containers[test].image',
    before: 'x:1',
    after: 'x:2',
  });
  expect(change?.pod).toContainEqual({ path: 'containers[test].env[N]', after: 'v' });
});

test('shards of one name are paired by what they are, not by where they stand', () => {
  const [one, two] = [
    { name: 'a', branches: ['x'], spec: spec('i:1') },
    { name: 'a', branches: ['y'], spec: spec('i:2') },
  ];

  expect(compareJobs(compared(one, two), compared(two, one))).toMatchObject({
    changed: [],
    same: 2,
  });
});

test('the same change of many jobs is told once', () => {
  const many = (image: string) =>
    compared(...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({ name, spec: spec(image) })));

  expect(comparisonWords(compareJobs(many('i:1'), many('i:2')))).toBe(
    [
      '0 jobs added, 0 removed, 7 changed, 0 the same.',
      '',
      'Changed',
      '  7 jobs: presubmit o/r a, presubmit o/r b, presubmit o/r c, presubmit o/r d, presubmit o/r e, and 2 more',
      '    pod.containers[test].image: "i:1" → "i:2"',
      '',
    ].join('\n'),
  );
});
