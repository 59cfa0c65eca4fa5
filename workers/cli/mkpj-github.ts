import { readFileSync } from 'node:fs';
import { Octokit } from '@octokit/rest';
import { OptionsError } from '../option-values.ts';

/** What GitHub says of a pull request. */
export interface PullFacts {
  readonly author: string;
  readonly sha: string;
  readonly baseRef: string;
  readonly baseSha: string;
}

/** Reads what was not given. */
export interface Lookup {
  pull(number: number): Promise<PullFacts>;
  /** The commit that a branch is at. */
  head(branch: string): Promise<string>;
}

/** GitHub's answers about one repository; without a token as anybody gets them. */
export function createLookup(
  given: { readonly githubTokenPath?: string; readonly githubEndpoint?: string },
  { org: owner, repo }: { readonly org: string; readonly repo: string },
): Lookup {
  const token = given.githubTokenPath && readFileSync(given.githubTokenPath, 'utf8').trim();
  const octokit = new Octokit({
    ...(given.githubEndpoint === undefined
      ? {}
      : { baseUrl: given.githubEndpoint.replace(/\/+$/, '') }),
    ...(token ? { auth: token } : {}),
    userAgent: 'bowsprit',
    request: { timeout: 10_000 },
  });
  return {
    async pull(number) {
      const { data: found } = await octokit.rest.pulls
        .get({ owner, repo, pull_number: number })
        .catch(refuse(`pull request ${owner}/${repo}#${number}`));
      const { user, head, base } = found;
      return { author: user.login, sha: head.sha, baseRef: base.ref, baseSha: base.sha };
    },
    async head(branch) {
      const { data: found } = await octokit.rest.git
        .getRef({ owner, repo, ref: `heads/${branch}` })
        .catch(refuse(`branch ${branch} of ${owner}/${repo}`));
      return found.object.sha;
    },
  };
}

function refuse(what: string) {
  return (error: unknown): never => {
    const why = error instanceof Error ? error.message : String(error);
    throw new OptionsError(`GitHub does not tell of ${what} (${why}); give it by flags.`);
  };
}
