import type { GitHub } from '../github/server.ts';
import type { Files } from './configuration.ts';

/** What a system is started with. */
export interface Stage {
  readonly github: GitHub;
  readonly files: Files;
  /** A folder of its own, deleted afterwards. */
  readonly folder: string;
  /** Where it must listen for webhooks. */
  readonly hookPort: number;
}

/** A running system that serves an organisation on GitHub. */
export interface System {
  /** The end of what it logged, for the message of a test that failed. */
  log(): Promise<string>;
  stop(): Promise<void>;
}
