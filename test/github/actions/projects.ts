import { invalid, notFound, refuse } from '../http/errors.ts';
import { type Hub, timestamp } from '../hub.ts';
import {
  type CardPlace,
  type ColumnPlace,
  renderCard,
  renderColumn,
  renderProject,
} from '../render/project.ts';
import type { User } from '../state/model.ts';
import type {
  CardContent,
  Project,
  ProjectCard,
  ProjectColumn,
  ProjectOwner,
} from '../state/projects.ts';
import { emitAt } from './emit.ts';

/** Who does something to a project. */
export interface ProjectScene {
  readonly hub: Hub;
  readonly actor: User;
}

interface ProjectHappening {
  readonly event: 'project' | 'project_column' | 'project_card';
  readonly action: string;
  readonly payload: () => Record<string, unknown>;
}

function tell(scene: ProjectScene, project: Project, happening: ProjectHappening): void {
  const { owner } = project;
  const about = project.name;
  if (owner.kind === 'account') {
    emitAt({ ...scene, owner: owner.login }, { ...happening, about });
    return;
  }
  const repo = scene.hub.findRepoById(owner.id);
  if (repo) emitAt({ ...scene, owner: repo.owner, repo }, { ...happening, about });
}

/** Says that something happened to a project. */
export function emitProject(
  scene: ProjectScene,
  project: Project,
  happening: { readonly action: string; readonly changes?: Record<string, unknown> },
): void {
  const { action, changes } = happening;
  project.updatedAt = timestamp();
  tell(scene, project, {
    event: 'project',
    action,
    payload: () => ({
      project: renderProject(scene.hub, project),
      ...(changes ? { changes } : {}),
    }),
  });
}

/** Says that something happened to a column. */
export function emitColumn(
  scene: ProjectScene,
  place: ColumnPlace,
  happening: { readonly action: string; readonly extra?: Record<string, unknown> },
): void {
  place.column.updatedAt = timestamp();
  tell(scene, place.project, {
    event: 'project_column',
    action: happening.action,
    payload: () => ({ project_column: renderColumn(scene.hub, place), ...happening.extra }),
  });
}

/** Says that something happened to a card. */
export function emitCard(
  scene: ProjectScene,
  place: CardPlace,
  happening: { readonly action: string; readonly extra?: Record<string, unknown> },
): void {
  const { cards, id } = place.column;
  const after = cards[cards.indexOf(place.card) - 1]?.id ?? null;
  place.card.updatedAt = timestamp();
  tell(scene, place.project, {
    event: 'project_card',
    action: happening.action,
    payload: () => ({
      project_card: {
        ...renderCard(scene.hub, place),
        column_id: id,
        ...(happening.action === 'moved' ? { after_id: after } : {}),
      },
      ...happening.extra,
    }),
  });
}

/** Makes a project; numbers are counted per owner. */
export function createProject(
  scene: ProjectScene,
  owner: ProjectOwner,
  input: { readonly name: string; readonly body?: string | null | undefined },
): Project {
  const { hub, actor } = scene;
  const now = timestamp();
  const project: Project = {
    id: hub.store.nextId(),
    owner,
    number: 1 + Math.max(0, ...projectsOf(hub, owner).map(({ number }) => number)),
    name: input.name,
    body: input.body ?? null,
    state: 'open',
    private: false,
    memberPermission: 'write',
    creator: actor.login,
    createdAt: now,
    updatedAt: now,
    columns: [],
  };
  hub.model.projects.push(project);
  emitProject(scene, project, { action: 'created' });
  return project;
}

/** The projects of an owner. */
export function projectsOf(hub: Hub, owner: ProjectOwner): readonly Project[] {
  const key = JSON.stringify(owner).toLowerCase();
  return hub.model.projects.filter((one) => JSON.stringify(one.owner).toLowerCase() === key);
}

/** Adds a column at the right. */
export function createColumn(scene: ProjectScene, project: Project, name: string): ColumnPlace {
  const now = timestamp();
  const id = scene.hub.store.nextId();
  const column: ProjectColumn = { id, name, createdAt: now, updatedAt: now, cards: [] };
  project.columns.push(column);
  emitColumn(scene, { project, column }, { action: 'created' });
  return { project, column };
}

function sameContent(one: CardContent | null, other: CardContent): boolean {
  return one?.repository === other.repository && one.issue === other.issue;
}

/** Adds a card on top of a column; an issue has one card per project. */
export function createCard(
  scene: ProjectScene,
  { project, column }: ColumnPlace,
  input: { readonly note: string | null; readonly content: CardContent | null },
): CardPlace {
  const { note, content } = input;
  const all = project.columns.flatMap(({ cards }) => cards);
  if (content && all.some((card) => sameContent(card.content, content))) {
    invalid({
      resource: 'ProjectCard',
      field: 'data',
      code: 'unprocessable',
      message: 'Project already has the associated issue',
    });
  }
  const now = timestamp();
  const card: ProjectCard = {
    id: scene.hub.store.nextId(),
    note,
    content,
    archived: false,
    creator: scene.actor.login,
    createdAt: now,
    updatedAt: now,
  };
  column.cards.unshift(card);
  const place = { project, column, card };
  emitCard(scene, place, { action: 'created' });
  return place;
}

/** Puts a thing `first` (or `top`), `last` (or `bottom`) or `after:ID` into a list. */
export function placeAt<T extends { readonly id: number }>(
  list: readonly T[],
  thing: T,
  position: string,
): T[] {
  const others = list.filter((one) => one !== thing);
  if (/^(first|top)$/.test(position)) return [thing, ...others];
  if (/^(last|bottom)$/.test(position)) return [...others, thing];
  const [, after = ''] = /^after:(\d+)$/.exec(position) ?? refuse(422, 'Validation Failed');
  const index = others.findIndex(({ id }) => id === Number(after));
  if (index < 0) return notFound();
  return [...others.slice(0, index + 1), thing, ...others.slice(index + 1)];
}

/** Moves a card within its column, or to another one of the project. */
export function moveCard(
  scene: ProjectScene,
  place: CardPlace,
  to: { readonly column?: number | undefined; readonly position: string },
): void {
  const { project, column, card } = place;
  const target = project.columns.find(({ id }) => id === (to.column ?? column.id)) ?? notFound();
  const cards = placeAt(target.cards, card, to.position);
  column.cards = column.cards.filter((one) => one !== card);
  target.cards = cards;
  const moved = { project, column: target, card };
  emitCard(scene, moved, {
    action: 'moved',
    extra: target === column ? {} : { changes: { column_id: { from: column.id } } },
  });
}
