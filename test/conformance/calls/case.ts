import type { Octokit } from '@octokit/rest';
import { z } from 'zod';

/** A repository with one open pull request of ann's, which adds `change.txt`. */
export interface Shop {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  /** SHA of the head, and of the base branch `main`. */
  readonly head: string;
  readonly base: string;
}

/** Who acts, and where: `bot` administers the organisation, `ann` and `bob` are its members, `eve` is nobody. */
export interface Scene extends Shop {
  readonly bot: Octokit;
  readonly ann: Octokit;
  readonly bob: Octokit;
  readonly eve: Octokit;
  /** The app of the place, which is installed on the organisation, in its own name. */
  readonly app: Octokit;
}

/** One use of one call, which every GitHub must answer alike. */
export interface CallCase {
  /** `GET /repos/{owner}/{repo}`: the call that it is about. */
  readonly call: string;
  /** What is shown by it. */
  readonly title: string;
  run(scene: Scene): Promise<unknown>;
  /** What `run` must come to. */
  readonly answer: unknown;
}

/** A case. */
export function callCase(
  call: string,
  title: string,
  { answer, run }: Pick<CallCase, 'answer' | 'run'>,
): CallCase {
  return { call, title, answer, run };
}

/** Octokit's error, by its shape. */
const refusalSchema = z.object({ name: z.literal('HttpError'), status: z.number() });

/** The status of an answer and what matters of its body; of a refusal the status alone. */
export async function seen<T>(
  asked: Promise<{ readonly status: number; readonly data: T }>,
  pick: (data: T) => unknown = () => undefined,
): Promise<unknown> {
  try {
    const { status, data } = await asked;
    const body = pick(data);
    return body === undefined ? { status } : { status, body };
  } catch (error) {
    const refusal = refusalSchema.safeParse(error);
    if (refusal.success) return { status: refusal.data.status };
    throw error;
  }
}

/** The repository, as Octokit's parameters want it. */
export function at({ owner, repo }: Shop): { readonly owner: string; readonly repo: string } {
  return { owner, repo };
}

/** The pull request as an issue. */
export function issueOf(shop: Shop) {
  return { ...at(shop), issue_number: shop.number };
}

/** The pull request. */
export function pullOf(shop: Shop) {
  return { ...at(shop), pull_number: shop.number };
}
