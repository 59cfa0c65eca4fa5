import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Change } from '../../activities/database/change.ts';
import type { ChangeHub, NumberedChange } from './hub.ts';

const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 1_000;
/** A reader that is this far behind is cut off; it comes back and reads the page anew. */
const MAX_BACKLOG = 256 * 1024;

const query = z.object({
  topic: z
    .union([z.string(), z.array(z.string())])
    .transform((topics) => (Array.isArray(topics) ? topics : [topics]))
    .pipe(z.array(z.string().max(400)).max(20)),
  /** Where the page stands that asks; the browser's own header replaces it after a reconnection. */
  after: z.string().optional(),
});

/** Server-sent events at `/events?topic=…`: `run`, `run:UUID`, `pool:org/repo/branch`, `pull-request:org/repo/N`. */
export function serveEvents(app: FastifyInstance, hub: ChangeHub): void {
  const streams = new Set<ServerResponse>();
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end();
    await hub.close();
  });
  app.get('/events', async (request, reply) => {
    const asked = query.safeParse(request.query);
    if (!asked.success)
      return reply.code(400).type('text/plain; charset=utf-8').send('Which topic?\n');
    if (streams.size >= MAX_STREAMS) return reply.code(503).header('retry-after', '30').send();
    const lastId = request.headers['last-event-id'] ?? asked.data.after;
    reply.hijack();
    const stream = reply.raw;
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) stream.setHeader(name, value);
    }
    streams.add(stream);
    open(stream, {
      hub,
      topics: new Set(asked.data.topic),
      ...(lastId === undefined ? {} : { lastId: String(lastId) }),
      onClose: () => streams.delete(stream),
    });
    return reply;
  });
}

interface Reader {
  readonly hub: ChangeHub;
  readonly topics: ReadonlySet<string>;
  readonly lastId?: string;
  readonly onClose: () => void;
}

function open(stream: ServerResponse, { hub, topics, lastId, onClose }: Reader): void {
  stream.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // A stream that we end takes its connection along: nothing else is asked on it.
    connection: 'close',
    'x-accel-buffering': 'no',
  });
  stream.write('retry: 2000\n\n');
  const send = ({ id, change }: NumberedChange): void => {
    if (!concerns(topics, change)) return;
    stream.write(`id: ${id}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`);
    if (stream.writableLength > MAX_BACKLOG) stream.destroy();
  };
  const leave = hub.subscribe(send, lastId);
  const heartbeat = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT_MS);
  stream.on('close', () => {
    clearInterval(heartbeat);
    leave();
    onClose();
  });
}

function concerns(topics: ReadonlySet<string>, { topic, key }: Change): boolean {
  return topic === 'resync' || topics.has(topic) || topics.has(`${topic}:${key}`);
}
