import type { FastifyInstance } from 'fastify';
import {
  listPullRequests,
  type PullRequestRecord,
} from '../../activities/database/pull-requests.ts';
import type { PageDependencies } from '../dependencies.ts';
import { shownPullRequest } from '../records.ts';
import type { RenderPage } from './layout.tsx';
import { Live, Time } from './parts.tsx';

/** `/pulls`: the pull requests on which something happened last. */
export function servePulls(
  app: FastifyInstance,
  { database }: PageDependencies,
  render: RenderPage,
) {
  app.get('/pulls', async (_request, reply) => {
    const rows = await listPullRequests(database, { limit: 100 });
    const head = { title: 'Pull requests', section: 'pulls', topics: ['pull-request'] } as const;
    const content = (
      <>
        <h1>Pull requests</h1>
        <Live id="pulls">
          {rows.length === 0 ? <p class="none">None yet.</p> : null}
          <table class="cards">
            <thead>
              <tr>
                {['Pull request', 'Author', 'State', 'Needs', 'Changed'].map((name) => (
                  <th scope="col">{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row row={row} />
              ))}
            </tbody>
          </table>
        </Live>
      </>
    );
    return reply.type('text/html; charset=utf-8').send(render(head, content));
  });
}

function Row({ row }: { readonly row: PullRequestRecord }) {
  const pull = shownPullRequest(row.record);
  const place = `${row.org}/${row.repo}`;
  return (
    <tr>
      <td data-label="Pull request">
        <a href={`/pull/${place}/${row.number}`}>
          {place}#{row.number}
        </a>{' '}
        {pull.title}
      </td>
      <td data-label="Author">{pull.author}</td>
      <td data-label="State">{pull.merged ? 'merged' : pull.state}</td>
      <td data-label="Needs">{pull.member?.explanation || '–'}</td>
      <td data-label="Changed">
        <Time at={row.changedAt} />
      </td>
    </tr>
  );
}
