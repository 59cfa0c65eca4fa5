import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseDeclared } from '../../config/declared/parse.ts';
import { quickFor, REFUSED } from '../../config/declared/quick.ts';
import { tidyFor } from '../../config/declared/tidy.ts';
import {
  count,
  duration,
  durationOrNumber,
  flag,
  raw,
  scalar,
  scalars,
  text,
  textByKey,
  texts,
  typed,
} from '../../config/prow/fields.ts';
import { problemsOf, snapshotOf, withSpec } from './sample.ts';

const declaration = z.object({
  name: text.default(''),
  loose: scalar.optional().describe('Kept through a description.'),
  list: texts,
  looseList: scalars,
  labels: textByKey.default({}),
  flags: z.record(z.string(), flag).default({}),
  amount: count.optional(),
  wait: durationOrNumber.optional(),
  period: duration.optional(),
  anything: raw.optional(),
  inner: z.object({ deep: text.optional() }).prefault({}),
  either: z.union([z.array(text), z.object({ x: text })]).optional(),
  volume: typed('Volume', { name: text.optional() }).optional(),
});

describe('what a declaration makes of a value', () => {
  test.for<[object, object]>([
    [{}, { name: '', list: [], inner: {} }],
    [
      { Name: 'a', INNER: { Deep: 'b' } },
      { name: 'a', inner: { deep: 'b' } },
    ],
    [{ NAME: 'a', name: 'b' }, { name: 'b' }],
    [
      { name: null, list: null },
      { name: '', list: [] },
    ],
    [{ list: ['a', null] }, { list: ['a', ''] }],
    [{ labels: { a: null, B: 'x' } }, { labels: { a: '', B: 'x' } }],
    [{ flags: { '*': null } }, { flags: { '*': false } }],
    [
      { loose: 1.5, looseList: [true, 7] },
      { loose: '1.5', looseList: ['true', '7'] },
    ],
    [{ loose: 12345678.9 }, { loose: '1.2345679e+07' }],
    [{ loose: 0.00001 }, { loose: '1e-05' }],
    [{ loose: Number.NEGATIVE_INFINITY }, { loose: '-Inf' }],
    [{ wait: 90e9 }, { wait: '1m30s' }],
    [{ anything: { a: null, b: { c: null } } }, { anything: { b: {} } }],
    [{ either: { X: 'y' } }, { either: { x: 'y' } }],
    [{ either: [null] }, { either: [''] }],
    [
      { volume: { Name: 'v', emptydir: { sizelimit: 5 } } },
      { volume: { name: 'v', emptyDir: { sizeLimit: '5' } } },
    ],
    [
      { volume: { secret: { items: [null], optional: null } } },
      { volume: { secret: { items: [{}] } } },
    ],
    [{ volume: { unknown: [1] } }, { volume: { unknown: [1] } }],
  ])('of %j: %j', ([value, expected]) => {
    const read = parseDeclared(declaration, value);

    expect(read).toMatchObject(expected);
    // The quick reading, if it takes the value at all, is what the declaration itself yields.
    const tidy = tidyFor(declaration)(value);
    expect(quickFor(declaration)(tidy)).toEqual(declaration.parse(tidy));
  });

  test.for<[object, string]>([
    [{ name: 5 }, 'name'],
    [{ name: true }, 'name'],
    [{ list: 'a' }, 'list'],
    [{ list: [5] }, 'list.0'],
    [{ labels: { a: 5 } }, 'labels.a'],
    [{ amount: -1 }, 'amount'],
    [{ amount: 1.5 }, 'amount'],
    [{ wait: '1d' }, 'wait'],
    [{ period: 5 }, 'period'],
    [{ inner: [] }, 'inner'],
    [{ volume: { emptyDir: { sizeLimit: '5 apples' } } }, 'volume.emptyDir.sizeLimit'],
    [{ volume: { secret: { defaultMode: '0400' } } }, 'volume.secret.defaultMode'],
    [{ volume: { secret: { items: {} } } }, 'volume.secret.items'],
    [{ volume: { secret: { optional: 'yes' } } }, 'volume.secret.optional'],
    [{ volume: { csi: { volumeAttributes: { a: 1 } } } }, 'volume.csi.volumeAttributes.a'],
    [{ volume: { secret: 'x' } }, 'volume.secret'],
  ])('%j is refused at %s', ([value, path]) => {
    expect(quickFor(declaration)(tidyFor(declaration)(value))).toBe(REFUSED);
    const result = z.safeParse(declaration, tidyFor(declaration)(value));
    expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });
});

describe("a job's fields, as Go's JSON reader takes them", () => {
  test('keys count whatever their case, in pods too', () => {
    const { jobs } = snapshotOf({
      Presubmits: {
        'o/r': [
          {
            Name: 'a',
            ALWAYS_RUN: true,
            Spec: { Containers: [{ Image: 'i', ENV: [{ name: 'A' }] }] },
          },
        ],
      },
    });
    const [job] = jobs.presubmits['o/r'] ?? [];
    expect(job).toMatchObject({ name: 'a', always_run: true });
    expect(job?.spec?.containers).toEqual([{ image: 'i', env: [{ name: 'A' }] }]);
  });

  test.for<[object, string]>([
    [{ name: 5 }, 'presubmits.o/r[0].name'],
    [{ name: 'a', labels: { x: true } }, 'presubmits.o/r[0].labels.x'],
    [
      { name: 'a', spec: { containers: [{ command: ['sleep', 5] }] } },
      'presubmits.o/r[0].spec.containers[0].command[1]',
    ],
    [
      {
        name: 'a',
        spec: { containers: [{ command: ['x'], securityContext: { privileged: 'yes' } }] },
      },
      'presubmits.o/r[0].spec.containers[0].securityContext.privileged',
    ],
  ])('%j has a number or boolean where text belongs, or the other way round', ([job, field]) => {
    const problems = problemsOf(JSON.stringify({ presubmits: { 'o/r': [withSpec(job)] } }));
    expect(problems.map((problem) => problem.field)).toEqual([field]);
  });

  test('the trigger of a presubmit and the presets of a job file may be bare', () => {
    expect(
      problemsOf(
        'presubmits: {o/r: [{name: a, trigger: 5, rerun_command: 5, spec: {containers: [{}]}}]}',
      ),
    ).toEqual([]);
    expect(problemsOf('presets: [{labels: {a: true}}]')).toHaveLength(1);
  });
});
