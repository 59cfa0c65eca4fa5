import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { Database } from '../activities/database/database.ts';
import type { Message } from '../workflows/contract.ts';
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

/** Settings of a gateway; the defaults are Prow's. */
export interface GatewayOptions {
  /** Prow's `--webhook-path`. */
  readonly webhookPath?: string;
}

/** Everything that a gateway is built from. */
export interface GatewayDependencies extends WebhookDependencies {
  readonly log: FastifyBaseLogger;
  readonly registry?: Registry;
  readonly options?: GatewayOptions;
}
