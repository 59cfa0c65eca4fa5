import { createHmac, randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { Database } from '../../activities/database/database.ts';
import { openStorage } from '../../activities/storage/open-storage.ts';
import { buildGateway } from '../../gateway/app.ts';
import { createLogger } from '../../gateway/logger.ts';
import { fixedHmacSecrets } from '../../gateway/webhook/hmac-secrets.ts';
import type { AddressedMail, Message } from '../../workflows/contract.ts';
import type { DomainEvent } from '../../workflows/domain/event.ts';

/** The secret of all places but those that a test names. */
export const SECRET = 'practice-secret';

/** A gateway together with what it sent and logged. */
export interface PostOffice {
  readonly app: FastifyInstance;
  readonly sent: Message[];
  readonly logged: Record<string, unknown>[];
  /** While set, Temporal does not answer. */
  temporalDown: boolean;
}

/** A gateway on a real database; its messages are kept where Temporal would keep them. */
export function openPostOffice(database: Database, hmac = SECRET): PostOffice {
  const sent: Message[] = [];
  const logged: Record<string, unknown>[] = [];
  const destination = new Writable({
    write(line, _encoding, done) {
      logged.push(JSON.parse(String(line)));
      done();
    },
  });
  const office = {
    sent,
    logged,
    temporalDown: false,
    app: buildGateway({
      database,
      openStorage,
      plugins: [],
      snapshot: () => undefined,
      links: {
        temporalUi: 'http://127.0.0.1:8233/namespaces/default',
        githubUrl: 'https://github.com',
      },
      hmac: fixedHmacSecrets(hmac),
      log: createLogger('hook', { destination }),
      temporal: {
        signalWithStart: async (message) => {
          if (office.temporalDown) throw new Error('14 UNAVAILABLE: connection refused');
          sent.push(message);
        },
      },
    }),
  };
  return office;
}

/** GitHub's signature of a body. */
export function sign(body: string, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** Posts a webhook as GitHub would. */
export async function deliver(
  { app }: PostOffice,
  event: string,
  payload: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<LightMyRequestResponse> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return app.inject({
    method: 'POST',
    url: '/hook',
    payload: body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': sign(body),
      ...headers,
    },
  });
}

/** The events of a message that is mail. */
export function eventsOf(message: Message | undefined): readonly DomainEvent[] {
  return message?.signal === 'mail' ? (message.body as AddressedMail).events : [];
}
