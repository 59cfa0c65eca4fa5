import { buildPodUtilities } from './programs.ts';

await buildPodUtilities((line) => void process.stdout.write(`${line}\n`));
