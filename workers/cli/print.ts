import { once } from 'node:events';

const CHUNK = 1 << 18;

/** Writes texts to standard output, no faster than they are read; a reader that has seen enough ends it. */
export async function print(texts: Iterable<string>): Promise<void> {
  let gone = false;
  process.stdout.once('error', () => {
    gone = true;
  });
  let chunk = '';
  for (const text of texts) {
    chunk += text;
    if (chunk.length < CHUNK) continue;
    if (!process.stdout.write(chunk)) await Promise.race([once(process.stdout, 'drain'), closed()]);
    if (gone) return;
    chunk = '';
  }
  process.stdout.write(chunk);
}

async function closed(): Promise<void> {
  await once(process.stdout, 'close').catch(() => undefined);
}
