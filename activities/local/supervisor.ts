import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { identify } from './process-identity.ts';
import { delist, FILES, folderOf, writeOnce } from './run-folder.ts';
import { runOrder } from './run-order.ts';
import { supervise } from './supervise.ts';

/**
 * The program that watches over one attempt. It is given the file of its order, outlives the worker that
 * started it, and ends at once if another one has the attempt already.
 */
async function main(orderFile: string): Promise<void> {
  const order = runOrder.parse(JSON.parse(readFileSync(orderFile, 'utf8')));
  const self = identify(process.pid);
  const folder = dirname(orderFile);
  if (self === undefined || folder !== folderOf(order.root, order)) return;
  if (!(await writeOnce(join(folder, FILES.supervisor), JSON.stringify(self)))) return;

  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort());
  process.on('SIGINT', () => stop.abort());
  await delist(order.root, 'waiting', order);
  await supervise(order, { folder, self, stop: stop.signal });
}

await main(process.argv[2] ?? '');
