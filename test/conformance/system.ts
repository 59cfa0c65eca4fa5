import type { GitHub } from '../github/server.ts';
import type { Files } from './configuration.ts';
import type { RunSeen } from './runs.ts';

/** What a system is started with. */
export interface Ground {
  readonly github: GitHub;
  readonly files: Files;
  /** A folder of its own, deleted afterwards. */
  readonly folder: string;
  /** Where it must listen for webhooks. */
  readonly hookPort: number;
  /** The build cluster, and the only one. */
  readonly kubeconfig: string;
}

/** A running system that serves an organisation on GitHub. */
export interface System {
  /** The run records of a repository, as the system shows them. */
  runs(repository: string): Promise<readonly RunSeen[]>;
  /** The end of what it logged, for the message of a test that failed. */
  log(): Promise<string>;
  stop(): Promise<void>;
}
