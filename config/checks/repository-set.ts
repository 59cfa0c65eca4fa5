/** A set of repositories: whole organisations less some of their repositories, and single repositories. */
export interface RepositorySet {
  /** By organisation, the full names of the repositories that it is without. */
  readonly orgs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Full names. */
  readonly repos: ReadonlySet<string>;
}

/** One entry of a set, in words. */
export interface Member {
  /** `org` or `org/repo`. */
  readonly name: string;
  /** Repositories that an organisation is without, sorted. */
  readonly without: readonly string[];
}

/** The organisation of a full name. */
export function orgOf(fullName: string): string {
  return fullName.split('/')[0] ?? '';
}

/** What is in the first set and not in the second, as Prow's `checkconfig` reckons it. */
export function difference(one: RepositorySet, other: RepositorySet): RepositorySet {
  const orgs = new Map<string, ReadonlySet<string>>();
  const repos = new Set(one.repos);
  for (const [org, without] of one.orgs) {
    const otherWithout = other.orgs.get(org);
    if (otherWithout === undefined) {
      orgs.set(org, new Set([...without, ...reposOf(org, other)]));
    } else {
      for (const repo of otherWithout) if (!without.has(repo)) repos.add(repo);
    }
  }
  return { orgs, repos: only(repos, (repo) => !holds(other, repo)) };
}

/** What is in both sets. */
export function intersection(one: RepositorySet, other: RepositorySet): RepositorySet {
  const orgs = new Map<string, ReadonlySet<string>>();
  for (const [org, without] of one.orgs) {
    const otherWithout = other.orgs.get(org);
    if (otherWithout !== undefined) orgs.set(org, new Set([...without, ...otherWithout]));
  }
  const repos = [...other.repos].filter(
    (repo) => !other.orgs.has(orgOf(repo)) && one.orgs.get(orgOf(repo))?.has(repo) === false,
  );
  const mine = [...one.repos].filter((repo) => holds(other, repo));
  return { orgs, repos: new Set([...repos, ...mine]) };
}

/** What is in either set. */
export function union(one: RepositorySet, other: RepositorySet): RepositorySet {
  const orgs = new Map<string, ReadonlySet<string>>();
  for (const org of new Set([...one.orgs.keys(), ...other.orgs.keys()])) {
    const [mine, theirs] = [one.orgs.get(org), other.orgs.get(org)];
    const without = mine === undefined ? theirs : theirs === undefined ? mine : both(mine, theirs);
    const single = (repo: string) => one.repos.has(repo) || other.repos.has(repo);
    orgs.set(
      org,
      only(without ?? new Set(), (repo) => !single(repo)),
    );
  }
  const repos = new Set([...one.repos, ...other.repos]);
  return { orgs, repos: only(repos, (repo) => !orgs.has(orgOf(repo))) };
}

/** The entries of a set, sorted, organisations first. */
export function members({ orgs, repos }: RepositorySet): readonly Member[] {
  return [
    ...[...orgs.keys()]
      .sort()
      .map((org) => ({ name: org, without: [...(orgs.get(org) ?? [])].sort() })),
    ...[...repos].sort().map((name) => ({ name, without: [] })),
  ];
}

/** `org`, or `org (without org/a, org/b)`. */
export function memberText({ name, without }: Member): string {
  return without.length === 0 ? name : `${name} (without ${without.join(', ')})`;
}

function holds({ orgs, repos }: RepositorySet, repo: string): boolean {
  return repos.has(repo) || orgs.get(orgOf(repo))?.has(repo) === false;
}

function reposOf(org: string, { repos }: RepositorySet): readonly string[] {
  return [...repos].filter((repo) => repo.includes('/') && orgOf(repo) === org);
}

function both(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  return only(one, (item) => other.has(item));
}

function only(items: ReadonlySet<string>, keep: (item: string) => boolean): ReadonlySet<string> {
  return new Set([...items].filter(keep));
}
