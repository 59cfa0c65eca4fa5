import type { EndState } from './end-state.ts';

/** What a commit is called in comparisons, by its SHA: two GitHubs make different ones of one story. */
export type Names = ReadonlyMap<string, string>;

const OUR_KEY = /\n?<!-- bowsprit:[^\n]*? -->\s*$/;
const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;

/** Commits by where they are in the end, for those who did not see them made. */
export function namesIn({ issues, branches }: EndState): Names {
  const names = new Map<string, string>();
  for (const [name, sha] of Object.entries(branches)) names.set(sha, `tip of ${name}`);
  for (const [number, { head }] of Object.entries(issues)) {
    if (head !== null) names.set(head, `head of #${number}`);
  }
  return names;
}

/** Text without Bowsprit's hidden key, links, ids and times, and with commits by name. */
export function plain(body: string, names: Names): string {
  return body
    .replace(OUR_KEY, '')
    .replace(/\b[0-9a-f]{40}\b/g, (sha) => `<${names.get(sha) ?? 'another commit'}>`)
    .replace(UUID, 'ID')
    .replace(/https?:\/\/[^\s)<>"'\]]+/g, 'LINK')
    .replace(/\b\d{4}-\d{2}-\d{2}[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?/g, 'TIME')
    .replace(/[ \t]+$/gm, '')
    .trim();
}
