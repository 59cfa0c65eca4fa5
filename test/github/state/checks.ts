/** The check runs of one app at one commit. */
export interface CheckSuite {
  readonly id: number;
  readonly sha: string;
  readonly branch: string | null;
  readonly app: number | null;
  readonly createdAt: string;
  updatedAt: string;
}

/** A check run, by the names that REST gives its parts. */
export interface CheckRun {
  readonly id: number;
  readonly suite: number;
  name: string;
  external_id: string | null;
  details_url: string | null;
  status: string;
  conclusion: string | null;
  started_at: string | null;
  completed_at: string | null;
  output: CheckOutput;
  readonly app: number | null;
}

/** What a check run says. */
export interface CheckOutput {
  readonly title: string | null;
  readonly summary: string | null;
  readonly text: string | null;
  readonly annotations: readonly Record<string, unknown>[];
}
