import { familyOf } from '../../workflows/domain/comment-family.ts';
import type { CommentFamily } from '../../workflows/domain/effect.ts';
import type { GitHub } from './client.ts';
import { type CommentRead, readComments } from './read/comments.ts';
import { readLogin } from './read/people.ts';
import type { Numbered } from './read/reading.ts';

function bare(login: string): string {
  return login.toLowerCase().replace(/\[bot\]$/, '');
}

/** Whether two logins are one account; an app's comments are by `NAME[bot]`. */
export function sameAccount(one: string, other: string): boolean {
  return bare(one) === bare(other);
}

/** Our own comments, oldest first: only these are ever changed, whatever others write. */
export async function readOwnComments(
  github: GitHub,
  issue: Numbered & { readonly since?: string },
): Promise<readonly CommentRead[]> {
  const [self, comments] = await Promise.all([
    readLogin(github),
    readComments(github, issue, { fresh: true }),
  ]);
  return comments.filter(({ author }) => sameAccount(author, self));
}

/** Our own comments of a family, oldest first. */
export async function readFamily(
  github: GitHub,
  { marker, ...issue }: Numbered & { readonly marker: CommentFamily },
): Promise<readonly CommentRead[]> {
  const comments = await readOwnComments(github, issue);
  return comments.filter(({ body }) => familyOf(body) === marker);
}
