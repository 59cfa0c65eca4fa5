import type { EndState } from '../github/control/end-state.ts';
import type { Names } from './stage.ts';

const OUR_KEY = /\n?<!-- bowsprit:[^\n]*? -->\s*$/;

/** With the commits that merging made, by what was merged. */
export function namesAfter({ merges }: EndState, made: Names): Names {
  const names = new Map(made);
  for (const { number, base, sha } of merges) names.set(sha, `${base} after #${number}`);
  return names;
}

/** Text without our hidden key, links, ids and times, and with commits by name. */
export function plain(body: string, names: Names): string {
  return body
    .replace(OUR_KEY, '')
    .replace(/\b[0-9a-f]{40}\b/g, (sha) => `<${names.get(sha) ?? 'another commit'}>`)
    .replace(/https?:\/\/[^\s)<>"'\]]+/g, 'LINK')
    .replace(/\b\d{4}-\d{2}-\d{2}[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?/g, 'TIME')
    .replace(/[ \t]+$/gm, '')
    .trim();
}
