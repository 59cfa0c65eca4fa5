/** The practice repository, `ORG/REPO`. */
export const PRACTICE = { org: 'practice', repo: 'clock' } as const;

/** People of the practice organisation; `bot` is Bowsprit's own account. */
export const PEOPLE = {
  author: 'ann',
  reviewer: 'bob',
  owner: 'carol',
  bot: 'bowsprit-bot',
} as const;

/** A small Node package with real checks: what the practice jobs run. */
export const REPOSITORY_FILES: Readonly<Record<string, string>> = {
  'README.md':
    '# clock\n\nA small package to practise on: its jobs really run, and a broken test really fails.\n',
  'package.json': `${JSON.stringify(
    { name: 'clock', version: '1.0.0', private: true, type: 'module' },
    null,
    2,
  )}\n`,
  OWNERS: 'approvers:\n- carol\n- bob\nreviewers:\n- bob\n',
  'lib/hour.js': [
    '/** The hour on a twelve-hour clock. */',
    'export function hour(hours) {',
    '  return hours % 12 || 12;',
    '}',
    '',
  ].join('\n'),
  'test/hour.test.js': [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    "import { hour } from '../lib/hour.js';",
    '',
    "test('noon and midnight are twelve', () => {",
    '  assert.equal(hour(0), 12);',
    '  assert.equal(hour(12), 12);',
    '  assert.equal(hour(13), 1);',
    '});',
    '',
  ].join('\n'),
  'tools/lint.js': [
    '// Fails on tabs, trailing spaces and lines over 100 characters.',
    "import { readdirSync, readFileSync } from 'node:fs';",
    '',
    'let faults = 0;',
    "for (const folder of ['lib', 'test', 'tools']) {",
    '  for (const file of readdirSync(folder)) {',
    "    const path = folder + '/' + file;",
    "    const lines = readFileSync(path, 'utf8').split('\\n');",
    '    lines.forEach((line, index) => {',
    '      if (!/\\t|\\s$/.test(line) && line.length <= 100) return;',
    "      console.log(path + ':' + (index + 1) + ': tab, trailing space or long line');",
    '      faults += 1;',
    '    });',
    '  }',
    '}',
    "console.log(faults + ' fault(s)');",
    'process.exit(faults === 0 ? 0 : 1);',
    '',
  ].join('\n'),
};

/** Prow's three kinds of files, for the practice repository. */
export const CONFIGURATION = {
  config: `# Prow's config.yaml, as an organisation would bring it.
tide:
  queries:
  - repos: [practice/clock]
    labels: [lgtm, approved]
    missingLabels: [do-not-merge/hold, do-not-merge/work-in-progress, needs-ok-to-test]
`,
  plugins: `# Prow's plugins.yaml.
plugins:
  practice/clock:
    plugins: [trigger, lgtm, approve, size, hold]
approve:
- repos: [practice/clock]
  require_self_approval: true
`,
  jobs: `presubmits:
  practice/clock:
  - name: unit
    always_run: true
    decorate: false
    spec:
      containers:
      - image: node
        command: [node, --test]
  - name: lint
    always_run: true
    decorate: false
    spec:
      containers:
      - image: node
        command: [node, tools/lint.js]
  - name: timing
    optional: true
    always_run: false
    decorate: false
    spec:
      containers:
      - image: node
        command: [node, --test, --test-reporter=tap]
`,
} as const;

/** A change for a pull request to bring: a function and its test; the name is part of both files. */
export function change(name: string): Readonly<Record<string, string>> {
  return {
    [`lib/${name}.js`]: [
      `/** How many minutes are left of the hour, for ${name}. */`,
      'export function left(minutes) {',
      '  return (60 - minutes) % 60;',
      '}',
      '',
    ].join('\n'),
    [`test/${name}.test.js`]: [
      "import assert from 'node:assert/strict';",
      "import { test } from 'node:test';",
      `import { left } from '../lib/${name}.js';`,
      '',
      `test('${name}: what is left of the hour', () => {`,
      '  assert.equal(left(45), 15);',
      '  assert.equal(left(0), 0);',
      '});',
      '',
    ].join('\n'),
  };
}
