import { h } from 'preact';
import type { Hub } from '../hub.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import { badge, type Html, link, type Page } from './layout.ts';

const SHOWN = 200;

function stateOf({ status, statusCode }: Delivery): Html {
  if (status === 'pending') return badge('pending', 'pending');
  const good = statusCode >= 200 && statusCode < 300;
  return badge(good ? 'success' : 'failure', `${statusCode || ''} ${status}`);
}

function nameOf({ event, action }: Delivery): string {
  return action ? `${event}.${action}` : event;
}

function again(delivery: Delivery): Html {
  return h(
    'form',
    { method: 'post', class: 'inline', action: `/deliveries/${delivery.id}/redeliver` },
    h('button', { type: 'submit' }, delivery.redelivery ? 'Once more' : 'Redeliver'),
  );
}

/** The newest deliveries, each with a button to send it again. */
export function deliveriesPage(hub: Hub): Page {
  const newest = hub.deliveries.all().slice(-SHOWN).reverse();
  const rows = newest.map((delivery) =>
    h(
      'li',
      { key: delivery.id },
      stateOf(delivery),
      link(`/deliveries/${delivery.id}`, nameOf(delivery)),
      ` ${delivery.repository ?? ''} · ${delivery.deliveredAt} · ${Math.round(delivery.durationMs)} ms `,
      again(delivery),
    ),
  );
  return {
    title: 'Deliveries',
    body: rows.length === 0 ? h('p', { class: 'soft' }, 'None.') : h('ul', { class: 'rows' }, rows),
  };
}

function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** JSON with a line for each part; anything else as it came. */
function laidOut(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function block(heading: string, text: string): Html {
  return [
    h('h2', { key: heading }, heading),
    h('article', { key: `${heading}-text` }, h('pre', { class: 'diff' }, text === '' ? ' ' : text)),
  ];
}

/** A delivery with what was sent and what came back. */
export function deliveryPage(hub: Hub, delivery: Delivery): Page {
  const hook = hub.model.hooks.find(({ id }) => id === delivery.hookId);
  const { headers, body } = delivery.request;
  return {
    title: `${nameOf(delivery)} ${delivery.repository ?? ''}`,
    body: [
      h('p', null, stateOf(delivery), `to ${hook?.url ?? 'a hook that is gone'}`),
      h('p', { class: 'soft' }, `${delivery.guid} · ${delivery.deliveredAt}`),
      again(delivery),
      block('Request headers', headerLines(headers)),
      block('Payload', laidOut(body)),
      block('Response', laidOut(delivery.responseBody)),
    ],
  };
}
