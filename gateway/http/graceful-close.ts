import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** A webhook that is being taken is done within GitHub's 10 s. */
const GRACE_MS = 10_000;

/**
 * On close, lets requests end, but waits for nobody who asks for nothing: browsers open connections in
 * advance, which Node does not count among the idle ones.
 */
export function closeGracefully(app: FastifyInstance): void {
  const unused = new Set<Socket>();
  app.server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  app.server.on('request', ({ socket }) => unused.delete(socket));
  app.addHook('preClose', async () => {
    for (const socket of unused) socket.destroy();
    setTimeout(() => app.server.closeAllConnections(), GRACE_MS).unref();
  });
}
