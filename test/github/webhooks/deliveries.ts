import { randomUUID } from 'node:crypto';
import type { Faults } from '../http/faults.ts';
import type { Hook } from '../state/model.ts';
import type { Settings } from '../state/settings.ts';
import type { Store } from '../state/store.ts';
import type { Delivery, Outgoing } from './delivery.ts';
import { createDispatch } from './dispatch.ts';
import { createLines } from './lines.ts';
import { bodyFor, headersFor, postDelivery } from './post.ts';
import { installationFor, isFor } from './subscribers.ts';

/** The webhooks of this GitHub. */
export interface Deliveries {
  /** Whether anybody listens, so that nothing is rendered for nobody. */
  wanted(event: string, owner: string, repo: string | null): boolean;
  send(outgoing: Outgoing): void;
  redeliver(delivery: Delivery): Delivery;
  /** Greets a new hook. */
  ping(hook: Hook, body: string): void;
  ofHook(hookId: number): readonly Delivery[];
  all(): readonly Delivery[];
  find(id: number): Delivery | undefined;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  clear(): void;
  /** Takes over the deliveries of an earlier process. */
  restore(deliveries: readonly Delivery[]): void;
}

/** What deliveries stand on. */
export interface DeliveryParts {
  readonly store: Store;
  readonly settings: Settings;
  readonly faults: Faults;
}

/** More than any test sends, so that a long burst does not eat the memory. */
const KEPT = 20_000;
/** As long as GitHub keeps them. */
const KEPT_MS = 3 * 24 * 3600 * 1000;

interface Archive {
  readonly make: (hook: Hook, outgoing: Outgoing, again?: Delivery) => Delivery;
  readonly all: () => readonly Delivery[];
  readonly replace: (deliveries: readonly Delivery[]) => void;
}

/** Keeps every delivery for three days, the oldest half going when it is full. */
function createArchive(store: Store): Archive {
  let kept: Delivery[] = [];
  function young(): readonly Delivery[] {
    const oldest = new Date(Date.now() - KEPT_MS).toISOString();
    const first = kept[0];
    if (first && first.deliveredAt < oldest) {
      kept = kept.filter(({ deliveredAt }) => deliveredAt >= oldest);
    }
    return kept;
  }
  return {
    all: young,
    replace(deliveries) {
      kept = [...deliveries];
    },
    make(hook, outgoing, again) {
      const { event, action, owner, repo } = outgoing;
      const installation = again?.installationId ?? installationFor(store.model, hook, outgoing);
      const body = again ? outgoing.body : bodyFor(hook, outgoing.body, installation);
      const guid = again?.guid ?? randomUUID();
      const delivery: Delivery = {
        id: store.nextId(),
        hookId: hook.id,
        guid,
        event,
        action,
        repository: repo ? `${owner}/${repo}` : null,
        ...(installation === undefined ? {} : { installationId: installation }),
        redelivery: again !== undefined,
        deliveredAt: new Date().toISOString(),
        request: { headers: headersFor(hook, { guid, event }, body), body },
        status: 'pending',
        statusCode: 0,
        durationMs: 0,
        responseBody: '',
      };
      kept.push(delivery);
      if (kept.length > KEPT) kept = kept.slice(KEPT / 2);
      return delivery;
    },
  };
}

function outgoingAgain(hook: Hook, delivery: Delivery): Outgoing {
  const [owner = hook.owner, repo = null] = delivery.repository?.split('/') ?? [];
  const { event, action } = delivery;
  return { event, action, owner, repo, body: delivery.request.body };
}

/** Delivers webhooks, signed, in order per hook, without retries. */
export function createDeliveries({ store, settings, faults }: DeliveryParts): Deliveries {
  const lines = createLines(() => settings.deliveriesAtOnce);
  const { make, all, replace } = createArchive(store);
  const post = (hook: Hook, delivery: Delivery): Promise<void> =>
    postDelivery(hook, delivery, settings.deliveryTimeoutMs);
  const dispatch = createDispatch({ faults, lines, make, post });
  return {
    wanted: (event, owner, repo) =>
      store.model.hooks.some((hook) => isFor(store.model, hook, { event, owner, repo })),
    send(outgoing) {
      for (const hook of [...store.model.hooks]) {
        if (isFor(store.model, hook, outgoing)) dispatch(hook, outgoing);
      }
    },
    redeliver(delivery) {
      const hook = store.model.hooks.find((known) => known.id === delivery.hookId);
      if (!hook) return delivery;
      const again = make(hook, outgoingAgain(hook, delivery), delivery);
      lines.push(hook.id, () => post(hook, again));
      return again;
    },
    ping(hook, body) {
      const { owner, repo } = hook;
      const delivery = make(hook, { event: 'ping', action: null, owner, repo, body });
      lines.push(hook.id, () => post(hook, delivery));
    },
    ofHook: (hookId) => all().filter((delivery) => delivery.hookId === hookId),
    all,
    find: (id) => all().find((delivery) => delivery.id === id),
    idle: () => lines.idle(),
    restore: (deliveries) => replace([...deliveries, ...all()]),
    clear() {
      replace([]);
      lines.clear();
    },
  };
}
