import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { GitHub } from '../github/server.ts';

/** A webhook as it arrived. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: string;
}

/** A tiny receiver of webhooks. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** The status of every answer from now on; 200 at first. */
  answer: number | 'never';
  /** Names such as `pull_request.opened`, in the order of arrival. */
  names(): readonly string[];
  close(): Promise<void>;
}

function nameOf(event: string, body: string): string {
  const json = body.startsWith('payload=') ? new URLSearchParams(body).get('payload') : body;
  const action: unknown = JSON.parse(json ?? '{}').action;
  return typeof action === 'string' ? `${event}.${action}` : event;
}

/** Listens on a free port and answers 200 to everything. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const event = String(request.headers['x-github-event']);
      received.push({ headers: request.headers, body, event: nameOf(event, body) });
      if (receiver.answer === 'never') return;
      response.statusCode = receiver.answer;
      response.end('ok');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const receiver: Receiver = {
    answer: 200,
    url: `http://127.0.0.1:${port}/hook`,
    received,
    names: () => received.map(({ event }) => event),
    close: () =>
      new Promise((closed) => {
        // Closed twice is closed, too.
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

/** A receiver that hears everything that happens in the practice organisation. */
export async function listenTo(github: GitHub): Promise<Receiver> {
  const receiver = await startReceiver();
  await github.control.seed({ orgs: { acme: { hooks: [{ url: receiver.url }] } } });
  return receiver;
}
