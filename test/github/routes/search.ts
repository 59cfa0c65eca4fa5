import { type Answer, wrappedList } from '../http/answer.ts';
import { type Call, type Route, route } from '../http/route.ts';
import { renderIssue } from '../render/issue.ts';
import type { Issue, Repo } from '../state/model.ts';
import { sortIssues } from './issues.ts';

interface Found {
  readonly repo: Repo;
  readonly issue: Issue;
}
type Test = (found: Found) => boolean;

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isTest(value: string): Test {
  return ({ issue }) => {
    if (value === 'pr' || value === 'pull-request') return issue.pull !== null;
    if (value === 'issue') return issue.pull === null;
    if (value === 'merged') return issue.pull?.merged === true;
    if (value === 'unmerged') return issue.pull?.merged === false;
    if (value === 'draft') return issue.pull?.draft === true;
    return issue.state === value;
  };
}

const QUALIFIERS: Readonly<Record<string, (value: string) => Test>> = {
  is: isTest,
  type: isTest,
  state: isTest,
  author:
    (value) =>
    ({ issue }) =>
      same(issue.author, value),
  assignee:
    (value) =>
    ({ issue }) =>
      issue.assignees.some((login) => same(login, value)),
  label:
    (value) =>
    ({ issue }) =>
      issue.labels.some((name) => same(name, value)),
  repo:
    (value) =>
    ({ repo }) =>
      same(`${repo.owner}/${repo.name}`, value),
  org:
    (value) =>
    ({ repo }) =>
      same(repo.owner, value),
  user:
    (value) =>
    ({ repo }) =>
      same(repo.owner, value),
  base:
    (value) =>
    ({ issue }) =>
      issue.pull?.base.ref === value,
  head:
    (value) =>
    ({ issue }) =>
      issue.pull?.head.ref === value,
  archived:
    (value) =>
    ({ repo }) =>
      String(repo.archived) === value,
};

function wordTest(word: string): Test {
  const wanted = word.toLowerCase();
  return ({ issue }) => `${issue.title} ${issue.body ?? ''}`.toLowerCase().includes(wanted);
}

function testOf(term: string): Test {
  const [, minus = '', key = '', quoted, plain] =
    /^(-?)([a-z]+):(?:"([^"]*)"|(.*))$/i.exec(term) ?? [];
  const make = QUALIFIERS[key.toLowerCase()];
  if (key === 'sort' || key === 'updated' || key === 'created') return () => true;
  if (!make) return wordTest(term.replaceAll('"', ''));
  const test = make(quoted ?? plain ?? '');
  return minus ? (found) => !test(found) : test;
}

function search(call: Call): Answer {
  const terms = (call.query['q'] ?? '').match(/-?[a-z]+:"[^"]*"|"[^"]*"|\S+/gi) ?? [];
  const tests = terms.map(testOf);
  const repos = Object.values(call.hub.model.repos).filter(
    (repo) => call.hub.permissionOf(repo, call.actor?.login) !== 'none',
  );
  const owners = new Map<Issue, Repo>();
  for (const repo of repos) {
    for (const issue of Object.values(repo.issues)) {
      if (tests.every((test) => test({ repo, issue }))) owners.set(issue, repo);
    }
  }
  const found = sortIssues([...owners.keys()], call.query);
  return wrappedList(
    found,
    (issue) => {
      const repo = owners.get(issue);
      return repo ? { ...renderIssue(call.hub, repo, issue), score: 1 } : null;
    },
    (items) => ({
      total_count: found.length,
      incomplete_results: false,
      items,
      search_type: 'lexical',
    }),
  );
}

/** Search for issues and pull requests. */
export const searchRoutes: readonly Route[] = [route('GET', '/search/issues', search)];
