import type { RepositoryName } from '../../../workflows/domain/repository.ts';
import type { Ask, GitHub } from '../client.ts';
import { refusalOf } from '../http/failure.ts';

/** How to read. */
export interface ReadOptions {
  /** What it is for, in the metrics; default: the name of what is read. */
  readonly purpose?: string;
  /** Just before acting: never share an answer that was asked for earlier. */
  readonly fresh?: boolean;
}

/** An issue or pull request. */
export interface Numbered {
  readonly repository: RepositoryName;
  readonly number: number;
}

/** The parameters of a repository's routes. */
export function repositoryPath({ org, repo }: RepositoryName) {
  return { owner: org, repo };
}

/** The parameters of an issue's routes. */
export function issuePath({ repository, number }: Numbered) {
  return { ...repositoryPath(repository), issue_number: number };
}

/** The parameters of a pull request's routes. */
export function pullPath({ repository, number }: Numbered) {
  return { ...repositoryPath(repository), pull_number: number };
}

/** Requests for reading one thing. */
export function reading(github: GitHub, purpose: string, options: ReadOptions = {}): Ask {
  return github.ask({
    purpose: options.purpose ?? purpose,
    ...(options.fresh === undefined ? {} : { fresh: options.fresh }),
  });
}

/** The answer, or undefined where GitHub says 404. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (refusalOf(error)?.status === 404) return undefined;
    throw error;
  }
}

/** One page of a list. */
export interface PageQuery {
  readonly per_page: 100;
  readonly page: number;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly link: string | undefined;
}

/** Beyond this a list is somebody's mistake; GitHub itself stops many lists earlier. */
const MOST_PAGES = 200;

/** All items of a list, page after page while GitHub links to a next one. */
export async function allPages<T>(fetch: (page: PageQuery) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { items: more, link } = await fetch({ per_page: 100, page });
    items.push(...more);
    if (link?.includes('rel="next"') !== true) break;
  }
  return items;
}

/** A plain list's answer as a page. */
export function pageOf<T>(answer: {
  readonly data: readonly T[];
  readonly headers: { readonly link?: string | undefined };
}): Page<T> {
  return { items: answer.data, link: answer.headers.link };
}

interface Account {
  readonly login: string;
  readonly type?: string;
}

/** An author; accounts that were deleted are `ghost`, as on GitHub's pages. */
export function accountOf(user: Account | null | undefined): {
  readonly author: string;
  readonly authorType: string;
} {
  return { author: user?.login ?? 'ghost', authorType: user?.type ?? 'User' };
}
