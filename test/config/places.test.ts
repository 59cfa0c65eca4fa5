import { describe, expect, test } from 'vitest';
import { createPlaces, createReadPlaces } from '../../config/yaml/places.ts';
import { scanPlace } from '../../config/yaml/scan.ts';
import { parseYamlWithNulls } from '../../config/yaml.ts';

const TEXT = `# about
---
periodics:
- name: a   # first
  spec:
    containers:
    - image: x
      command:
      - sh
      - -c
      - |
        name: not a key
        - not an item
      env:
      - {name: A, value: "b: c"}
    -   image: y
  labels: &labels
    preset-x: "true"
    "quoted key": 'v'

-
  name: b
  labels: *labels
  plain: one
    two
  nothing:
presubmits:
  org/repo:
    - name: c
`;

describe('where parts of a text stand', () => {
  test('a look at its lines says what reading it says', () => {
    const [looked, read] = [createPlaces(TEXT), createReadPlaces(TEXT)];
    for (const path of pathsOf(parseYamlWithNulls(TEXT))) {
      expect(looked.find(path), path.join('.')).toEqual(read.find(path));
      expect(looked.find(path, true), path.join('.')).toEqual(read.find(path, true));
      const beyond = [...path, 'not there'];
      expect(looked.find(beyond), beyond.join('.')).toEqual(read.find(beyond));
    }
  });

  test.for<[readonly PropertyKey[], boolean]>([
    [['periodics', 0, 'spec', 'containers', 0, 'command', 2], true],
    [['periodics', 0, 'labels', 'quoted key'], true],
    [['periodics', 1, 'name'], true],
    [['presubmits', 'org/repo', 0, 'name'], true],
    [['periodics', 0, 'spec', 'containers', 0, 'env', 0, 'name'], false],
    [['periodics', 1, 'labels', 'preset-x'], false],
    [['periodics', 7], false],
  ])('%j is found without reading the text: %j', ([path, found]) => {
    expect(scanPlace(TEXT, path) !== undefined).toBe(found);
  });
});

function pathsOf(value: unknown, path: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: [PropertyKey, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}
