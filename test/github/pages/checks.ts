import { h } from 'preact';
import { newestStatuses } from '../actions/statuses.ts';
import type { Hub } from '../hub.ts';
import { renderAppOfCheck } from '../render/app.ts';
import type { RunPlace } from '../render/checks.ts';
import type { CheckRun } from '../state/checks.ts';
import type { Repo } from '../state/model.ts';
import { asPerson, button, form } from './forms.ts';
import { badge, type Html, link, outsideLink, type Page } from './layout.ts';

const COLOURS: Readonly<Record<string, string>> = {
  success: 'success',
  failure: 'failure',
  timed_out: 'failure',
  action_required: 'failure',
};

function runBadge({ status, conclusion }: CheckRun): Html {
  const word = conclusion ?? status;
  return badge(conclusion === null ? 'pending' : (COLOURS[conclusion] ?? 'label'), word);
}

/** The page of a check run. */
function pathOf(repo: Repo, run: CheckRun): string {
  return `/${repo.owner}/${repo.name}/runs/${run.id}`;
}

/** The newest status of each context and the check runs of a commit. */
export function checksOf(repo: Repo, sha: string): Html {
  const statuses = newestStatuses(repo.statuses[sha] ?? []);
  const runs = repo.checkRuns[sha] ?? [];
  if (statuses.length + runs.length === 0) return h('p', { class: 'soft' }, 'No checks yet.');
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
    runs.map((run) =>
      h(
        'li',
        { key: run.id },
        runBadge(run),
        link(pathOf(repo, run), run.name),
        h('span', { class: 'soft' }, ` ${run.output.title ?? ''}`),
      ),
    ),
  );
}

/** A check run: what it says, all of it as text, and a button to ask for it again. */
export function runPage(hub: Hub, repo: Repo, { sha, run }: RunPlace): Page {
  const { title, summary, text, annotations } = run.output;
  const app = renderAppOfCheck(hub, run.app);
  const said = [title, summary, text].filter((part) => part !== null && part !== '');
  return {
    title: run.name,
    body: [
      h('p', null, runBadge(run), `by ${String(app['name'])}, at ${sha.slice(0, 9)}`),
      h('p', null, outsideLink(run.details_url, 'Details')),
      said.map((part) => h('article', { key: part }, h('pre', null, part))),
      annotations.map((annotation, index) =>
        h(
          'article',
          { key: `annotation-${index}` },
          h('pre', null, JSON.stringify(annotation, null, 2)),
        ),
      ),
      form(`${pathOf(repo, run)}/rerequest`, { text: 'Run again' }, [
        asPerson(hub),
        button('Ask for it again'),
      ]),
    ],
  };
}
