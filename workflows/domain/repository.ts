/** A repository by the names that GitHub knows it by; `org` and `repo` keep GitHub's spelling. */
export interface RepositoryName {
  readonly org: string;
  readonly repo: string;
}

/** The name as GitHub prints it, `org/repo`. */
export function fullName({ org, repo }: RepositoryName): string {
  return `${org}/${repo}`;
}
