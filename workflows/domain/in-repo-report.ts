import { IN_REPO_REPORT } from './comment-family.ts';

/** A problem of a repository's own jobs. */
export interface InRepoLine {
  /** `.prow.yaml:12`. */
  readonly place: string;
  readonly text: string;
}

const MOST_LINES = 20;
const LONGEST_TEXT = 400;

/** The comment on a pull request whose change of the repository's own jobs is refused. */
export function inRepoRefusal(
  author: string,
  repository: string,
  lines: readonly InRepoLine[],
): string {
  const rows = lines
    .slice(0, MOST_LINES)
    .map(({ place, text }) => `${code(place)} | ${code(text)}`);
  const rest = lines.length - rows.length;
  return [
    `@${author}: with this change the repository's own jobs (\`.prow.yaml\`, \`.prow/\`) are refused, all of them. ` +
      'Jobs of the central configuration run as ever; the pull request does not merge.',
    '',
    'Place | Problem',
    '--- | ---',
    ...rows,
    ...(rest > 0 ? ['', `${rest} more are not listed.`] : []),
    '',
    `Correct the file and push; \`bowsprit checkconfig --prow-yaml-repo-name=${repository}\` with the central configuration's flags tells the same on your machine.`,
    '',
    IN_REPO_REPORT,
  ].join('\n');
}

/** What a stranger's file says is shown, never read: in a code span of a table's cell. */
function code(text: string): string {
  const flat = text.replace(/\s+/g, ' ').replaceAll('`', "'").replaceAll('|', '¦').trim();
  const cut = flat.length > LONGEST_TEXT ? `${flat.slice(0, LONGEST_TEXT - 1)}…` : flat;
  return `\`${cut}\``;
}
