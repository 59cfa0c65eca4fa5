import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { Database } from '../activities/database/database.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import type { Message } from '../workflows/contract.ts';
import type { OutsideLinks } from './pages/parts.tsx';
import type { OpenStorage } from './run-files.ts';
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

/** What a plugin declares of itself, for the help pages; a `Plugin` of `workflows/plugins` is one. */
export interface PluginDeclaration {
  readonly name: string;
  readonly description: string;
  readonly commands: readonly string[];
  readonly help: readonly {
    readonly usage: string;
    readonly does: string;
    readonly whoCanUse: string;
    readonly examples?: readonly string[];
    readonly featured?: boolean;
  }[];
  readonly on: object;
}

/** What the pages need; all of it is read only. */
export interface PageDependencies {
  readonly database: Database;
  readonly links: OutsideLinks;
  /** The active configuration; undefined while none was loaded. */
  readonly snapshot: () => ConfigSnapshot | undefined;
  readonly plugins: readonly PluginDeclaration[];
  readonly openStorage: OpenStorage;
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
