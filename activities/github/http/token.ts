import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';

/** Where the token comes from. */
export interface TokenSource {
  current(): Promise<string>;
  /** The token was not accepted: look at the source again at once. */
  distrust(): void;
}

/** How long a look at the token file holds. */
const LOOK_EVERY = 1000;

/** A token that never changes. */
export function fixedToken(token: string): TokenSource {
  return { current: async () => token, distrust: () => undefined };
}

/** A token in a file, read again when the file changed (secrets are rotated under a running process). */
export function fileToken(path: string): TokenSource {
  let looked = 0;
  let version = '';
  let token = '';

  async function look(): Promise<void> {
    const { mtimeMs, size, ino } = await stat(path);
    const seen = `${mtimeMs}/${size}/${ino}`;
    if (seen !== version) {
      token = (await readFile(path, 'utf8')).trim();
      version = seen;
    }
    looked = Date.now();
  }
  return {
    async current() {
      if (Date.now() - looked > LOOK_EVERY) await look();
      return token;
    },
    distrust() {
      looked = 0;
    },
  };
}

/** Stands for a token in metrics and in keys of caches, and tells nothing about it. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 16);
}
