import { z } from 'zod';
import { emit, type Scene } from '../actions/emit.ts';
import { created, list, noContent, ok } from '../http/answer.ts';
import { invalid, notFound } from '../http/errors.ts';
import { bodyOf, type Call, param, type Route, repoOf, route } from '../http/route.ts';
import { timestamp } from '../hub.ts';
import { renderLabel, renderMilestone } from '../render/repository.ts';
import type { Milestone } from '../state/model.ts';
import { sceneOf } from './scene.ts';

const edit = z.object({
  title: z.string().optional(),
  description: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  due_on: z.string().nullish(),
});
const fresh = edit.extend({ title: z.string().min(1) });

function milestoneOf(call: Call): Milestone {
  const number = Number(param(call, 'milestone'));
  return repoOf(call).milestones.find((known) => known.number === number) ?? notFound();
}

function say(scene: Scene, milestone: Milestone, action: string, extra = {}): void {
  emit(scene, {
    event: 'milestone',
    action,
    payload: () => ({ milestone: renderMilestone(scene.hub, scene.repo, milestone), ...extra }),
  });
}

function create(call: Call) {
  const scene = sceneOf(call, 'triage');
  const { hub, repo, actor } = scene;
  const input = bodyOf(call, fresh);
  if (repo.milestones.some(({ title }) => title === input.title)) {
    invalid({ resource: 'Milestone', code: 'already_exists', field: 'title' });
  }
  const now = timestamp();
  const milestone: Milestone = {
    id: hub.store.nextId(),
    number: Math.max(0, ...repo.milestones.map(({ number }) => number)) + 1,
    title: input.title,
    description: input.description ?? null,
    state: input.state ?? 'open',
    creator: actor.login,
    createdAt: now,
    updatedAt: now,
    dueOn: input.due_on ?? null,
    closedAt: null,
  };
  repo.milestones.push(milestone);
  say(scene, milestone, 'created');
  return created(renderMilestone(hub, repo, milestone));
}

function setState(scene: Scene, milestone: Milestone, state: 'open' | 'closed' | undefined): void {
  if (state === undefined || state === milestone.state) return;
  milestone.state = state;
  milestone.closedAt = state === 'closed' ? timestamp() : null;
  say(scene, milestone, state === 'closed' ? 'closed' : 'opened');
}

function change(call: Call) {
  const scene = sceneOf(call, 'triage');
  const milestone = milestoneOf(call);
  const input = bodyOf(call, edit);
  const changes = {
    ...(input.title !== undefined && input.title !== milestone.title
      ? { title: { from: milestone.title } }
      : {}),
    ...(input.description !== undefined && input.description !== milestone.description
      ? { description: { from: milestone.description ?? '' } }
      : {}),
  };
  milestone.title = input.title ?? milestone.title;
  if (input.description !== undefined) milestone.description = input.description;
  if (input.due_on !== undefined) milestone.dueOn = input.due_on;
  milestone.updatedAt = timestamp();
  if (Object.keys(changes).length > 0) say(scene, milestone, 'edited', { changes });
  setState(scene, milestone, input.state);
  return ok(renderMilestone(call.hub, scene.repo, milestone));
}

function remove(call: Call) {
  const scene = sceneOf(call, 'triage');
  const milestone = milestoneOf(call);
  const { repo } = scene;
  repo.milestones.splice(repo.milestones.indexOf(milestone), 1);
  for (const issue of Object.values(repo.issues)) {
    if (issue.milestone === milestone.number) issue.milestone = null;
  }
  say(scene, milestone, 'deleted');
  return noContent();
}

const MILESTONES = '/repos/:owner/:repo/milestones';

/** Milestones. */
export const milestoneRoutes: readonly Route[] = [
  route('GET', MILESTONES, (call) => {
    const repo = repoOf(call);
    const state = call.query['state'] ?? 'open';
    const wanted = repo.milestones.filter((known) => state === 'all' || known.state === state);
    return list(wanted, (milestone) => renderMilestone(call.hub, repo, milestone));
  }),
  route('POST', MILESTONES, create),
  route('GET', `${MILESTONES}/:milestone`, (call) =>
    ok(renderMilestone(call.hub, repoOf(call), milestoneOf(call))),
  ),
  route('PATCH', `${MILESTONES}/:milestone`, change),
  route('DELETE', `${MILESTONES}/:milestone`, remove),
  route('GET', `${MILESTONES}/:milestone/labels`, (call) => {
    const repo = repoOf(call);
    const { number } = milestoneOf(call);
    const names = Object.values(repo.issues)
      .filter((issue) => issue.milestone === number)
      .flatMap((issue) => issue.labels);
    const labels = repo.labels.filter(({ name }) => names.includes(name));
    return list(labels, (label) => renderLabel(call.hub, repo, label));
  }),
];
