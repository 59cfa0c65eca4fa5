import { createServer } from 'node:net';
import { ProvisionError } from './provision-error.ts';

/** A port of 127.0.0.1 that nobody listens on: the preferred one if it is free, else any (0 prefers none). */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred && (await isFree(preferred))) return preferred;
  return listenOnce(0);
}

/** Whether a port of 127.0.0.1 can be had. */
export async function isFree(port: number): Promise<boolean> {
  return listenOnce(port).then(
    () => true,
    () => false,
  );
}

/** The port, or an error that says which one is taken and which flag chooses another. */
export async function requirePort(port: number, purpose: string, flag: string): Promise<number> {
  if (await isFree(port)) return port;
  throw new ProvisionError(
    `port ${port} for ${purpose} is taken by another program: end that, or choose another with ${flag}`,
  );
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      const got = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(got));
    });
  });
}
