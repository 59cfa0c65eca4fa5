import { buildObjectStores } from './programs.ts';

await buildObjectStores((line) => void process.stdout.write(`${line}\n`));
