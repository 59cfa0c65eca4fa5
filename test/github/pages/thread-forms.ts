import { h } from 'preact';
import { isPull } from '../http/route.ts';
import type { Hub } from '../hub.ts';
import { mergeableState } from '../render/pull.ts';
import { unmetRequirement } from '../rules/unmet.ts';
import type { Issue, PullIssue, Repo } from '../state/model.ts';
import { area, asPerson, button, choice, field, form } from './forms.ts';
import type { Html } from './layout.ts';
import { pathOf } from './thread.ts';

/** Where somebody is, and what is there. */
export interface Shown<T extends Issue = Issue> {
  readonly hub: Hub;
  readonly repo: Repo;
  readonly issue: T;
}

function commentForm({ hub, repo, issue }: Shown): Html {
  return form(`${pathOf(repo, issue)}/comment`, { text: 'Comment' }, [
    asPerson(hub),
    area('body', 'Comment', { required: true, placeholder: '/lgtm' }),
    button('Comment'),
  ]);
}

function reviewForm({ hub, repo, issue }: Shown): Html {
  return form(`${pathOf(repo, issue)}/review`, { text: 'Review', folded: true }, [
    asPerson(hub),
    area('body', 'Review'),
    button('Approve', { name: 'event', value: 'APPROVE' }),
    button('Request changes', { name: 'event', value: 'REQUEST_CHANGES' }),
    button('Only comment', { name: 'event', value: 'COMMENT' }),
  ]);
}

function labelForm({ hub, repo, issue }: Shown): Html {
  const names = repo.labels.map(({ name }) => name);
  return form(`${pathOf(repo, issue)}/label`, { text: 'Labels', folded: true }, [
    asPerson(hub),
    choice('label', 'Label', names),
    button('Add', { name: 'change', value: 'add' }),
    button('Remove', { name: 'change', value: 'remove' }),
  ]);
}

function editForm({ hub, repo, issue }: Shown): Html {
  return form(`${pathOf(repo, issue)}/edit`, { text: 'Edit', folded: true }, [
    asPerson(hub),
    field('title', 'Title', issue.title),
    area('body', 'Text', { value: issue.body ?? '' }),
    button('Save'),
  ]);
}

function pressForm(shown: Shown, act: string, text: string): Html {
  const { hub, repo, issue } = shown;
  return h(
    'form',
    { key: act, method: 'post', action: `${pathOf(repo, issue)}/${act}` },
    asPerson(hub),
    button(text),
  );
}

function stateForms(shown: Shown): Html {
  const { issue } = shown;
  if (issue.pull?.merged) return null;
  const open = issue.state === 'open';
  const draft = issue.pull?.draft ?? false;
  return h(
    'details',
    null,
    h('summary', null, open ? 'Close' : 'Reopen'),
    open ? pressForm(shown, 'close', 'Close') : pressForm(shown, 'reopen', 'Reopen'),
    open && isPull(issue)
      ? draft
        ? pressForm(shown, 'ready', 'Ready for review')
        : pressForm(shown, 'draft', 'Convert to draft')
      : null,
  );
}

/** All that can be done to an issue or a pull request. */
export function threadForms(shown: Shown): Html {
  return [
    commentForm(shown),
    isPull(shown.issue) ? reviewForm(shown) : null,
    labelForm(shown),
    editForm(shown),
    stateForms(shown),
  ];
}

const STATES: Readonly<Record<string, string>> = {
  unknown: 'Checking for conflicts …',
  dirty: 'Conflicts with the base: bring the branch up to date first.',
  draft: 'Still a draft.',
  unstable:
    'No conflicts with the base; not every check has passed, though none of those is required.',
  clean: 'No conflicts with the base.',
};

/** What keeps it from merging, and a button to merge. */
export function mergeBox(shown: Shown<PullIssue>): Html {
  const { hub, repo, issue } = shown;
  const { pull } = issue;
  if (pull.merged) {
    return h('p', null, `Merged as ${pull.mergeCommitSha?.slice(0, 9)} by ${pull.mergedBy}.`);
  }
  if (issue.state === 'closed') return h('p', null, 'Closed without being merged.');
  const state = mergeableState(hub, repo, issue);
  const unmet = unmetRequirement(hub, repo, { issue });
  const methods = Object.entries(repo.methods).flatMap(([name, allowed]) => (allowed ? name : []));
  return [
    h('p', null, STATES[state] ?? 'Blocked.'),
    unmet === undefined ? null : h('p', { class: 'text' }, unmet.trim()),
    form(`${pathOf(repo, issue)}/merge`, { text: 'Merge', folded: true }, [
      asPerson(hub),
      choice('method', 'Method', methods),
      button('Merge'),
    ]),
  ];
}
