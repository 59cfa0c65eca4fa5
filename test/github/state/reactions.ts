/** A reaction to an issue or a comment. */
export interface Reaction {
  readonly id: number;
  readonly author: string;
  readonly content: ReactionContent;
  readonly createdAt: string;
}

/** The reactions that GitHub knows. */
export const REACTIONS = [
  '+1',
  '-1',
  'laugh',
  'confused',
  'heart',
  'hooray',
  'rocket',
  'eyes',
] as const;
/** One of {@link REACTIONS}. */
export type ReactionContent = (typeof REACTIONS)[number];
