import type { FastifyInstance } from 'fastify';
import type { Database } from '../../activities/database/database.ts';
import { latestRuns } from '../../activities/database/runs.ts';

const MOST_GLOBS = 20;

/** `/badge.svg?jobs=GLOB,…`: build passing, failing or without results, for READMEs. */
export function serveBadge(app: FastifyInstance, database: Database): void {
  app.get<{ Querystring: { jobs?: unknown } }>('/badge.svg', async (request, reply) => {
    const globs = String(request.query.jobs ?? '')
      .split(',')
      .map((glob) => glob.trim())
      .filter((glob) => glob !== '')
      .slice(0, MOST_GLOBS);
    if (globs.length === 0) {
      return reply
        .code(400)
        .type('text/plain; charset=utf-8')
        .send('jobs must name jobs, with * for any text.\n');
    }
    const found = await Promise.all(globs.map((jobGlob) => latestRuns(database, { jobGlob })));
    const runs = found.flat().filter(({ completedAt }) => completedAt !== null);
    const failing = [
      ...new Set(runs.filter(({ state }) => state === 'failure').map(({ job }) => job)),
    ];
    return reply
      .type('image/svg+xml')
      .header('cache-control', 'no-cache, max-age=0')
      .send(badge(...verdict(runs.length, failing)));
  });
}

function verdict(count: number, failing: readonly string[]): [text: string, colour: string] {
  if (count === 0) return ['no results', '#595959'];
  if (failing.length === 0) return ['passing', '#1a7f37'];
  const named = failing.slice(0, 3).join(', ');
  return [`failing ${named}${failing.length > 3 ? ', …' : ''}`, '#b3261e'];
}

function badge(text: string, colour: string): string {
  const left = 40;
  const right = 12 + text.length * 7;
  const width = left + right;
  const safe = text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="build: ${safe}">`,
    `<rect width="${left}" height="20" fill="#444"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="${colour}"/>`,
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">',
    `<text x="${left / 2}" y="14">build</text>`,
    `<text x="${left + right / 2}" y="14">${safe}</text>`,
    '</g></svg>',
  ].join('');
}
