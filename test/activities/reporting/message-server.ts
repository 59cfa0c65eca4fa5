import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A message that was taken. */
export interface Taken {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the server answers: a status of HTTP and a JSON value. */
export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** The other side of a reporter: an HTTP server that takes messages, or does not. */
export interface MessageServer {
  readonly url: string;
  readonly taken: Taken[];
  /** From now on; only with 200 and without an `error` a message counts as taken. */
  answerWith(answer: Answer): void;
  close(): Promise<void>;
}

/** Starts one on a free port. */
export async function startMessageServer(usual: Answer): Promise<MessageServer> {
  const taken: Taken[] = [];
  let answer = usual;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (answer.status === 200 && !('error' in answer.body)) {
        taken.push({ path: request.url ?? '', headers: request.headers, body });
      }
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    taken,
    answerWith: (next) => {
      answer = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
