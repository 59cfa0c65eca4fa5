const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;

/** A slice of a list and the `Link` header that leads to the others. */
export interface Page {
  readonly items: readonly unknown[];
  readonly link: string | undefined;
}

function positive(text: string | undefined, fallback: number): number {
  const number = Number.parseInt(text ?? '', 10);
  return number > 0 ? number : fallback;
}

/** Cuts a list as `per_page` and `page` of a request's URL say. */
export function paginate(items: readonly unknown[], url: URL): Page {
  const perPage = Math.min(
    positive(url.searchParams.get('per_page') ?? undefined, DEFAULT_PER_PAGE),
    MAX_PER_PAGE,
  );
  const page = positive(url.searchParams.get('page') ?? undefined, 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const slice = items.slice((page - 1) * perPage, page * perPage);
  return { items: slice, link: last > 1 ? linkHeader(url, page, last) : undefined };
}

function linkHeader(url: URL, page: number, last: number): string {
  function to(target: number, rel: string): string {
    const copy = new URL(url);
    copy.searchParams.set('page', String(target));
    return `<${copy.href}>; rel="${rel}"`;
  }
  return [
    ...(page > 1 ? [to(page - 1, 'prev'), to(1, 'first')] : []),
    ...(page < last ? [to(page + 1, 'next'), to(last, 'last')] : []),
  ].join(', ');
}
