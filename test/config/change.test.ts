import { expect, test } from 'vitest';
import { concerns, dropsOf } from '../../config/change.ts';
import { contentText, restoredConfig } from '../../config/content.ts';
import { parseConfig } from '../../config/parse.ts';
import { createConfigReader } from '../../config/reader.ts';
import type { ConfigFiles } from '../../config/reading.ts';

const SPEC = { containers: [{ command: ['x'] }] };
const job = (name: string, more: object = {}) => ({ name, spec: SPEC, ...more });

function filesOf(config: object, plugins: object = {}, version?: string): ConfigFiles {
  return {
    config: { name: 'config.yaml', text: JSON.stringify(config) },
    plugins: { name: 'plugins.yaml', text: JSON.stringify(plugins) },
    ...(version === undefined ? {} : { version }),
  };
}

const BASE = {
  presubmits: { 'a/b': [job('one'), job('two')], 'a/c': [job('one')] },
  postsubmits: { 'a/b': [job('after')] },
  periodics: [job('nightly', { interval: '1h' })],
  tide: { queries: [{ repos: ['a/b'], labels: ['lgtm'] }] },
};

const load = (...given: Parameters<typeof filesOf>) => parseConfig(filesOf(...given));

test('what is dropped is counted by name; what only changes is not', () => {
  const before = load(BASE, { plugins: { 'a/d': { plugins: ['size'] } } });
  const after = load({
    ...BASE,
    presubmits: { 'a/b': [job('one', { optional: true }), job('three')] },
    periodics: [],
  });

  expect(dropsOf(before, before).jobs.names).toEqual([]);
  expect(dropsOf(before, after)).toEqual({
    jobs: {
      before: 5,
      after: 3,
      names: ['periodic nightly', 'presubmit a/b two', 'presubmit a/c one'],
    },
    repositories: { before: 3, after: 1, names: ['a/c', 'a/d'] },
  });
});

test.for([
  ['nothing', BASE, undefined, ''],
  [
    'a job of one repository',
    { ...BASE, presubmits: { ...BASE.presubmits, 'a/c': [] } },
    undefined,
    'a/c',
  ],
  [
    'a new repository',
    { ...BASE, postsubmits: { ...BASE.postsubmits, 'x/y': [job('z')] } },
    undefined,
    'x/y',
  ],
  ['a query', { ...BASE, tide: { queries: [{ repos: ['a/b', 'a/c'] }] } }, undefined, 'a/b a/c'],
  [
    'a template of everybody',
    { ...BASE, plank: { report_template: 'x' } },
    undefined,
    'a/b a/c x/y',
  ],
  ['a preset that no job uses', { ...BASE, presets: [{ labels: { q: 'r' } }] }, undefined, ''],
  [
    'a merge method of one',
    { ...BASE, tide: { ...BASE.tide, merge_method: { 'a/c': 'squash' } } },
    undefined,
    'a/c',
  ],
  ['the commit that the files are of', BASE, 'abc123', ''],
] as const)('%s concerns those whose part it is', ([, config, version, expected]) => {
  const isConcerned = concerns(load(BASE), load(config, {}, version));

  const names = ['a/b', 'a/c', 'x/y'].filter((name) => {
    const [org = '', repo = ''] = name.split('/');
    return isConcerned({ org, repo });
  });
  expect(names.join(' ')).toBe(expected);
});

test('stored files come back as the same configuration, in this version’s reading', async () => {
  const files = filesOf(BASE, {}, 'abc123');
  const snapshot = parseConfig(files);
  const byHash = async () => snapshot;
  const reader = createConfigReader();
  const text = contentText({ kind: 'files', files });

  const restored = await restoredConfig(text, { hash: snapshot.hash, reader, byHash });

  expect(restored).toEqual(snapshot);
  const older = JSON.stringify(snapshot);
  expect((await restoredConfig(older, { hash: snapshot.hash, reader, byHash })).jobs).toEqual(
    snapshot.jobs,
  );
});
