import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** The figures of a gateway; names are Prow's where Prow has them (W§2.6). */
export interface GatewayMetrics {
  readonly registry: Registry;
  readonly webhooks: Counter<'event_type'>;
  readonly responseCodes: Counter<'response_code'>;
  readonly dropped: Counter<'event_type'>;
  readonly undecodable: Counter<'event_type'>;
  readonly degraded: Counter;
  readonly webhookSeconds: Histogram;
}

/** Makes the figures; a registry of one's own collects the process's as well. */
export function createMetrics(given?: Registry): GatewayMetrics {
  const registry = given ?? new Registry();
  if (given === undefined) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const byEvent = (name: string, help: string): Counter<'event_type'> =>
    new Counter({ name, help, labelNames: ['event_type'], registers });
  return {
    registry,
    webhooks: byEvent('prow_webhook_counter', 'Webhooks with a right signature, by event.'),
    responseCodes: new Counter({
      name: 'prow_webhook_response_codes',
      help: 'Answers to webhooks, by status code.',
      labelNames: ['response_code'],
      registers,
    }),
    dropped: byEvent('bowsprit_webhook_dropped_total', 'Webhooks of a kind that no handler knows.'),
    undecodable: byEvent(
      'bowsprit_webhook_undecodable_total',
      'Webhooks of a known kind that did not have its shape.',
    ),
    degraded: new Counter({
      name: 'bowsprit_webhook_degraded_total',
      help: 'Webhooks whose text travelled in the signal because the database was away.',
      registers,
    }),
    webhookSeconds: new Histogram({
      name: 'bowsprit_webhook_seconds',
      help: 'From a webhook to its answer.',
      buckets: [0.002, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  };
}

const KNOWN_EVENT = /^[a-z][a-z_0-9]{0,49}$/;

/** A header's value as a label; what does not look like an event's name shares one. */
export function eventLabel(event: string): string {
  return KNOWN_EVENT.test(event) ? event : 'other';
}
