import { h } from 'preact';
import type { Hub } from '../hub.ts';
import type { Issue, Repo } from '../state/model.ts';
import { badge, link, type Page } from './layout.ts';
import { commentForm, issueList, labelBadges, stateBadge, thread } from './thread.ts';

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

/** A repository: its pull requests and issues, newest first. */
export function repositoryPage(repo: Repo): Page {
  const newest = Object.values(repo.issues).reverse();
  const shown = (wanted: (issue: Issue) => boolean) =>
    issueList(repo, newest.filter(wanted).slice(0, 200));
  return {
    title: `${repo.owner}/${repo.name}`,
    body: [
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
export function issuePage(hub: Hub, repo: Repo, issue: Issue): Page {
  return {
    title: `#${issue.number} ${issue.title}`,
    body: [
      h('p', null, stateBadge(issue), labelBadges(issue)),
      thread(issue),
      commentForm(hub, repo, issue),
    ],
  };
}

/** The newest deliveries, each with a button to send it again. */
export function deliveriesPage(hub: Hub): Page {
  const newest = [...hub.deliveries.all()].slice(-200).reverse();
  return {
    title: 'Deliveries',
    body: h(
      'ul',
      { class: 'rows' },
      newest.map((delivery) => {
        const name = delivery.action ? `${delivery.event}.${delivery.action}` : delivery.event;
        const good = delivery.statusCode >= 200 && delivery.statusCode < 300;
        return h(
          'li',
          { key: delivery.id },
          badge(good ? 'success' : 'failure', `${delivery.statusCode || ''} ${delivery.status}`),
          `${name} ${delivery.repository ?? ''} · ${delivery.deliveredAt} · ${Math.round(delivery.durationMs)} ms `,
          h(
            'form',
            { method: 'post', class: 'inline', action: `/deliveries/${delivery.id}/redeliver` },
            h('button', { type: 'submit' }, delivery.redelivery ? 'Once more' : 'Redeliver'),
          ),
        );
      }),
    ),
  };
}
