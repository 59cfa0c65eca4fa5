import { reportTemplate } from '../../config/snapshot.ts';
import { renderTemplate } from '../../config/template/template.ts';
import type { Effect } from '../../workflows/domain/effect.ts';
import type { RunReport } from '../../workflows/domain/run.ts';
import { type ReportDecision, reportFailures } from '../../workflows/domain/test-report.ts';
import { familyNotes, wish } from '../../workflows/domain/working-copy.ts';
import type { Batch } from './batch.ts';

/** A wish for the comment with failed presubmits (J§1.6), where the repository wants such comments. */
export function wishTestReport(batch: Batch): void {
  const { org, repo } = batch.input.repository;
  const silent = batch.snapshot.prow.github_reporter.no_comment_repos;
  if (silent.includes(`${org}/${repo}`) || silent.includes(org)) return;
  const { wanted } = batch.copy;
  const runs = Object.values(wanted.runs).filter((run) => run.headSha === wanted.headSha);
  const decision = reportFailures({
    comments: familyNotes(wanted, 'test-report'),
    runs,
    author: wanted.author,
    footer: footerOf(batch, runs),
  });
  const effect = effectOf(decision);
  if (effect === undefined) return;
  const newest = [...runs].sort((a, b) => b.version - a.version)[0];
  batch.copy = wish(batch.copy, effect, {
    plugin: 'report',
    cause: runs.map((run) => `${run.uuid.slice(0, 8)}:${run.version}`).join(','),
    ordinal: 1,
    order: '',
    reason: `${newest?.job ?? 'a presubmit'} finished`,
  });
}

/** The configured end of the comment, rendered on the newest failed run as Prow's object has it. */
function footerOf(batch: Batch, runs: readonly RunReport[]): string {
  const { org, repo } = batch.input.repository;
  const template = reportTemplate(batch.snapshot, org, repo);
  const failed = runs.filter(({ state }) => state === 'failure');
  const newest = [...failed].sort((a, b) => b.createdAt - a.createdAt)[0];
  if (template === '' || newest === undefined) return '';
  const { author } = batch.copy.wanted;
  const pulls = newest.pulls.map((pull) => ({ ...pull, author }));
  return renderTemplate(template, {
    metadata: { name: newest.uuid },
    spec: {
      type: newest.type,
      job: newest.job,
      context: newest.context,
      refs: { org, repo, base_ref: newest.baseRef, base_sha: newest.baseSha, pulls },
    },
    status: { state: newest.state, url: newest.url, build_id: newest.buildId },
  });
}

function effectOf(decision: ReportDecision): Effect | undefined {
  const marker = 'test-report';
  switch (decision.kind) {
    case 'none':
      return undefined;
    case 'create':
      return { kind: 'replace-comment', marker, body: decision.body };
    case 'replace':
      return { kind: 'replace-comment', marker, body: decision.body };
    case 'edit':
      // A comment that is not written yet has no id to edit by.
      return decision.id === 0
        ? { kind: 'replace-comment', marker, body: decision.body }
        : { kind: 'edit-comment', marker, id: decision.id, body: decision.body };
    case 'delete':
      return { kind: 'prune-comments', marker };
  }
}
