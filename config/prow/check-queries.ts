import type { TideQuery } from './tide.ts';

/** What is wrong with one field of a query. */
export interface QueryProblem {
  readonly field: keyof TideQuery;
  readonly why: string;
  readonly next: string;
}

const LISTS = [
  'orgs',
  'repos',
  'excludedRepos',
  'labels',
  'missingLabels',
  'includedBranches',
  'excludedBranches',
] as const;

/** What Prow refuses in a query (J§2.8). */
export function queryProblems(query: TideQuery): readonly QueryProblem[] {
  return [...scopeProblems(query), ...duplicates(query), ...contradictions(query)];
}

function scopeProblems({ orgs, repos, excludedRepos }: TideQuery): readonly QueryProblem[] {
  const problems: QueryProblem[] = [];
  const add = (field: keyof TideQuery, why: string, next: string) =>
    problems.push({ field, why, next });
  if (orgs.length + repos.length === 0) {
    add('orgs', 'the query names neither orgs nor repos', 'Say what it is for.');
  }
  for (const org of orgs.filter((name) => name === '' || name.includes('/'))) {
    add('orgs', `${JSON.stringify(org)} is no organisation`, 'List repositories under repos.');
  }
  for (const repo of repos) {
    if (!isFullName(repo))
      add('repos', `${JSON.stringify(repo)} is not org/repo`, 'Write org/repo.');
    else if (orgs.includes(orgOf(repo))) {
      add('repos', `${repo} is covered by its organisation already`, 'Remove it from repos.');
    }
  }
  for (const repo of excludedRepos) {
    if (!isFullName(repo)) {
      add('excludedRepos', `${JSON.stringify(repo)} is not org/repo`, 'Write org/repo.');
    } else if (!orgs.includes(orgOf(repo))) {
      add('excludedRepos', `${repo} is in none of the listed orgs`, 'Remove it, or list its org.');
    }
  }
  return problems;
}

function duplicates(query: TideQuery): readonly QueryProblem[] {
  return LISTS.flatMap((field) => {
    const list: readonly string[] = query[field];
    const twice = list.find((name, index) => list.indexOf(name) !== index);
    if (twice === undefined) return [];
    return [{ field, why: `${twice} is listed twice`, next: 'Remove one.' }];
  });
}

function contradictions(query: TideQuery): readonly QueryProblem[] {
  const problems: QueryProblem[] = [];
  const both = query.labels.find((label) => query.missingLabels.includes(label));
  if (both !== undefined) {
    const why = `label ${both} is both required and forbidden`;
    problems.push({ field: 'labels', why, next: 'Remove it from one of the lists.' });
  }
  if (query.includedBranches.length > 0 && query.excludedBranches.length > 0) {
    const why = 'the query has both included and excluded branches';
    problems.push({ field: 'includedBranches', why, next: 'Keep one of the two lists.' });
  }
  return problems;
}

function isFullName(name: string): boolean {
  return /^[^/]+\/[^/]+$/.test(name);
}

function orgOf(fullName: string): string {
  return fullName.split('/')[0] ?? '';
}
