import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { Database } from '../activities/database/database.ts';
import type { OpenStorage } from '../activities/storage/storage.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import type { Message } from '../workflows/contract.ts';
import type { pluginHelp } from '../workflows/plugins/index.ts';
import type { OutsideLinks } from './pages/parts.tsx';
import type { LiveLogs } from './run-files.ts';
import type { HmacSecrets } from './webhook/hmac-secrets.ts';

/** All that the gateway asks of Temporal. */
export interface Mailer {
  /** Starts the addressee if it is not there and signals it; resolves when the server has it stored. */
  signalWithStart(message: Message): Promise<void>;
}

/** What the webhook needs. */
export interface WebhookDependencies {
  readonly temporal: Mailer;
  readonly database: Database;
  readonly hmac: HmacSecrets;
}

/** A plugin as it declares itself, for the help pages. */
export type PluginDeclaration = Parameters<typeof pluginHelp>[0][number];

/** What the pages need; all of it is read only. */
export interface PageDependencies {
  readonly database: Database;
  readonly links: OutsideLinks;
  /** The active configuration; undefined while none was loaded. */
  readonly snapshot: () => ConfigSnapshot | undefined;
  /** `plugins` of `workflows/plugins`. */
  readonly plugins: readonly PluginDeclaration[];
  /** `openStorage` of `activities/storage`; the rows of runs say where their files lie. */
  readonly openStorage: OpenStorage;
  /** Logs of pods that still run; without it, logs are seen when they are in the storage. */
  readonly liveLogs?: LiveLogs;
}

/** Settings of a gateway; the defaults are Prow's. */
export interface GatewayOptions {
  /** Prow's `--webhook-path`. */
  readonly webhookPath?: string;
}

/** Everything that a gateway is built from. */
export interface GatewayDependencies extends WebhookDependencies, PageDependencies {
  readonly log: FastifyBaseLogger;
  readonly registry?: Registry;
  readonly options?: GatewayOptions;
}
