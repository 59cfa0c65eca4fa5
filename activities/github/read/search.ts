import type { GitHub } from '../client.ts';
import { reading } from './reading.ts';

/** How many of an author's pull requests an organisation has merged. */
export async function readMergedPullCount(
  github: GitHub,
  { org, author }: { readonly org: string; readonly author: string },
): Promise<number> {
  const q = `type:pr is:merged org:${quoted(org)} author:${quoted(author)}`;
  const answer = await reading(github, 'merged-pulls')('GET /search/issues', { q, per_page: 1 });
  return answer.data.total_count;
}

/** A name cannot end the term that it stands in. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '')}"`;
}
