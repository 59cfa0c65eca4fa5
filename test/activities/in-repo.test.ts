import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConfigStore, createConfigStore } from '../../activities/active-config.ts';
import { decide } from '../../activities/decide/decide.ts';
import { createMirror, type Mirror } from '../../activities/git/mirror.ts';
import { createInRepoSource, type InRepoSource } from '../../activities/in-repo.ts';
import { parseConfig } from '../../config/parse.ts';
import type { ConfigFiles } from '../../config/reading.ts';
import { presubmitsFor } from '../../config/snapshot.ts';
import type { DomainEvent, PushEvent } from '../../workflows/domain/event.ts';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import { describeWith } from '../tools.ts';
import { openPull } from './decide/github-state.ts';
import { change } from './decide/story.ts';
import { openEntity, receive } from './decide/world.ts';
import { createOrigin, type Origin } from './git/origin.ts';

const REPOSITORY = { org: 'org', repo: 'repo' };
const SPEC = 'spec: {containers: [{image: test, command: ["true"]}]}';

const presubmit = (name: string, more = '') =>
  `presubmits:\n- name: ${name}\n  always_run: true\n${more}  ${SPEC}\n`;
const postsubmit = (name: string) => `postsubmits:\n- name: ${name}\n  ${SPEC}\n`;

const FILES: ConfigFiles = {
  config: {
    name: 'config.yaml',
    text: `
in_repo_config:
  enabled: {org/repo: true}
  allowed_clusters: {org/repo: [trusted]}
tide:
  queries: [{repos: [org/repo], labels: [lgtm]}]
presubmits:
  org/repo:
  - name: static
    always_run: true
    ${SPEC}
`,
  },
  plugins: { name: 'plugins.yaml', text: 'plugins: {org/repo: {plugins: [trigger]}}\n' },
};

describeWith(['postgres', 'git'], 'jobs that a repository holds itself', () => {
  const base = parseConfig(FILES);
  let own: TestDatabase;
  let origin: Origin;
  let mirror: Mirror;
  let store: ConfigStore;
  let source: InRepoSource;
  let registry: Registry;
  let start = '';

  beforeAll(async () => {
    own = await freshDatabase();
    origin = createOrigin();
    start = await origin.commit({ 'README.md': 'hello\n', 'src/a.txt': 'a\n' });
    mirror = createMirror({ cacheDir: `${origin.folder}/mirrors`, cloneUrl: () => origin.url });
    store = createConfigStore(own.db);
    await store.keepFiles(base, FILES);
    registry = new Registry();
    source = createInRepoSource({ mirror, keep: store.keepInRepo, registry });
  });
  afterAll(async () => {
    origin.remove();
    await own.drop();
  });

  let branches = 0;
  /** A commit on a branch of its own. */
  const commit = (at: string, files: Readonly<Record<string, string | null>>): Promise<string> => {
    branches += 1;
    origin.branch(`branch-${branches}`, at);
    return origin.commit(files);
  };
  const read = (baseSha: string, ...heads: readonly string[]) =>
    source.read(base, {
      repository: REPOSITORY,
      branch: 'main',
      baseSha,
      heads: heads.map((sha, index) => ({ number: index + 1, sha })),
    });
  const jobsOf = ({ snapshot }: Awaited<ReturnType<typeof read>>) =>
    presubmitsFor(snapshot, 'org', 'repo').map(({ name }) => name);

  test('are those of the base with all heads merged, after the central ones', async () => {
    const trunk = await commit(start, { '.prow/base.yaml': presubmit('of-base') });
    const one = await commit(start, { '.prow/one.yaml': presubmit('of-one') });
    const two = await commit(start, { '.prow/deep/two.yml': presubmit('of-two') });

    expect(jobsOf(await read(trunk))).toEqual(['static', 'of-base']);
    expect(jobsOf(await read(trunk, one))).toEqual(['static', 'of-base', 'of-one']);
    expect(jobsOf(await read(trunk, one, two))).toEqual(['static', 'of-base', 'of-two', 'of-one']);
  });

  test.for([
    ['no file is no fault', {}, ['static']],
    [
      'the folder wins over the file (C17)',
      { '.prow.yaml': presubmit('flat'), '.prow/a.yaml': presubmit('deep') },
      ['static', 'deep'],
    ],
    ['the file alone', { '.prow.yaml': presubmit('flat') }, ['static', 'flat']],
    [
      'what is ignored is not read',
      { '.prow/a.yaml': presubmit('a'), '.prow/b.yaml': 'x: [', '.prow/.prowignore': 'b.yaml\n' },
      ['static', 'a'],
    ],
    [
      'other files of the folder are not read',
      { '.prow/README.md': '# x', '.prow/a.yaml': presubmit('a') },
      ['static', 'a'],
    ],
    [
      'an allowed cluster',
      { '.prow.yaml': presubmit('there', '  cluster: trusted\n') },
      ['static', 'there'],
    ],
    [
      'presets count for them alone',
      {
        '.prow.yaml': `presets: [{labels: {p: q}, env: [{name: A, value: b}]}]\n${presubmit('with', '  labels: {p: q}\n')}`,
      },
      ['static', 'with'],
    ],
  ] as const)('%s', async ([, files, expected]) => {
    const reading = await read(start, await commit(start, files));

    expect(reading.problems).toEqual([]);
    expect(jobsOf(reading)).toEqual(expected);
  });

  test.for([
    [
      'a cluster that is not allowed (C16)',
      presubmit('a', '  cluster: secret\n'),
      4,
      /may not use the cluster secret/,
    ],
    [
      'a job that the central configuration has',
      presubmit('static'),
      2,
      /two jobs with the name static/,
    ],
    ['no YAML', 'presubmits: [\n', undefined, /this is not YAML/],
    ['a wrong type', 'presubmits:\n- name: [a]\n', 2, /name/],
    ['an expression that does not compile', presubmit('a', '  branches: ["("]\n'), 4, /./],
  ] as const)(
    '%s refuses all of them, by place and reason; the central ones stay',
    async ([, text, line, why]) => {
      const reading = await read(start, await commit(start, { '.prow.yaml': text }));

      expect(jobsOf(reading)).toEqual(['static']);
      expect(reading.snapshot.hash).toBe(base.hash);
      expect(reading.problems[0]).toMatchObject({ file: '.prow.yaml' });
      if (line !== undefined) expect(reading.problems[0]?.line).toBe(line);
      expect(JSON.stringify(reading.problems)).toMatch(why);
    },
  );

  test('more than anybody writes by hand is not read', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 1_001 }, (_, index) => [`.prow/${index}.yaml`, '# nothing\n']),
    );

    const reading = await read(start, await commit(start, files));

    expect(reading.problems[0]?.why).toContain('there are 1001 files');
    expect(jobsOf(reading)).toEqual(['static']);
  });

  test('heads in conflict have none, and that is no fault of a file', async () => {
    const one = await commit(start, { 'src/a.txt': 'one\n', '.prow.yaml': presubmit('one') });
    const two = await commit(start, { 'src/a.txt': 'two\n' });

    expect(await read(one, two)).toMatchObject({ problems: [], conflict: true });
  });

  test('are remembered by commits and by content, and found by hash in any process', async () => {
    const files = { '.prow.yaml': presubmit('same') };
    const [one, two] = [await commit(start, files), await commit(start, { ...files, other: 'x' })];
    const [first, second] = [await read(start, one), await read(start, two)];
    const before = await registry.getSingleMetricAsString('inRepoConfigCache_misses');
    await read(start, one);

    expect(second.snapshot).toBe(first.snapshot);
    expect(first.snapshot.hash).not.toBe(base.hash);
    expect(await registry.getSingleMetricAsString('inRepoConfigCache_misses')).toBe(before);
    const elsewhere = createConfigStore(own.db);
    const restored = await elsewhere.byHash(first.snapshot.hash);
    expect(presubmitsFor(restored, 'org', 'repo')).toEqual(
      presubmitsFor(first.snapshot, 'org', 'repo'),
    );
    expect(restored.hash).toBe(first.snapshot.hash);
  });

  test('a repository for which they are not enabled is not even asked', async () => {
    const off = parseConfig({ config: { name: 'c', text: 'log_level: info\n' } });
    const place = { repository: REPOSITORY, branch: 'main', baseSha: 'no such commit', heads: [] };

    expect(await source.read(off, place)).toMatchObject({ snapshot: off, problems: [] });
  });

  /** A pull request at a commit, on the branch as it was at the start. */
  function entityAt(headSha: string) {
    const github = openPull('member');
    github.pull = { ...github.pull, headSha };
    const entity = openEntity(github, { config: base });
    const { sources } = entity;
    const files = [{ filename: '.prow.yaml', status: 'added', additions: 1, deletions: 0 }];
    return {
      ...entity,
      sources: {
        ...sources,
        inRepo: source,
        github: { ...sources.github, branchHead: async () => start },
        git: { ...sources.git, knownChangedFiles: () => files, changedFiles: async () => files },
      },
    };
  }

  test('a pull request runs them, by a configuration that names both', async () => {
    const entity = entityAt(await commit(start, { '.prow.yaml': presubmit('mine') }));

    await receive(entity, [change(entity.github, 'opened', 'member')]);

    const runs = entity.runs.map(({ request }) => request);
    expect(runs.map(({ job }) => job).sort()).toEqual(['mine', 'static']);
    const [hash = ''] = new Set(runs.map(({ configHash }) => configHash));
    expect(presubmitsFor(await store.byHash(hash), 'org', 'repo')).toHaveLength(2);
    expect(entity.github.statuses.get(entity.github.pull.headSha)).not.toHaveProperty(
      'prow-config',
    );
  });

  test('a pull request that breaks them is told so, does not merge, and runs the central ones (T39)', async () => {
    const text = presubmit('mine', '  cluster: "secret`|<b>@all"\n');
    const entity = entityAt(await commit(start, { '.prow.yaml': text }));
    const { github } = entity;
    await receive(entity, [change(github, 'opened', 'member')]);

    expect(entity.runs.map(({ request }) => request.job)).toEqual(['static']);
    const statuses = github.statuses.get(github.pull.headSha) ?? {};
    expect(statuses['prow-config']).toMatchObject({
      state: 'failure',
      description: expect.stringContaining('.prow.yaml:4: '),
      targetUrl: expect.stringMatching(/\/blob\/[0-9a-f]{40}\/\.prow\.yaml#L4$/),
    });
    const member = entity.decisions.at(-1)?.member;
    expect(member?.eligible).toBe(false);
    expect(JSON.stringify(member?.requirements)).toContain('.prow.yaml:4');
    const [comment] = github.said.filter(({ body }) => body.includes('prow config report'));
    expect(comment?.body).toContain('`.prow.yaml:4` | `');
    const row = comment?.body.split('\n').find((line) => line.startsWith('`.prow.yaml:4`')) ?? '';
    expect(row.match(/`/g)).toHaveLength(4);

    github.clock += 60;
    const headSha = await commit(start, { '.prow.yaml': presubmit('mine') });
    github.pull = { ...github.pull, headSha };
    await receive(entity, [change(github, 'synchronize', 'member')]);

    expect(github.said.filter(({ body }) => body.includes('prow config report'))).toEqual([]);
    expect(github.statuses.get(headSha)).not.toHaveProperty('prow-config');
    expect(entity.runs.map(({ request }) => request.job)).toContain('mine');
  });

  test('a push runs those of its own commit, and says on it when they are refused', async () => {
    const good = await commit(start, { '.prow.yaml': postsubmit('publish') });
    const bad = await commit(start, { '.prow.yaml': 'postsubmits: 7\n' });
    const { sources } = entityAt(start);
    const push = (after: string): PushEvent => ({
      kind: 'push',
      key: `push:main:${after}`,
      guid: '',
      at: '2026-03-01T08:00:00Z',
      sender: 'member',
      ref: 'main',
      before: start,
      after,
      deleted: false,
      forced: false,
      compareUrl: '',
      changedFiles: ['.prow.yaml'],
      deliveryId: '',
    });
    const decided = (event: DomainEvent) =>
      decide(
        {
          entity: 'branch/org/repo/main',
          scope: 'branch',
          repository: REPOSITORY,
          repositoryId: 1,
          number: 0,
          items: [{ event, attempt: 1 }],
          waiting: [],
          now: 0,
          configNumber: 1,
          quick: false,
        },
        sources,
      );

    const [well, badly] = [await decided(push(good)), await decided(push(bad))];

    expect(well.runs.map(({ job }) => job)).toEqual(['publish']);
    expect(well.effects).toEqual([]);
    expect(badly.runs).toEqual([]);
    expect(badly.effects.map(({ effect }) => effect)).toMatchObject([
      { kind: 'set-status', sha: bad, context: 'prow-config', state: 'failure' },
    ]);
  });
});
