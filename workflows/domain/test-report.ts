import type { RunReport } from './run.ts';
import { isTerminal } from './run.ts';

/** Marks the bot's comment about failed presubmits (J§1.6, comment rules). */
export const TEST_REPORT_MARKER = '<!-- test report -->';

const HEADER = 'Test name | Commit | Details | Required | Rerun command';
const RULE = '--- | --- | --- | --- | ---';

/** A comment of the bot that holds the marker. */
export interface ReportComment {
  readonly id: number;
  readonly body: string;
}

/** What the report is made of. */
export interface ReportInput {
  /** The bot's comments with the marker, oldest first. */
  readonly comments: readonly ReportComment[];
  /** The newest run of each job. */
  readonly runs: readonly RunReport[];
  /** Author of the pull request. */
  readonly author: string;
  /** The rendered report template, empty for none. */
  readonly footer: string;
}

/** What shall become of the comment. `replace` is for a new failure: only a new comment sends a mail. */
export type ReportDecision =
  | { readonly kind: 'none' }
  | { readonly kind: 'create'; readonly body: string }
  | { readonly kind: 'replace'; readonly ids: readonly number[]; readonly body: string }
  | { readonly kind: 'edit'; readonly id: number; readonly body: string }
  | { readonly kind: 'delete'; readonly ids: readonly number[] };

/** Decides about the failure comment: a row per failed context, newer results in place of older ones. */
export function reportFailures(input: ReportInput): ReportDecision {
  const old = rowsOf(input.comments);
  const finished = input.runs.filter(
    (run) => run.type === 'presubmit' && run.report && isTerminal(run.state),
  );
  const failed = finished.filter(({ state }) => state === 'failure');
  const judged = new Set(finished.map(({ context }) => cell(context)));
  const kept = [...old].filter(([context]) => !judged.has(context)).map(([, row]) => row);
  const rows = [...kept, ...failed.map(rowOf).sort()];

  const known = new Set(old.values());
  const news = rows.some((row) => !known.has(row));
  return decide(input, { rows, news, removed: rows.length < old.size });
}

interface Rows {
  readonly rows: readonly string[];
  readonly news: boolean;
  readonly removed: boolean;
}

function decide(input: ReportInput, { rows, news, removed }: Rows): ReportDecision {
  const ids = input.comments.map(({ id }) => id);
  const newest = ids.at(-1);
  if (newest === undefined) {
    return rows.length === 0 ? { kind: 'none' } : { kind: 'create', body: bodyOf(input, rows) };
  }
  if (rows.length === 0) return { kind: 'delete', ids };
  if (news || ids.length > 1) return { kind: 'replace', ids, body: bodyOf(input, rows) };
  return removed ? { kind: 'edit', id: newest, body: bodyOf(input, rows) } : { kind: 'none' };
}

function bodyOf({ author, footer }: ReportInput, rows: readonly string[]): string {
  const [tests, them] = rows.length === 1 ? ['This test', 'it'] : ['These tests', 'them'];
  return [
    `@${author}: ${tests} **failed**. Say \`/retest\` to run ${them} again, or \`/retest-required\` for those alone that merging needs:`,
    '',
    HEADER,
    RULE,
    ...rows,
    ...(footer === '' ? [] : ['', footer]),
    '',
    TEST_REPORT_MARKER,
  ].join('\n');
}

function rowOf(run: RunReport): string {
  return [
    cell(run.context),
    run.headSha,
    `[link](${run.url})`,
    run.optional ? 'false' : 'true',
    `\`${cell(run.rerunCommand)}\``,
  ].join(' | ');
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

/** Rows by context; of two the one in the newer comment. Four columns are Prow's older form. */
function rowsOf(comments: readonly ReportComment[]): ReadonlyMap<string, string> {
  const rows = new Map<string, string>();
  for (const line of comments.flatMap(({ body }) => tableLines(body))) {
    const cells = line.split(' | ');
    const context = cells[0]?.trim() ?? '';
    if (cells.length < 4 || context === '') continue;
    const [, commit = '', details = '', ...rest] = cells;
    const required = rest.length > 1 ? rest[0] : 'unknown';
    rows.set(context, [context, commit, details, required, rest.at(-1) ?? ''].join(' | '));
  }
  return rows;
}

/** The lines of a comment's table, without its head. */
function tableLines(body: string): readonly string[] {
  const lines = body.split(/\r?\n/);
  const start = lines.findIndex((line) => /^--- \| ---/.test(line));
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => !line.includes(' | '));
  return end < 0 ? rest : rest.slice(0, end);
}
