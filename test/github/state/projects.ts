/** Whose a classic project is: a repository's, an organisation's or a person's. */
export type ProjectOwner =
  | { readonly kind: 'repository'; readonly id: number }
  | { readonly kind: 'account'; readonly login: string };

/** A classic project: columns of cards. */
export interface Project {
  readonly id: number;
  readonly owner: ProjectOwner;
  readonly number: number;
  name: string;
  body: string | null;
  state: 'open' | 'closed';
  private: boolean;
  /** What members of the organisation may do with it; nothing to do with projects of repositories. */
  memberPermission: 'none' | 'read' | 'write' | 'admin';
  readonly creator: string;
  readonly createdAt: string;
  updatedAt: string;
  /** From left to right. */
  columns: ProjectColumn[];
}

/** A column of a project. */
export interface ProjectColumn {
  readonly id: number;
  name: string;
  readonly createdAt: string;
  updatedAt: string;
  /** From top to bottom. */
  cards: ProjectCard[];
}

/** A card: a note, or an issue or pull request. */
export interface ProjectCard {
  readonly id: number;
  note: string | null;
  readonly content: CardContent | null;
  archived: boolean;
  readonly creator: string;
  readonly createdAt: string;
  updatedAt: string;
}

/** The issue or pull request of a card, by the ids of its repository and of itself. */
export interface CardContent {
  readonly repository: number;
  readonly issue: number;
}
