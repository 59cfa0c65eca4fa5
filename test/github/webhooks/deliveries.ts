import { createHmac, randomUUID } from 'node:crypto';
import type { Faults } from '../http/faults.ts';
import type { Hook } from '../state/model.ts';
import type { Settings } from '../state/settings.ts';
import type { Store } from '../state/store.ts';

/** One attempt to hand an event to a hook. */
export interface Delivery {
  readonly id: number;
  readonly hookId: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly repository: string | null;
  readonly redelivery: boolean;
  readonly deliveredAt: string;
  readonly request: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  status: string;
  statusCode: number;
  durationMs: number;
  responseBody: string;
}

/** An event on its way to the hooks that want it. */
export interface Outgoing {
  readonly event: string;
  readonly action: string | null;
  readonly owner: string;
  readonly repo: string | null;
  readonly body: string;
}

/** The webhooks of this GitHub. */
export interface Deliveries {
  /** Whether anybody listens, so that nothing is rendered for nobody. */
  wanted(event: string, owner: string, repo: string | null): boolean;
  send(outgoing: Outgoing): void;
  redeliver(delivery: Delivery): Delivery;
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

const KEPT = 20_000;

function hmac(algorithm: string, secret: string, body: string): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;
}

function headersFor(hook: Hook, delivery: { guid: string; event: string }, body: string) {
  const signature = hook.secret
    ? {
        'X-Hub-Signature': hmac('sha1', hook.secret, body),
        'X-Hub-Signature-256': hmac('sha256', hook.secret, body),
      }
    : {};
  return {
    'Content-Type': 'application/json',
    Accept: '*/*',
    'User-Agent': 'GitHub-Hookshot/emulator',
    'X-GitHub-Delivery': delivery.guid,
    'X-GitHub-Event': delivery.event,
    'X-GitHub-Hook-ID': String(hook.id),
    'X-GitHub-Hook-Installation-Target-Type': hook.repo ? 'repository' : 'organization',
    ...signature,
  };
}

async function post(hook: Hook, delivery: Delivery, timeoutMs: number): Promise<void> {
  const started = performance.now();
  try {
    const response = await fetch(hook.url, {
      method: 'POST',
      headers: delivery.request.headers,
      body: delivery.request.body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    delivery.responseBody = (await response.text()).slice(0, 10_000);
    delivery.statusCode = response.status;
    delivery.status = response.ok ? 'OK' : response.statusText || 'Error';
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    delivery.status = timedOut ? 'timed out' : 'failed to connect to host';
  }
  delivery.durationMs = Math.round((performance.now() - started) * 1000) / 1000;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A line of deliveries to one hook, a few at once. */
function createLine(atOnce: () => number): (task: () => Promise<void>) => void {
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;
  function next(): void {
    while (running < atOnce()) {
      const task = waiting.shift();
      if (!task) return;
      running += 1;
      void task().finally(() => {
        running -= 1;
        next();
      });
    }
  }
  return (task) => {
    waiting.push(task);
    next();
  };
}

interface Lines {
  push(hook: Hook, task: () => Promise<void>): void;
  /** Counts as under way until the wait is over. */
  hold(wait: Promise<void>, afterwards: () => void): Promise<void>;
  idle(): Promise<void>;
  clear(): void;
}

function createLines(settings: Settings): Lines {
  const lines = new Map<number, ReturnType<typeof createLine>>();
  let open = 0;
  let waiters: (() => void)[] = [];
  function finished(): void {
    open -= 1;
    if (open > 0) return;
    for (const wake of waiters) wake();
    waiters = [];
  }
  return {
    push(hook, task) {
      const line = lines.get(hook.id) ?? createLine(() => settings.deliveriesAtOnce);
      lines.set(hook.id, line);
      open += 1;
      line(() => task().finally(finished));
    },
    idle: () => (open === 0 ? Promise.resolve() : new Promise((wake) => waiters.push(wake))),
    async hold(wait, afterwards) {
      open += 1;
      await wait;
      afterwards();
      finished();
    },
    clear: () => lines.clear(),
  };
}

function wants(hook: Hook, event: string): boolean {
  return hook.active && (hook.events.includes('*') || hook.events.includes(event));
}

function listens(hook: Hook, owner: string, repo: string | null): boolean {
  if (hook.owner.toLowerCase() !== owner.toLowerCase()) return false;
  return hook.repo === null || hook.repo.toLowerCase() === repo?.toLowerCase();
}

/** Delivers webhooks, signed, in order per hook, without retries. */
export function createDeliveries(parts: DeliveryParts): Deliveries {
  const { store, settings, faults } = parts;
  const lines = createLines(settings);
  let kept: Delivery[] = [];
  const heldBack = new Map<number, () => void>();

  function make(hook: Hook, outgoing: Outgoing, again?: Delivery): Delivery {
    const guid = again?.guid ?? randomUUID();
    const delivery: Delivery = {
      id: store.nextId(),
      hookId: hook.id,
      guid,
      event: outgoing.event,
      action: outgoing.action,
      repository: outgoing.repo ? `${outgoing.owner}/${outgoing.repo}` : null,
      redelivery: again !== undefined,
      deliveredAt: new Date().toISOString(),
      request: {
        headers: headersFor(hook, { guid, event: outgoing.event }, outgoing.body),
        body: outgoing.body,
      },
      status: 'pending',
      statusCode: 0,
      durationMs: 0,
      responseBody: '',
    };
    kept.push(delivery);
    if (kept.length > KEPT) kept = kept.slice(KEPT / 2);
    return delivery;
  }
  function line(hook: Hook, delivery: Delivery): void {
    lines.push(hook, () => post(hook, delivery, settings.deliveryTimeoutMs));
  }
  /** Held back until the next event of the hook has gone first. */
  function holdBack(hook: Hook, delivery: Delivery): void {
    const release = (): void => {
      if (heldBack.get(hook.id) !== release) return;
      heldBack.delete(hook.id);
      line(hook, delivery);
    };
    heldBack.get(hook.id)?.();
    heldBack.set(hook.id, release);
    setTimeout(release, 1000).unref();
  }
  function dispatch(hook: Hook, outgoing: Outgoing): void {
    const delivery = make(hook, outgoing);
    const name = outgoing.action ? `${outgoing.event}.${outgoing.action}` : outgoing.event;
    const fault = faults.strike(['drop', 'delay', 'double', 'reorder'], { event: name });
    if (fault?.do === 'drop') {
      delivery.status = 'dropped';
      return;
    }
    if (fault?.do === 'reorder') {
      holdBack(hook, delivery);
      return;
    }
    if (fault?.do === 'delay') {
      void lines.hold(pause(fault.ms), () => line(hook, delivery));
      return;
    }
    line(hook, delivery);
    if (fault?.do === 'double') line(hook, make(hook, outgoing, delivery));
    heldBack.get(hook.id)?.();
  }

  return {
    wanted: (event, owner, repo) =>
      store.model.hooks.some((hook) => listens(hook, owner, repo) && wants(hook, event)),
    send(outgoing) {
      for (const hook of store.model.hooks) {
        if (!listens(hook, outgoing.owner, outgoing.repo)) continue;
        if (wants(hook, outgoing.event)) dispatch(hook, outgoing);
      }
    },
    redeliver(delivery) {
      const hook = store.model.hooks.find((known) => known.id === delivery.hookId);
      if (!hook) return delivery;
      const [owner = '', repo = null] = delivery.repository?.split('/') ?? [hook.owner];
      const { event, action } = delivery;
      const body = delivery.request.body;
      const again = make(hook, { event, action, owner, repo, body }, delivery);
      line(hook, again);
      return again;
    },
    ofHook: (hookId) => kept.filter((delivery) => delivery.hookId === hookId),
    all: () => kept,
    find: (id) => kept.find((delivery) => delivery.id === id),
    idle: () => lines.idle(),
    restore(deliveries) {
      kept = [...deliveries, ...kept];
    },
    clear() {
      kept = [];
      heldBack.clear();
      lines.clear();
    },
  };
}
