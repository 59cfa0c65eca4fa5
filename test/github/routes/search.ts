import { type Answer, wrappedList } from '../http/answer.ts';
import { refuse } from '../http/errors.ts';
import { type Call, type Route, route, viewerOf } from '../http/route.ts';
import { renderIssue } from '../render/issue.ts';
import { searchIssues } from '../search/search.ts';

/** GitHub finds more and shows no more. */
const MOST_SHOWN = 1000;
const DEFAULT_PER_PAGE = 30;

function checkPage({ query }: Call): void {
  const perPage = Number(query['per_page'] ?? DEFAULT_PER_PAGE);
  const page = Number(query['page'] ?? 1);
  if ((page - 1) * perPage >= MOST_SHOWN) {
    refuse(422, 'Only the first 1000 search results are available');
  }
}

function search(call: Call): Answer {
  const { hub, query } = call;
  const text = query['q'] ?? '';
  if (text.trim() === '') {
    refuse(422, 'Validation Failed', [{ resource: 'Search', field: 'q', code: 'missing' }]);
  }
  checkPage(call);
  const { sort, order = 'desc' } = query;
  const found = searchIssues(hub, {
    viewer: viewerOf(call),
    text,
    ...(sort ? { sort: `${sort}-${order}` } : {}),
    ...(call.lagMs > 0 ? { seen: (repo) => hub.history.asOf(repo, call.lagMs) } : {}),
  });
  return wrappedList(
    found.slice(0, MOST_SHOWN),
    ({ repo, issue }) => ({ ...renderIssue(hub, repo, issue), score: 1 }),
    (items) => ({
      total_count: found.length,
      incomplete_results: false,
      items,
      search_type: 'lexical',
    }),
  );
}

/** Search for issues and pull requests, by the qualifiers of `search/qualifiers.ts`. */
export const searchRoutes: readonly Route[] = [route('GET', '/search/issues', search)];
