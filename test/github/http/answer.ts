/** What a route answers; lists are cut to a page before anything of them is rendered. */
export type Answer =
  | {
      readonly kind: 'json';
      readonly status: number;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'empty';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'text'; readonly type: string; readonly text: string }
  | {
      readonly kind: 'list';
      readonly items: readonly unknown[];
      readonly wrap: (page: readonly unknown[]) => unknown;
    };

/** A 200 with a JSON body. */
export function ok(body: unknown): Answer {
  return { kind: 'json', status: 200, body };
}

/** A 201 with a JSON body. */
export function created(body: unknown): Answer {
  return { kind: 'json', status: 201, body };
}

/** A JSON body with another status. */
export function answer(status: number, body: unknown): Answer {
  return { kind: 'json', status, body };
}

/** A 200 with a JSON body and headers of its own. */
export function okWith(headers: Readonly<Record<string, string>>, body: unknown): Answer {
  return { kind: 'json', status: 200, body, headers };
}

/** A 204. */
export function noContent(): Answer {
  return { kind: 'empty', status: 204 };
}

/** A 302 to another address. */
export function found(location: string): Answer {
  return { kind: 'empty', status: 302, headers: { location } };
}

/** A body that is not JSON. */
export function text(type: string, body: string): Answer {
  return { kind: 'text', type, text: body };
}

/** A paginated list; only the page that was asked for is rendered. */
export function list<T>(items: readonly T[], render: (item: T) => unknown): Answer {
  const rendered = items.map((item) => () => render(item));
  return { kind: 'list', items: rendered, wrap: renderAll };
}

/** A paginated list inside an object, such as search results. */
export function wrappedList<T>(
  items: readonly T[],
  render: (item: T) => unknown,
  wrap: (page: readonly unknown[]) => unknown,
): Answer {
  const rendered = items.map((item) => () => render(item));
  return { kind: 'list', items: rendered, wrap: (page) => wrap(renderAll(page)) };
}

function renderAll(page: readonly unknown[]): readonly unknown[] {
  return page.map((render) => (typeof render === 'function' ? render() : render));
}
