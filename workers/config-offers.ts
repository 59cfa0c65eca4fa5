import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ConfigFiles } from '../config/reading.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import type { Message } from '../workflows/contract.ts';
import type { ConfigFault } from '../workflows/domain/config-offer.ts';

/** What a worker tells the `config` workflow, kept trying until it is told or there is something newer to tell. */
export interface Offers {
  offer(loaded: Offered, cause: 'start' | 'change'): void;
  complain(fault: ConfigFault): void;
  /** Of a process that cannot start: one try, for it is about to end. */
  complainOfStart(fault: ConfigFault): Promise<void>;
  close(): Promise<void>;
}

/** What is offered. */
export interface Offered {
  readonly snapshot: ConfigSnapshot;
  readonly files: ConfigFiles;
}

/** What offering needs. */
export interface OfferSetting {
  readonly worker: string;
  readonly policy: { readonly dropLimit: number; readonly rollbackAfterMs: number };
  readonly log: Logger;
  readonly send: (message: Message) => Promise<void>;
  /** Stores the content before it is offered; `number` is the active one as far as is known here. */
  readonly keep: (loaded: Offered, number: number) => Promise<void>;
  readonly number: () => number;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const LAST_WORD_MS = 5_000;

/** Makes the offers of one worker; the newest replaces one that could not be told yet. */
export function createOffers(setting: OfferSetting): Offers {
  const { worker, policy, log } = setting;
  const stopping = new AbortController();
  // Grows over restarts, as clocks do.
  let sequence = Date.now();
  let newest = 0;
  let telling: Promise<void> = Promise.resolve();

  const next = (): number => {
    sequence = Math.max(sequence + 1, Date.now());
    return sequence;
  };
  const tell = (what: number, attempt: () => Promise<void>): void => {
    newest = what;
    telling = telling.then(() => persist(what, attempt));
  };
  const persist = async (what: number, attempt: () => Promise<void>): Promise<void> => {
    for (let tries = 0; what === newest && !stopping.signal.aborted; tries += 1) {
      try {
        await attempt();
        return;
      } catch (error) {
        log.warn(
          { error: String(error) },
          'the configuration could not be offered; it is tried again',
        );
        const pause = Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS);
        await delay(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  const complaint = (name: string, what: number, fault: ConfigFault): Message => ({
    to: 'config',
    input: {},
    signal: 'configRefused',
    body: { worker: name, sequence: what, at: new Date().toISOString(), ...fault },
  });
  return {
    offer: (loaded, cause) => {
      const what = next();
      const { hash } = loaded.snapshot;
      const at = new Date().toISOString();
      const body = { worker, sequence: what, at, cause, hash, ...policy };
      tell(what, async () => {
        await setting.keep(loaded, setting.number());
        await setting.send({ to: 'config', input: {}, signal: 'configOffered', body });
      });
    },
    complain: (fault) => {
      const what = next();
      tell(what, () => setting.send(complaint(worker, what, fault)));
    },
    complainOfStart: async (fault) => {
      const name = `${hostname()}/start`;
      const late = delay(LAST_WORD_MS, undefined, { ref: false });
      await Promise.race([
        setting.send(complaint(name, next(), fault)).catch(() => undefined),
        late,
      ]);
    },
    close: async () => {
      stopping.abort();
      await telling;
    },
  };
}
