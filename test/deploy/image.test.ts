import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '../..');
const DOCKERFILE = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8');
/** What `npm ci` and the build make. */
const MADE = new Set(['dist', 'node_modules']);

const deployment = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        securityContext: z.object({ runAsUser: z.number() }),
        containers: z.array(z.object({ args: z.array(z.string()) })),
      }),
    }),
  }),
});

test('what the image copies is there', () => {
  const copied = [...DOCKERFILE.matchAll(/^COPY --from=build \/app\/(\S+)/gm)].map(
    ([, path = '']) => path,
  );

  expect(copied).toContain('dist');
  const missing = copied.filter((path) => !MADE.has(path) && !existsSync(join(ROOT, path)));
  expect(missing).toEqual([]);
});

test('the image starts the command that the package names, and the Deployments give it a subcommand and its user', () => {
  const { bin } = z
    .object({ bin: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  expect(DOCKERFILE).toContain(`ENTRYPOINT ["node", "/app/${bin['bowsprit']}"]`);

  const folder = join(ROOT, 'deploy/kubernetes');
  const deployments = readdirSync(folder)
    .flatMap((name) => parseAllDocuments(readFileSync(join(folder, name), 'utf8')))
    .map((document): unknown => document.toJS())
    .filter((one) => z.looseObject({ kind: z.literal('Deployment') }).safeParse(one).success)
    .map((one) => deployment.parse(one).spec.template.spec);
  const commands = deployments.map(({ containers }) => containers[0]?.args[0]);
  expect(commands.sort()).toEqual(['gateway', 'worker']);
  for (const { securityContext } of deployments) {
    expect(DOCKERFILE).toContain(`USER ${securityContext.runAsUser}\n`);
  }
});
