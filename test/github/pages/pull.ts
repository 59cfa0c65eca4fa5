import { h } from 'preact';
import { newestStatuses } from '../actions/statuses.ts';
import type { ChangedFile } from '../git/changes.ts';
import type { Hub } from '../hub.ts';
import { mergeabilityKey } from '../render/pull.ts';
import type { PullIssue, Repo } from '../state/model.ts';
import { badge, type Html, outsideLink, type Page } from './layout.ts';
import { commentForm, labelBadges, stateBadge, thread } from './thread.ts';

function lineClass(line: string): string {
  if (line.startsWith('+')) return 'add';
  if (line.startsWith('-')) return 'del';
  return line.startsWith('@@') ? 'at' : '';
}

function fileView(file: ChangedFile): Html {
  const counts = `+${file.additions} −${file.deletions}`;
  const lines = (file.patch ?? 'Binary or empty file.').split('\n');
  return h(
    'article',
    { key: file.filename },
    h('p', null, `${file.filename} · ${file.status} · ${counts}`),
    h(
      'div',
      { class: 'diff' },
      lines.map((line, index) => h('div', { key: index, class: lineClass(line) }, line || ' ')),
    ),
  );
}

function checks(repo: Repo, issue: PullIssue): Html {
  const statuses = newestStatuses(repo.statuses[issue.pull.head.sha] ?? []);
  if (statuses.length === 0) return h('p', { class: 'soft' }, 'No checks yet.');
  return h(
    'ul',
    { class: 'rows' },
    statuses.map((status) =>
      h(
        'li',
        { key: status.context },
        badge(status.state, status.state),
        outsideLink(status.targetUrl, status.context),
        h('span', { class: 'soft' }, ` ${status.description ?? ''}`),
      ),
    ),
  );
}

function mergeState(repo: Repo, issue: PullIssue): string {
  const { pull } = issue;
  if (pull.merged) return `Merged as ${pull.mergeCommitSha?.slice(0, 9)} by ${pull.mergedBy}.`;
  if (pull.mergeability?.key !== mergeabilityKey(repo, issue)) return 'Checking for conflicts …';
  return pull.mergeability.clean ? 'No conflicts with the base.' : 'Conflicts with the base.';
}

/** A pull request with its checks, thread, comment box and diff. */
export function pullPage(
  hub: Hub,
  repo: Repo,
  view: { readonly issue: PullIssue; readonly files: readonly ChangedFile[] },
): Page {
  const { issue, files } = view;
  const { head, base } = issue.pull;
  return {
    title: `#${issue.number} ${issue.title}`,
    body: [
      h('p', null, stateBadge(issue), labelBadges(issue)),
      h(
        'p',
        { class: 'soft' },
        `${head.repo}:${head.ref} (${head.sha.slice(0, 9)}) into ${base.ref}`,
      ),
      h('p', null, mergeState(repo, issue)),
      h('h2', null, 'Checks'),
      checks(repo, issue),
      thread(issue),
      commentForm(hub, repo, issue),
      h('h2', null, 'Files'),
      files.map(fileView),
    ],
  };
}
