import { h } from 'preact';
import type { ChangedFile } from '../git/changes.ts';
import type { PullIssue } from '../state/model.ts';
import { checksOf } from './checks.ts';
import type { Html, Page } from './layout.ts';
import { labelBadges, stateBadge, thread } from './thread.ts';
import { mergeBox, type Shown, threadForms } from './thread-forms.ts';

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

/** A pull request with its checks, thread, forms and diff. */
export function pullPage(shown: Shown<PullIssue>, files: readonly ChangedFile[]): Page {
  const { repo, issue } = shown;
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
      mergeBox(shown),
      h('h2', null, 'Checks'),
      checksOf(repo, head.sha),
      thread(issue),
      threadForms(shown),
      h('h2', null, 'Files'),
      files.map(fileView),
    ],
  };
}
