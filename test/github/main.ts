import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { seedSchema } from './control/seed.ts';
import { startGitHub } from './server.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'state-dir': { type: 'string' },
      'public-url': { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const github = await startGitHub({
    port: Number(values.port),
    ...(values['state-dir'] ? { stateDir: values['state-dir'] } : {}),
    ...(values['public-url'] ? { publicUrl: values['public-url'] } : {}),
  });
  const end = (): void => {
    void github.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (values.seed) {
    await github.control.seed(seedSchema.parse(JSON.parse(await readFile(values.seed, 'utf8'))));
  }
  process.stdout.write(`${JSON.stringify({ port: github.port, url: github.url })}\n`);
}

await main();
