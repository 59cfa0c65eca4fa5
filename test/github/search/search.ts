import { maySee, type Viewer } from '../http/sight.ts';
import type { Hub } from '../hub.ts';
import type { Repo } from '../state/model.ts';
import { type Found, QUALIFIERS } from './qualifiers.ts';
import { parseTerms, type Qualifier, type Term, type Word } from './terms.ts';

export type { Found } from './qualifiers.ts';

/** Who searches, for what, in which state of the repositories. */
export interface Search {
  readonly viewer: Viewer;
  readonly text: string;
  /** A repository as this request sees it; lags under a fault. */
  readonly seen?: (repo: Repo) => Repo;
  /** What REST says beside the text: `updated-asc`. */
  readonly sort?: string;
}

type Test = (found: Found) => boolean;

/** Said twice, these mean either: `repo:a/b repo:a/c`; the three places do so among each other. */
const EITHER: Readonly<Record<string, string>> = {
  repo: 'place',
  org: 'place',
  user: 'place',
  author: 'author',
  base: 'base',
  head: 'head',
};
const NO_TESTS = new Set(['sort', 'in']);

function qualifierTest({ key, values }: Qualifier): Test {
  const fits = QUALIFIERS[key];
  return (found) => values.some((value) => fits?.(found, value));
}

function wordTest({ text }: Word, places: readonly string[]): Test {
  const wanted = text.toLowerCase();
  return ({ issue }) => {
    const texts = [
      ...(places.includes('title') ? [issue.title] : []),
      ...(places.includes('body') ? [issue.body ?? ''] : []),
      ...(places.includes('comments') ? issue.comments.map(({ body }) => body) : []),
    ];
    return texts.some((one) => one.toLowerCase().includes(wanted));
  };
}

function known(term: Term): Term {
  if (term.kind === 'word' || term.key in QUALIFIERS || NO_TESTS.has(term.key)) return term;
  return { kind: 'word', text: `${term.key}:${term.values.join(',')}`, negated: term.negated };
}

function valuesOf(terms: readonly Term[], key: string): readonly string[] {
  return terms.flatMap((term) =>
    term.kind === 'qualifier' && term.key === key ? term.values : [],
  );
}

/** Terms of one group are alternatives; most terms stand alone. */
function groupOf(term: Term, index: number): string {
  const shared = term.kind === 'qualifier' && !term.negated ? EITHER[term.key] : undefined;
  return shared ?? String(index);
}

function testOf(term: Term, places: readonly string[]): Test {
  const test = term.kind === 'word' ? wordTest(term, places) : qualifierTest(term);
  return term.negated ? (found) => !test(found) : test;
}

/** All of these must hold. */
function testsOf(terms: readonly Term[]): readonly Test[] {
  const named = valuesOf(terms, 'in');
  const places = named.length > 0 ? named : ['title', 'body', 'comments'];
  const groups = new Map<string, readonly Test[]>();
  for (const [index, term] of terms.entries()) {
    if (term.kind === 'qualifier' && NO_TESTS.has(term.key)) continue;
    const group = groupOf(term, index);
    groups.set(group, [...(groups.get(group) ?? []), testOf(term, places)]);
  }
  return [...groups.values()].map(
    (alternatives) => (found) => alternatives.some((test) => test(found)),
  );
}

function keyOf(found: Found, name: string): number {
  if (name === 'updated') return Date.parse(found.issue.updatedAt);
  if (name === 'comments') return found.issue.comments.length;
  return Date.parse(found.issue.createdAt);
}

function sorted(found: readonly Found[], order: string): readonly Found[] {
  const [name = 'created', direction = 'desc'] = order.split('-');
  const sign = direction === 'asc' ? 1 : -1;
  return [...found].sort(
    (one, other) => sign * (keyOf(one, name) - keyOf(other, name) || one.issue.id - other.issue.id),
  );
}

/** Finds issues and pull requests that one may see, in the order asked for: newest first by default. */
export function searchIssues(hub: Hub, search: Search): readonly Found[] {
  const terms = parseTerms(search.text).map(known);
  const tests = testsOf(terms);
  const found: Found[] = [];
  for (const current of Object.values(hub.model.repos)) {
    if (!maySee(hub, current, search.viewer)) continue;
    const repo = search.seen?.(current) ?? current;
    for (const issue of Object.values(repo.issues)) {
      if (tests.every((test) => test({ repo, issue }))) found.push({ repo, issue });
    }
  }
  return sorted(found, valuesOf(terms, 'sort')[0] ?? search.sort ?? 'created-desc');
}
