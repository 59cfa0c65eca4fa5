import { z } from 'zod';
import { emit } from '../actions/emit.ts';
import { addLabels, removeLabel, setLabels } from '../actions/issues.ts';
import { created, list, noContent, ok } from '../http/answer.ts';
import { invalid, notFound, refuse } from '../http/errors.ts';
import { bodyOf, type Call, issueOf, param, type Route, repoOf, route } from '../http/route.ts';
import { renderIssueLabels } from '../render/issue.ts';
import { renderLabel } from '../render/repository.ts';
import type { Issue, Label, Repo } from '../state/model.ts';
import { sceneOf } from './scene.ts';

const newLabel = z.object({
  name: z.string().min(1).max(50),
  color: z.string().default('ededed'),
  description: z.string().nullish(),
});
const labelEdit = z.object({
  new_name: z.string().optional(),
  name: z.string().optional(),
  color: z.string().optional(),
  description: z.string().nullish(),
});
const labelNames = z.union([
  z.array(z.string()),
  z.array(z.object({ name: z.string() })).transform((all) => all.map(({ name }) => name)),
]);
const issueLabels = z.union([
  labelNames,
  z.object({ labels: labelNames.default([]) }).transform(({ labels }) => labels),
]);

function find(repo: Repo, name: string): Label | undefined {
  return repo.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

function labelOf(call: Call): Label {
  return find(repoOf(call), param(call, 'name')) ?? notFound();
}

function emitLabel(call: Call, label: Label, action: string): void {
  const scene = sceneOf(call, 'write');
  emit(scene, {
    event: 'label',
    action,
    payload: () => ({ label: renderLabel(call.hub, scene.repo, label) }),
  });
}

function create(call: Call) {
  const { repo, hub } = sceneOf(call, 'write');
  const { name, color, description } = bodyOf(call, newLabel);
  if (find(repo, name)) invalid({ resource: 'Label', code: 'already_exists', field: 'name' });
  const label: Label = {
    id: hub.store.nextId(),
    name,
    color: color.replace('#', ''),
    description: description ?? null,
  };
  repo.labels.push(label);
  emitLabel(call, label, 'created');
  return created(renderLabel(hub, repo, label));
}

function rename(repo: Repo, from: string, to: string): void {
  for (const issue of Object.values(repo.issues)) {
    issue.labels = issue.labels.map((name) => (name === from ? to : name));
  }
}

function edit(call: Call) {
  const { repo, hub } = sceneOf(call, 'write');
  const label = labelOf(call);
  const input = bodyOf(call, labelEdit);
  const name = input.new_name ?? input.name ?? label.name;
  if (name !== label.name) rename(repo, label.name, name);
  label.name = name;
  label.color = input.color?.replace('#', '') ?? label.color;
  if (input.description !== undefined) label.description = input.description;
  emitLabel(call, label, 'edited');
  return ok(renderLabel(hub, repo, label));
}

function remove(call: Call) {
  const { repo } = sceneOf(call, 'write');
  const label = labelOf(call);
  repo.labels.splice(repo.labels.indexOf(label), 1);
  for (const issue of Object.values(repo.issues)) {
    issue.labels = issue.labels.filter((name) => name !== label.name);
  }
  emitLabel(call, label, 'deleted');
  return noContent();
}

function shown(call: Call, issue: Issue) {
  return ok(renderIssueLabels(call.hub, repoOf(call), issue));
}

/** Labels of repositories and of issues. */
export const labelRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/labels', (call) => {
    const repo = repoOf(call);
    return list(repo.labels, (label) => renderLabel(call.hub, repo, label));
  }),
  route('POST', '/repos/:owner/:repo/labels', create),
  route('GET', '/repos/:owner/:repo/labels/:name+', (call) =>
    ok(renderLabel(call.hub, repoOf(call), labelOf(call))),
  ),
  route('PATCH', '/repos/:owner/:repo/labels/:name+', edit),
  route('DELETE', '/repos/:owner/:repo/labels/:name+', remove),
  route('GET', '/repos/:owner/:repo/issues/:number/labels', (call) =>
    list(renderIssueLabels(call.hub, repoOf(call), issueOf(call)), (label) => label),
  ),
  route('POST', '/repos/:owner/:repo/issues/:number/labels', (call) => {
    const issue = issueOf(call);
    addLabels(sceneOf(call, 'triage'), issue, bodyOf(call, issueLabels));
    return shown(call, issue);
  }),
  route('PUT', '/repos/:owner/:repo/issues/:number/labels', (call) => {
    const issue = issueOf(call);
    setLabels(sceneOf(call, 'triage'), issue, bodyOf(call, issueLabels));
    return shown(call, issue);
  }),
  route('DELETE', '/repos/:owner/:repo/issues/:number/labels', (call) => {
    setLabels(sceneOf(call, 'triage'), issueOf(call), []);
    return noContent();
  }),
  route('DELETE', '/repos/:owner/:repo/issues/:number/labels/:name+', (call) => {
    const issue = issueOf(call);
    const had = removeLabel(sceneOf(call, 'triage'), issue, param(call, 'name'));
    return had ? shown(call, issue) : refuse(404, 'Label does not exist');
  }),
];
