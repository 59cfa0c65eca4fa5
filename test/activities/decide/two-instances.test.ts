import { expect, test } from 'vitest';
import type { DomainEvent } from '../../../workflows/domain/event.ts';
import { configuration } from './configuration.ts';
import { type GitHubState, openPull } from './github-state.ts';
import { change, commentEvent, perform, say } from './story.ts';
import { type Entity, openEntity, receive } from './world.ts';

const CONFIG = configuration({ lgtmActsAsApprove: true, reviewActsAsLgtm: true });
const ROUNDS = 6;

/** Two bots on one pull request, with one configuration: somebody moves from one to the other. */
function twoBots(author: string) {
  const github = openPull(author);
  const bots = ['bowsprit', 'old-prow'].map((bot) => openEntity(github, { bot, config: CONFIG }));
  return { github, bots };
}

/** Everything that changed since, as each of them hears it. */
function newsSince(
  github: GitHubState,
  before: { readonly said: ReadonlySet<number>; readonly labels: ReadonlySet<string> },
): readonly DomainEvent[] {
  const comments = github.said
    .filter(({ id }) => !before.said.has(id))
    .map((said) => commentEvent(github, { ...said, author: `${said.author}[bot]` }));
  const labels = [...github.labels]
    .filter((label) => !before.labels.has(label))
    .map((label) => {
      const by = `${github.labelActors.get(label)}[bot]`;
      const key = `pr:5:labeled:${label}:${github.clock}`;
      return { ...change(github, 'labeled', by), key, label };
    });
  return [...comments, ...labels];
}

/** Lets both hear something, then each other, until nobody has anything to say; gives back the rounds. */
async function converse(
  github: GitHubState,
  bots: readonly Entity[],
  first: readonly DomainEvent[],
): Promise<number> {
  let news = first;
  for (let round = 0; round < ROUNDS; round += 1) {
    if (news.length === 0) return round;
    const before = {
      said: new Set(github.said.map(({ id }) => id)),
      labels: new Set(github.labels),
    };
    for (const bot of bots) {
      github.clock += 5;
      await receive(bot, news);
    }
    github.clock += 60;
    news = newsSince(github, before);
  }
  return ROUNDS;
}

test.for(['member', 'stranger'])(
  'two instances on a pull request by a %s answer people and fall silent',
  async (author) => {
    const { github, bots } = twoBots(author);
    const rounds = [await converse(github, bots, [change(github, 'opened', author)])];
    const speeches: readonly (readonly [string, string])[] = [
      ['member', '/test ?'],
      ['stranger', '/lgtm'],
      [author, '/lgtm'],
      ['stranger', '/ok-to-test'],
      ['member', '/test nonsense'],
      ['member', '/ok-to-test'],
      ['collaborator', '/lgtm\n/approve'],
      ['owner', '/approve'],
      ['member', '/retest'],
      ['owner', '/approve cancel'],
    ];
    for (const [place, [by, text]] of speeches.entries()) {
      github.clock += 60;
      const spoken = say(github, by, { id: 100 + place, text });
      rounds.push(await converse(github, bots, [spoken]));
    }
    rounds.push(await converse(github, bots, perform(github, { do: 'push' }, 50)));

    expect(Math.max(...rounds)).toBeLessThan(ROUNDS);
    const ofBots = github.said.filter((said) => said.wish !== undefined);
    expect(ofBots.length).toBeGreaterThan(6);
    expect(ofBots.length).toBeLessThan(40);
  },
);
