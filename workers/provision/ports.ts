import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { identify, isRunning, readIdentity } from './pid-file.ts';
import { ProvisionError } from './provision-error.ts';

/**
 * A port of 127.0.0.1 that nobody listens on: the preferred one if it is free, else any (0 prefers none).
 * Two starts at one moment do not get the same preferred one.
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred && (await isFree(preferred)) && claim(preferred)) return preferred;
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

/**
 * Notes that a port is ours while we run: between the choice of a port and the moment when the program that
 * it is for listens on it, another start would find it free.
 */
function claim(port: number): boolean {
  const folder = join(tmpdir(), `bowsprit-ports-${userInfo().uid}`);
  const note = join(folder, String(port));
  const mine = `${note}-${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(mine, JSON.stringify(identify(process.pid)));
    const holder = readIdentity(note);
    if (holder?.pid === process.pid || (holder !== undefined && isRunning(holder))) return false;
    rmSync(note, { force: true });
    linkSync(mine, note);
    return true;
  } catch {
    // Somebody was quicker, or nothing can be written there: any other port is as good.
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
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
