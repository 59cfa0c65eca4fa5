import { h } from 'preact';
import { isPull } from '../http/route.ts';
import { type Hub, repoKey } from '../hub.ts';
import type { Issue, Repo } from '../state/model.ts';
import { isForkOf } from './acts.ts';
import { area, asPerson, button, choice, field, form } from './forms.ts';
import { type Html, link, type Page } from './layout.ts';
import { issueList, labelBadges, stateBadge, thread } from './thread.ts';
import { type Shown, threadForms } from './thread-forms.ts';

/** All repositories. */
export function homePage(hub: Hub): Page {
  const repos = Object.values(hub.model.repos).filter((repo) => repo.parent === null);
  return {
    title: 'Repositories',
    body: h(
      'ul',
      { class: 'rows' },
      repos.map((repo) => {
        const name = `${repo.owner}/${repo.name}`;
        return h('li', { key: name }, link(`/${name}`, name));
      }),
    ),
  };
}

const HEADS = 'refs/heads/';

function branchesOf({ refs }: Repo): readonly string[] {
  return Object.keys(refs).flatMap((ref) => (ref.startsWith(HEADS) ? ref.slice(HEADS.length) : []));
}

/** Branches, here and in forks, that no pull request was opened from. */
function proposable(hub: Hub, repo: Repo): readonly string[] {
  const taken = new Set(
    Object.values(repo.issues)
      .filter(isPull)
      .map(({ pull }) => `${pull.head.repo} ${pull.head.ref}`),
  );
  const sources = Object.values(hub.model.repos).filter(
    (one) => one === repo || isForkOf(one, repo),
  );
  return sources.flatMap((one) =>
    branchesOf(one)
      .filter((branch) => !taken.has(`${repoKey(one.owner, one.name)} ${branch}`))
      .filter((branch) => branch !== one.defaultBranch)
      .map((branch) => (one === repo ? branch : `${one.owner}:${branch}`)),
  );
}

function newIssueForm(hub: Hub, path: string): Html {
  return form(`${path}/issues`, { text: 'New issue', folded: true }, [
    asPerson(hub),
    field('title', 'Title'),
    area('body', 'Text'),
    button('Open'),
  ]);
}

function newPullForm(hub: Hub, repo: Repo, path: string): Html {
  const heads = proposable(hub, repo);
  if (heads.length === 0) {
    return h(
      'p',
      { class: 'soft' },
      'Push a branch, and a pull request can be opened from it here.',
    );
  }
  const others = branchesOf(repo).filter((branch) => branch !== repo.defaultBranch);
  return form(`${path}/pulls`, { text: 'New pull request', folded: true }, [
    asPerson(hub),
    choice('head', 'From', heads),
    choice('base', 'into', [repo.defaultBranch, ...others]),
    field('title', 'Title'),
    area('body', 'Text'),
    button('Open'),
  ]);
}

/** A repository: its pull requests and issues, newest first. */
export function repositoryPage(hub: Hub, repo: Repo): Page {
  const newest = Object.values(repo.issues).reverse();
  const shown = (wanted: (issue: Issue) => boolean) =>
    issueList(repo, newest.filter(wanted).slice(0, 200));
  const path = `/${repo.owner}/${repo.name}`;
  return {
    title: `${repo.owner}/${repo.name}`,
    body: [
      h('p', { class: 'soft' }, `git clone ${hub.address.url}${path}.git`),
      newPullForm(hub, repo, path),
      newIssueForm(hub, path),
      h('h2', null, 'Open pull requests'),
      shown((issue) => issue.pull !== null && issue.state === 'open'),
      h('h2', null, 'Closed pull requests'),
      shown((issue) => issue.pull !== null && issue.state === 'closed'),
      h('h2', null, 'Issues'),
      shown((issue) => issue.pull === null),
    ],
  };
}

/** An issue. */
export function issuePage(shown: Shown): Page {
  const { issue } = shown;
  return {
    title: `#${issue.number} ${issue.title}`,
    body: [h('p', null, stateBadge(issue), labelBadges(issue)), thread(issue), threadForms(shown)],
  };
}
