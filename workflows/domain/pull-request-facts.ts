/** The pull request itself, as webhooks tell of it and the entity knows it; always at hand. */
export interface PullRequestFacts {
  readonly number: number;
  readonly title: string;
  readonly author: string;
  /** GitHub's kind of account: `User`, `Bot`, `Organization`. */
  readonly authorType: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly draft: boolean;
  readonly headSha: string;
  readonly headRef: string;
  readonly baseRef: string;
  /** GitHub's own verdict on conflicts; null while it is being computed. */
  readonly mergeable: boolean | null;
  readonly htmlUrl: string;
  readonly createdAt: string;
}
