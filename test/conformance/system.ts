import type { GitHub } from '../github/server.ts';
import type { Files } from './configuration.ts';
import type { Kubernetes } from './kubernetes.ts';

/** What a system is started with. */
export interface Ground {
  readonly github: GitHub;
  readonly files: Files;
  /** A folder of its own, deleted afterwards. */
  readonly folder: string;
  /** Where it must listen for webhooks. */
  readonly hookPort: number;
  /** The build cluster, and the only one; each system has a namespace for pods there. */
  readonly kubernetes: Kubernetes;
}

/** What tools read of Prow. */
export type Shown = 'runs' | 'pools' | 'help';

/** A running system that serves an organisation on GitHub. */
export interface System {
  /** What it shows to tools: run records, merge pools, the help on plugins. */
  show(what: Shown): Promise<unknown>;
  /** What it logged. */
  log(): Promise<string>;
  stop(): Promise<void>;
}
