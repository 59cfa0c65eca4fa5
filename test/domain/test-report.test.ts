import { expect, test } from 'vitest';
import type { RunReport } from '../../workflows/domain/run.ts';
import type { ReportComment } from '../../workflows/domain/test-report.ts';
import { reportFailures } from '../../workflows/domain/test-report.ts';
import { head, run } from './merging.ts';

const failed = (job: string): RunReport => run(job, { state: 'failure' });
const passed = (job: string): RunReport => run(job);
const report = (comments: readonly ReportComment[], runs: readonly RunReport[]) =>
  reportFailures({ comments, runs, author: 'ann', footer: '' });

function comment(id: number, ...jobs: readonly string[]): ReportComment {
  const decision = report([], jobs.map(failed));
  return { id, body: decision.kind === 'create' ? decision.body : '' };
}

test.for<readonly [string, readonly ReportComment[], readonly RunReport[], string]>([
  ['nothing failed', [], [passed('a')], 'none'],
  ['R05 an error makes no row', [], [run('a', { state: 'error' })], 'none'],
  ['a job that does not report', [], [run('a', { state: 'failure', report: false })], 'none'],
  ['a failure', [], [failed('a')], 'create'],
  ['R02 another failure', [comment(7, 'a')], [failed('a'), failed('b')], 'replace'],
  ['the same failure, told again', [comment(7, 'a')], [failed('a')], 'none'],
  [
    'the same job failed anew',
    [comment(7, 'a')],
    [run('a', { state: 'failure', url: 'https://ci/2' })],
    'replace',
  ],
  ['R03 one of two is green now', [comment(7, 'a', 'b')], [passed('a'), failed('b')], 'edit'],
  ['R04 the last one is green', [comment(7, 'a')], [passed('a')], 'delete'],
  ['it runs again: the row stays', [comment(7, 'a')], [run('a', { state: 'pending' })], 'none'],
  [
    'two comments become one',
    [comment(7, 'a'), comment(8, 'b')],
    [failed('a'), failed('b')],
    'replace',
  ],
])('%s', ([, comments, runs, kind]) => {
  expect(report(comments, runs).kind).toBe(kind);
});

test('the comment is a table that other tools know', () => {
  const { body } = comment(1, 'unit');

  expect(body.split('\n').slice(2)).toEqual([
    'Test name | Commit | Details | Required | Rerun command',
    '--- | --- | --- | --- | ---',
    `unit | ${head(1)} | [link](https://ci/unit/1) | true | \`/test unit\``,
    '',
    '<!-- test report -->',
  ]);
});

test('rows of other contexts in the old comment are kept, those of four columns too', () => {
  const body = ['--- | --- | --- | ---', 'old | 123 | [link](x) | `/test old`', '', 'end'].join(
    '\n',
  );

  const decision = report([{ id: 5, body }], [failed('unit')]);

  expect(decision).toMatchObject({ kind: 'replace', ids: [5] });
  expect('body' in decision && decision.body).toContain(
    'old | 123 | [link](x) | unknown | `/test old`',
  );
});
