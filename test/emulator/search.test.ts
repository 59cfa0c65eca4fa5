import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isTimeIn } from '../github/search/ranges.ts';
import { parseTerms } from '../github/search/terms.ts';
import type { GitHub } from '../github/server.ts';
import { as, startPractice } from './practice.ts';

let github: GitHub;
const REPO = 'acme/shop';

beforeAll(async () => {
  github = await startPractice();
  const { control } = github;
  await control.seed({
    repos: [
      { name: 'acme/till', files: { 'a.md': 'a\n' } },
      { name: 'zoo/cage', files: { 'a.md': 'a\n' } },
      { name: 'zoo/lair', files: { 'a.md': 'a\n' }, private: true },
    ],
  });
  const at = (number: number) => ({ repo: REPO, number });
  await control.openPulls(REPO, [
    { author: 'ann', title: 'Paint it', files: { 'a.md': 'a\n' }, labels: ['lgtm'] },
    { author: 'bob', title: 'Sand it', files: { 'b.md': 'b\n' }, draft: true },
    { author: 'bob', title: 'Oil it', body: 'for @ann', files: { 'c.md': 'c\n' } },
  ]);
  control.openIssue(REPO, 'eve', { title: 'Do not merge', labels: ['area/core'] });
  control.comment(at(2), 'eve', 'squeaks');
  control.review(at(2), 'ann', { event: 'REQUEST_CHANGES', body: 'no' });
  control.review(at(3), 'ann', { event: 'APPROVE' });
  control.setState(at(4), 'eve', 'closed');
  for (const repo of ['acme/till', 'zoo/cage', 'zoo/lair']) {
    await control.openPull(repo, { author: 'ann', title: 'Far away', files: { 'b.md': 'b\n' } });
  }
});

afterAll(() => github.close());

async function find(q: string): Promise<readonly string[]> {
  const query = `query($q: String!) { search(type: ISSUE, first: 50, query: $q) {
    nodes {
      ... on PullRequest { number repository { name } }
      ... on Issue { number repository { name } }
    }
  } }`;
  const answer = await as(github, 'bot').graphql<{
    search: { nodes: { number: number; repository: { name: string } }[] };
  }>(query, { q });
  return answer.search.nodes.map(({ number, repository }) => `${repository.name}#${number}`).sort();
}

describe('a search for issues', () => {
  test.for<[string, readonly string[]]>([
    ['repo:acme/shop', ['shop#1', 'shop#2', 'shop#3', 'shop#4']],
    ['repo:acme/shop is:pr', ['shop#1', 'shop#2', 'shop#3']],
    ['repo:acme/shop is:issue', ['shop#4']],
    ['repo:acme/shop is:pr state:open archived:false', ['shop#1', 'shop#2', 'shop#3']],
    ['org:"acme" is:pr -repo:"acme/shop"', ['till#1']],
    ['repo:acme/till repo:zoo/cage', ['cage#1', 'till#1']],
    ['org:zoo repo:"acme/till"', ['cage#1', 'till#1']],
    ['is:private', []],
    ['repo:acme/shop author:ann author:eve', ['shop#1', 'shop#4']],
    ['repo:acme/shop -author:bob', ['shop#1', 'shop#4']],
    ['repo:acme/shop label:"lgtm","area/core"', ['shop#1', 'shop#4']],
    ['repo:acme/shop label:lgtm label:"area/core"', []],
    ['repo:acme/shop is:pr -label:"LGTM"', ['shop#2', 'shop#3']],
    ['repo:acme/shop is:pr no:label', ['shop#2', 'shop#3']],
    ['repo:acme/shop draft:true', ['shop#2']],
    ['repo:acme/shop is:pr -is:draft', ['shop#1', 'shop#3']],
    ['repo:acme/shop review:approved', ['shop#3']],
    ['repo:acme/shop review:changes_requested', ['shop#2']],
    ['repo:acme/shop is:pr review:none', ['shop#1']],
    ['repo:acme/shop reviewed-by:ann', ['shop#2', 'shop#3']],
    ['repo:acme/shop commenter:eve', ['shop#2']],
    ['repo:acme/shop involves:ann', ['shop#1', 'shop#3']],
    ['repo:acme/shop comments:>0', ['shop#2']],
    ['repo:acme/shop base:main base:next', ['shop#1', 'shop#2', 'shop#3']],
    ['repo:acme/shop is:pr -base:main', []],
    ['repo:acme/shop "do not" merge', ['shop#4']],
    ['repo:acme/shop squeaks in:title', []],
    ['repo:acme/shop squeaks', ['shop#2']],
    [
      'repo:acme/shop is:pr updated:2007-01-01T00:00:00Z..2099-01-01T00:00:00Z draft:true',
      ['shop#2'],
    ],
    ['repo:acme/shop updated:<2007-01-01', []],
    ['repo:acme/shop closed:>2007-01-01', ['shop#4']],
    ['nobody:knows repo:acme/shop', []],
  ])('%s', async ([q, found]) => {
    expect(await find(q)).toEqual(found);
  });
});

describe('the text of a search', () => {
  test.for<[string, unknown]>([
    ['-label:"a b",c', { kind: 'qualifier', key: 'label', values: ['a b', 'c'], negated: true }],
    ['"two words"', { kind: 'word', text: 'two words', negated: false }],
    [
      'sort:updated-asc',
      { kind: 'qualifier', key: 'sort', values: ['updated-asc'], negated: false },
    ],
    [
      'milestone:"v1, \\"final\\""',
      { kind: 'qualifier', key: 'milestone', values: ['v1, "final"'], negated: false },
    ],
  ])('%s is one term', ([text, term]) => {
    expect(parseTerms(text)).toEqual([term]);
  });

  test.for<[string, string, boolean]>([
    ['2026-01-02T10:00:00Z', '2026-01-02', true],
    ['2026-01-02T23:59:59Z', '<=2026-01-02', true],
    ['2026-01-03T00:00:00Z', '>2026-01-02', true],
    ['2026-01-02T10:00:00Z', '2026-01-01..*', true],
    ['2026-01-02T10:00:00Z', '*..2026-01-01', false],
    ['2026-01-02T10:00:00Z', '2026-01-02T10:00:00+00:00..2026-01-02T10:00:00Z', true],
    ['2026-01-02T10:00:01Z', '2026-01-02T10:00:00Z', false],
  ])('%s in %s: %s', ([time, range, inside]) => {
    expect(isTimeIn(time, range)).toBe(inside);
  });
});
