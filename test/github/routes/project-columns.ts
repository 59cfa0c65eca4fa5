import { z } from 'zod';
import {
  createCard,
  createColumn,
  emitCard,
  emitColumn,
  moveCard,
  type ProjectScene,
  placeAt,
} from '../actions/projects.ts';
import { type Answer, answer, created, list, noContent, ok } from '../http/answer.ts';
import { invalid, notFound } from '../http/errors.ts';
import { actorOf, bodyOf, type Call, param, type Route, route } from '../http/route.ts';
import { type CardPlace, type ColumnPlace, renderCard, renderColumn } from '../render/project.ts';
import type { Permission } from '../state/permissions.ts';
import type { CardContent, Project } from '../state/projects.ts';
import { allowed, projectOf } from './projects.ts';

const named = z.object({ name: z.string().min(1) });
const columnMove = z.object({ position: z.string().regex(/^(?:first|last|after:\d+)$/) });
const newCard = z.union([
  z.object({ content_id: z.number().int(), content_type: z.string() }),
  z.object({ note: z.string().nullable() }),
]);
const cardEdit = z.object({
  note: z.string().nullish(),
  archived: z.boolean().optional(),
});
const cardMove = z.object({
  position: z.string().regex(/^(?:top|bottom|after:\d+)$/),
  column_id: z.number().int().optional(),
});

function sceneOf(call: Call): ProjectScene {
  return { hub: call.hub, actor: actorOf(call) };
}

function columnOf(call: Call, need: Permission): ColumnPlace {
  const id = Number(param(call, 'column'));
  for (const project of call.hub.model.projects) {
    const column = project.columns.find((one) => one.id === id);
    if (column) return { project: allowed(call, project, need), column };
  }
  return notFound();
}

function cardOf(call: Call, need: Permission): CardPlace {
  const id = Number(param(call, 'card'));
  for (const project of call.hub.model.projects) {
    for (const column of project.columns) {
      const card = column.cards.find((one) => one.id === id);
      if (card) return { project: allowed(call, project, need), column, card };
    }
  }
  return notFound();
}

/** A card of a repository's project may show that repository's issues only. */
function contentOf(call: Call, project: Project, id: number): CardContent {
  const { owner } = project;
  for (const repo of Object.values(call.hub.model.repos)) {
    if (owner.kind === 'repository' && repo.id !== owner.id) continue;
    if (call.hub.permissionOf(repo, call.actor?.login) === 'none') continue;
    const issue = Object.values(repo.issues).find((one) => one.id === id);
    if (issue) return { repository: repo.id, issue: issue.id };
  }
  return invalid({ resource: 'ProjectCard', field: 'data', code: 'unprocessable' });
}

function addCard(call: Call): Answer {
  const place = columnOf(call, 'write');
  const input = bodyOf(call, newCard);
  const card =
    'note' in input
      ? { note: input.note, content: null }
      : { note: null, content: contentOf(call, place.project, input.content_id) };
  return created(renderCard(call.hub, createCard(sceneOf(call), place, card)));
}

function editCard(call: Call): Answer {
  const place = cardOf(call, 'write');
  const { card } = place;
  const { note, archived } = bodyOf(call, cardEdit);
  const from = card.note;
  if (note !== undefined) card.note = note;
  card.archived = archived ?? card.archived;
  emitCard(sceneOf(call), place, { action: 'edited', extra: { changes: { note: { from } } } });
  return answer(200, renderCard(call.hub, place));
}

function listCards(call: Call): Answer {
  const { project, column } = columnOf(call, 'read');
  const { archived_state: wanted = 'not_archived' } = call.query;
  const found = column.cards.filter(
    ({ archived }) => wanted === 'all' || archived === (wanted === 'archived'),
  );
  return list(found, (card) => renderCard(call.hub, { project, column, card }));
}

function editColumn(call: Call): Answer {
  const place = columnOf(call, 'write');
  const { name } = bodyOf(call, named);
  const changes = { name: { from: place.column.name } };
  place.column.name = name;
  emitColumn(sceneOf(call), place, { action: 'edited', extra: { changes } });
  return ok(renderColumn(call.hub, place));
}

function moveColumn(call: Call): Answer {
  const place = columnOf(call, 'write');
  const { project, column } = place;
  const { position } = bodyOf(call, columnMove);
  project.columns = placeAt(project.columns, column, position);
  emitColumn(sceneOf(call), place, { action: 'moved' });
  return created({});
}

const COLUMN = '/projects/columns/:column';
const CARD = '/projects/columns/cards/:card';

/** The columns of classic projects, and the cards in them. */
export const projectColumnRoutes: readonly Route[] = [
  route('GET', '/projects/:project/columns', (call) => {
    const project = projectOf(call, 'read');
    return list(project.columns, (column) => renderColumn(call.hub, { project, column }));
  }),
  route('POST', '/projects/:project/columns', (call) => {
    const project = projectOf(call, 'write');
    const { name } = bodyOf(call, named);
    return created(renderColumn(call.hub, createColumn(sceneOf(call), project, name)));
  }),
  route('GET', COLUMN, (call) => ok(renderColumn(call.hub, columnOf(call, 'read')))),
  route('PATCH', COLUMN, editColumn),
  route('DELETE', COLUMN, (call) => {
    const place = columnOf(call, 'write');
    const { project, column } = place;
    project.columns = project.columns.filter((one) => one !== column);
    emitColumn(sceneOf(call), place, { action: 'deleted' });
    return noContent();
  }),
  route('POST', `${COLUMN}/moves`, moveColumn),
  route('GET', `${COLUMN}/cards`, listCards),
  route('POST', `${COLUMN}/cards`, addCard),
  route('GET', CARD, (call) => ok(renderCard(call.hub, cardOf(call, 'read')))),
  route('PATCH', CARD, editCard),
  route('DELETE', CARD, (call) => {
    const place = cardOf(call, 'write');
    emitCard(sceneOf(call), place, { action: 'deleted' });
    place.column.cards = place.column.cards.filter((one) => one !== place.card);
    return noContent();
  }),
  route('POST', `${CARD}/moves`, (call) => {
    const { column_id: column, position } = bodyOf(call, cardMove);
    moveCard(sceneOf(call), cardOf(call, 'write'), { column, position });
    return created({});
  }),
];
