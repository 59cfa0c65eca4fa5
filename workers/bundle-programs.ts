import { readdir, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions, Plugin } from 'esbuild';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PREFIX = 'bundled-';

const COMMAND_LINE = 'workers/cli';
// What the commands that only read a configuration need; everything else is loaded when it is asked for.
const PACKAGES = new Set(['commander', 'ignore', 'lru-cache', 'microdiff', 're2js', 'yaml', 'zod']);
const APART = ['workers/gateway', 'workers/up', 'workers/worker', 'workers/cli/checkconfig-hub'];

const EMULATOR = 'test/github';
// What the emulator loads when somebody asks for it, or never.
const LEFT_OUT = [
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  '@octokit/graphql-schema',
  'ajv',
  'ajv-formats',
  'graphql',
  'light-my-request',
  'pino',
];

/**
 * Puts two programs into a few files each instead of some hundred, in place of what `tsc` made of them: a command
 * that reads a configuration then starts in a quarter of the time, and the GitHub emulator in half of it. Made of
 * the sources anew by every build.
 */
export async function bundlePrograms(): Promise<void> {
  await bundle(COMMAND_LINE, { plugins: [leaveApart] });
  await bundle(EMULATOR, { external: LEFT_OUT });
}

async function bundle(
  folder: string,
  leaving: Pick<BuildOptions, 'plugins' | 'external'>,
): Promise<void> {
  const output = join(ROOT, 'dist', folder);
  const old = (await readdir(output)).filter((name) => name.startsWith(PREFIX));
  await Promise.all(old.map((name) => rm(join(output, name))));
  await build({
    absWorkingDir: ROOT,
    entryPoints: [`${folder}/main.ts`],
    outdir: output,
    chunkNames: `${PREFIX}[name]-[hash]`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    banner: {
      // Packages in the old module format ask for Node's own modules by `require`.
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    ...leaving,
  });
}

const leaveApart: Plugin = {
  name: 'leave-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      const name = path.split('/')[0] ?? '';
      return kind === 'entry-point' || PACKAGES.has(name) ? undefined : { path, external: true };
    });
    onResolve({ filter: /^\.\.?\// }, ({ path, importer }) => {
      const source = relative(ROOT, resolve(dirname(importer), path))
        .split(sep)
        .join('/');
      const module = source.replace(/\.ts$/, '');
      if (!APART.includes(module)) return undefined;
      const built = relative(join(ROOT, 'dist', COMMAND_LINE), join(ROOT, 'dist', `${module}.js`));
      return { path: built.startsWith('.') ? built : `./${built}`, external: true };
    });
  },
};
