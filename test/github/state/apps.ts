/** What a token may do, where that is less than what its owner may. */
export interface Grant {
  /** Of a classic token; everything if left out. */
  readonly scopes?: readonly string[];
  /** The token of a workflow of a fork: it reads. */
  readonly readOnly?: boolean;
  /** Of an installation of an app. */
  readonly installation?: number;
  readonly repositories?: readonly number[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly expiresAt?: string;
}

/** A GitHub App. */
export interface App {
  readonly id: number;
  readonly slug: string;
  name: string;
  owner: string;
  /** PEM; it checks the app's JSON web tokens. */
  publicKey: string;
  permissions: Readonly<Record<string, string>>;
  events: readonly string[];
  readonly createdAt: string;
}

/** An app in an account. */
export interface Installation {
  readonly id: number;
  readonly app: number;
  readonly account: string;
  /** `null`: all of the account. */
  repositories: number[] | null;
  suspendedAt: string | null;
  readonly createdAt: string;
}
