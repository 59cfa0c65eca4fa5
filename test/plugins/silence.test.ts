import { expect, test } from 'vitest';
import { parseCommands, spokenText } from '../../workflows/domain/command.ts';
import { plugins } from '../../workflows/plugins/index.ts';
import { factsOf, type World } from './facts.ts';
import { brief, comment, pullRequest, texts } from './speech.ts';

const WORLD: World = {
  jobs: [
    { name: 'a', always_run: true },
    { name: 'b', optional: true },
  ],
  owners: { OWNERS: 'approvers: [root]' },
  files: ['x'],
  labels: ['lgtm'],
  collaborators: ['rev'],
  plugins: { lgtm: [{ repos: ['org'], store_tree_hash: true }] },
};

/** Everything that we may say about a pull request of a stranger. */
async function allTexts(): Promise<readonly string[]> {
  const bodies = [
    '/test',
    '/retest a',
    '/test all',
    '/lgtm',
    '/approve',
    '/hold',
    '/ok-to-test cancel',
  ];
  const events = [
    ...['author', 'rev'].flatMap((author) =>
      bodies.map((body) => comment(author, `x\r${body}\n${body}`)),
    ),
    ...['opened', 'synchronize'].map((action) => pullRequest(action)),
  ];
  const worlds: World[] = [
    WORLD,
    { ...WORLD, labels: [], members: ['author'], pullRequest: { draft: true } },
    { ...WORLD, plugins: { triggers: [{ repos: ['org'], ignore_ok_to_test: true }] } },
  ];
  const said = plugins.flatMap((plugin) =>
    worlds.flatMap((world) => events.map((event) => texts(plugin, event, world))),
  );
  return [...new Set((await Promise.all(said)).flat())];
}

test('nothing that we say is a command, so two instances that read each other fall silent', async () => {
  const said = await allTexts();

  expect(said.length).toBeGreaterThan(15);
  for (const text of said) {
    expect(parseCommands(spokenText(text))).toEqual([]);
    expect((await factsOf(WORLD).requestedJobs(spokenText(text))).matched).toBe(false);
    for (const plugin of plugins) {
      expect(await brief(plugin, comment('other-bot[bot]', text), WORLD)).toEqual([]);
    }
  }
});
