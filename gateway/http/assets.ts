import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { FastifyInstance } from 'fastify';

/** Addresses of the two files that every page loads; each name holds the hash of its content. */
export interface Assets {
  readonly style: string;
  readonly script: string;
}

/** Builds script and style sheet and serves them for ever, from memory. */
export function serveAssets(app: FastifyInstance): Assets {
  const script = bundle('browser/main.ts', 'js');
  const style = bundle('style.css', 'css');
  const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' };
  for (const { url, kind, content } of [script, style]) {
    app.get(url, async (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .type(types[kind])
        .send(content),
    );
  }
  app.get('/favicon.ico', async (_request, reply) => reply.code(204).send());
  return { style: style.url, script: script.url };
}

interface Bundle {
  readonly url: string;
  readonly kind: 'js' | 'css';
  readonly content: Buffer;
}

function bundle(file: string, kind: 'js' | 'css'): Bundle {
  const built = buildSync({
    entryPoints: [clientFile(file)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  });
  const content = Buffer.from(built.outputFiles[0]?.contents ?? []);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return { url: `/static/bowsprit-${hash}.${kind}`, kind, content };
}

/** The sources stand beside us, or, when we run from `dist`, in the package's own folder. */
function clientFile(file: string): string {
  const places = [`../client/${file}`, `../../../gateway/client/${file}`];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`the gateway's file client/${file} is missing`);
  return found;
}
