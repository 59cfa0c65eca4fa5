import type { CommentFamily } from './effect.ts';

/** How the approval notification begins; Prow compares it without regard to case. */
export const APPROVAL_NOTIFIER = '[APPROVALNOTIFIER]';

/** The whole notice that lgtm is gone because commits were pushed. */
export const LGTM_REMOVED = 'New changes are detected. LGTM label has been removed.';

const TREE_HASH_START = 'LGTM label has been added.  <details>Git tree hash: ';
const TREE_HASH_END = '</details>';

/** The hidden line by which the comment with failed tests is known. */
export const TEST_REPORT = '<!-- test report -->';

/** The hidden line by which the comment on refused jobs of the repository itself is known. */
export const IN_REPO_REPORT = '<!-- prow config report -->';

/** The notes that open trigger's help comments. */
export const TRIGGER_NOTES = {
  testWithoutTarget: 'The `/test` command needs one or more targets.\n',
  retestWithTarget: 'The `/retest` command does not accept any targets.\n',
  targetNotFound: 'The specified target(s) for `/test` were not found.\n',
  noTestAllJobs: 'No jobs can be run with `/test all`.\n',
} as const;

/** The line of trigger's help when the branch has no presubmit at all, up to `org/repo@branch`. */
export const NO_PRESUBMITS = 'No presubmit jobs available for ';

/** The headings of trigger's two lists of rerun commands. */
export const TRIGGER_HEADINGS = {
  required: 'The following commands are available to trigger required jobs:',
  optional: 'The following commands are available to trigger optional jobs:',
} as const;

const TRIGGER_MARKERS = [
  ...Object.values(TRIGGER_NOTES),
  NO_PRESUBMITS,
  ...Object.values(TRIGGER_HEADINGS),
].map((text) => text.trim());

/** The comment that lgtm leaves when `store_tree_hash` is on. */
export function treeHashComment(tree: string): string {
  return `${TREE_HASH_START}${tree}${TREE_HASH_END}`;
}

/** The tree that a tree hash comment holds. */
export function treeHashOf(body: string): string | undefined {
  if (!body.startsWith(TREE_HASH_START)) return undefined;
  const end = body.indexOf(TREE_HASH_END);
  return end < 0 ? undefined : body.slice(TREE_HASH_START.length, end).trim();
}

/** What the bot itself says: its replies quote other people's text, which must not pass for a marker. */
function withoutQuotes(body: string): string {
  return body
    .split(/\r?\n/)
    .filter((line) => !line.trimStart().startsWith('>'))
    .join('\n');
}

/**
 * The family of one of the bot's own comments, by Prow's markers. The author is the caller's business:
 * anybody can write these texts.
 */
export function familyOf(body: string): CommentFamily | undefined {
  const start = body.trimStart();
  if (start.slice(0, APPROVAL_NOTIFIER.length).toUpperCase() === APPROVAL_NOTIFIER) {
    return 'approval-notification';
  }
  if (start.startsWith(LGTM_REMOVED)) return 'lgtm-removed';
  if (treeHashOf(start) !== undefined) return 'lgtm-tree-hash';
  const own = withoutQuotes(body);
  if (own.includes(TEST_REPORT)) return 'test-report';
  if (own.includes(IN_REPO_REPORT)) return 'in-repo-config';
  return TRIGGER_MARKERS.some((marker) => own.includes(marker)) ? 'trigger-help' : undefined;
}

/** Keeps a key from ending the HTML comment that it stands in, or from breaking its line. */
function escapeKey(key: string): string {
  return key
    .replace(/[^A-Za-z0-9:_./#@-]/gu, (char) => `%${(char.codePointAt(0) ?? 0).toString(16)};`)
    .replaceAll('--', '-%2d;');
}

/** The hidden last line by which a comment of ours is known again after a lost reply (DESIGN §4). */
export function keyMarker(key: string): string {
  return `<!-- bowsprit:${escapeKey(key)} -->`;
}

/** The body with its key as the last line. */
export function withKey(body: string, key: string): string {
  return `${body.trimEnd()}\n${keyMarker(key)}`;
}

/** Whether a comment's last line is this key. */
export function hasKey(body: string, key: string): boolean {
  return body.trimEnd().split(/\r?\n/).at(-1)?.trim() === keyMarker(key);
}
