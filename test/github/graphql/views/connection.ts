import { z } from 'zod';
import type { View } from '../world.ts';

const pageSchema = z.object({
  first: z.number().nullish(),
  last: z.number().nullish(),
  after: z.string().nullish(),
  before: z.string().nullish(),
});

/** Opaque to clients; by position, as GitHub's search does it. */
function cursorAt(position: number): string {
  return Buffer.from(`cursor:${position}`).toString('base64');
}

function positionOf(cursor: string | null | undefined): number | undefined {
  if (typeof cursor !== 'string') return undefined;
  const [, position] = /^cursor:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
  return position === undefined ? undefined : Number(position);
}

interface Slice {
  readonly start: number;
  readonly end: number;
}

/** Cuts as the specification of cursor connections says: first `after` and `before`, then `first` and `last`. */
function sliceOf(args: unknown, length: number): Slice {
  const { first, last, after, before } = pageSchema.parse(args);
  let start = Math.min(positionOf(after) ?? 0, length);
  let end = Math.min((positionOf(before) ?? length + 1) - 1, length);
  if (typeof first === 'number') end = Math.min(end, start + first);
  if (typeof last === 'number') start = Math.max(start, end - last);
  return { start, end: Math.max(start, end) };
}

/** A page of a list; only what is on it is made into views. */
export function connection<T>(
  items: readonly T[],
  args: unknown,
  view: (item: T) => unknown,
): View {
  const { start, end } = sliceOf(args, items.length);
  const page = items.slice(start, end);
  return {
    totalCount: items.length,
    nodes: () => page.map(view),
    edges: () =>
      page.map((item, index) => ({ cursor: cursorAt(start + index + 1), node: () => view(item) })),
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: page.length > 0 ? cursorAt(start + 1) : null,
      endCursor: page.length > 0 ? cursorAt(end) : null,
    },
  };
}
