import { REACTIONS, type Reaction } from '../state/reactions.ts';

/** How often each reaction was given, as every issue and comment carries it. */
export function renderReactions(
  api: string,
  place: { readonly reactions?: readonly Reaction[] },
): Record<string, unknown> {
  const given = place.reactions ?? [];
  const counts = REACTIONS.map(
    (content) => [content, given.filter((one) => one.content === content).length] as const,
  );
  return {
    url: `${api}/reactions`,
    total_count: given.length,
    ...Object.fromEntries(counts),
  };
}
