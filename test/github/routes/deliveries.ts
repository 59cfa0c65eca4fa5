import { type Answer, answer, ok, okWith } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { type Call, param, type Route, route } from '../http/route.ts';
import { renderDelivery, renderFullDelivery } from '../render/hook.ts';
import { apiUrl } from '../render/urls.ts';
import type { Hook } from '../state/model.ts';
import type { Delivery } from '../webhooks/delivery.ts';

const DEFAULT_PER_PAGE = 30;
const MOST_PER_PAGE = 100;
const CURSOR = /^v1_(\d+)$/;

/** Deliveries come newest first, by cursor: a delivery that is made meanwhile shifts no page. */
function page(call: Call, hook: Hook, prefix: string): Answer {
  const { hub, query } = call;
  const perPage = Math.min(Number(query['per_page']) || DEFAULT_PER_PAGE, MOST_PER_PAGE);
  const { cursor } = query;
  const [, before] = cursor === undefined ? [] : (CURSOR.exec(cursor) ?? refuse(400, 'Bad cursor'));
  const found = [...hub.deliveries.ofHook(hook.id)]
    .reverse()
    .filter(({ id }) => before === undefined || id < Number(before))
    .filter(({ redelivery }) => query['redelivery'] !== 'true' || redelivery);
  const shown = found.slice(0, perPage);
  const last = shown.at(-1);
  const path = prefix.replace(/:(\w+)/g, (_, name: string) => param(call, name));
  const next = `${apiUrl(hub, path)}?per_page=${perPage}&cursor=v1_${last?.id}`;
  const headers = found.length > perPage ? { Link: `<${next}>; rel="next"` } : {};
  return okWith(
    headers,
    shown.map((delivery) => renderDelivery(hub, delivery)),
  );
}

/** The deliveries of a hook below a path, and sending them again. */
export function deliveryRoutes(prefix: string, hookOf: (call: Call) => Hook): readonly Route[] {
  const deliveryOf = (call: Call): Delivery => {
    const id = Number(param(call, 'delivery'));
    const hook = hookOf(call);
    return call.hub.deliveries.ofHook(hook.id).find((known) => known.id === id) ?? notFound();
  };
  return [
    route('GET', prefix, (call) => page(call, hookOf(call), prefix)),
    route('GET', `${prefix}/:delivery`, (call) =>
      ok(renderFullDelivery(call.hub, deliveryOf(call))),
    ),
    route('POST', `${prefix}/:delivery/attempts`, (call) => {
      call.hub.deliveries.redeliver(deliveryOf(call));
      return answer(202, {});
    }),
  ];
}
