import { z } from 'zod';
import {
  assign,
  createIssue,
  editText,
  setLabels,
  setState,
  touchIssue,
  unassign,
} from '../actions/issues.ts';
import { created, list, noContent, ok } from '../http/answer.ts';
import { notFound } from '../http/errors.ts';
import { bodyOf, type Call, issueOf, param, type Route, repoOf, route } from '../http/route.ts';
import { renderIssue, renderIssueEvent } from '../render/issue.ts';
import type { Issue } from '../state/model.ts';
import { sceneOf } from './scene.ts';

const newIssue = z.object({
  title: z.union([z.string(), z.number()]).transform(String),
  body: z.string().nullish(),
  labels: z.array(z.string()).optional(),
  assignees: z.array(z.string()).optional(),
  milestone: z.number().nullish(),
});
const issueEdit = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  labels: z.array(z.string()).optional(),
  assignees: z.array(z.string()).optional(),
  milestone: z.number().nullish(),
});
const assignees = z.object({ assignees: z.array(z.string()).default([]) });

type Test = (issue: Issue) => boolean;

function testsOf(query: Call['query']): readonly Test[] {
  const { state = 'open', labels, creator, assignee, since } = query;
  const wanted = labels ? labels.split(',') : [];
  return [
    (issue) => state === 'all' || issue.state === state,
    (issue) => wanted.every((name) => issue.labels.includes(name)),
    (issue) => creator === undefined || issue.author === creator,
    (issue) => assignee === undefined || issue.assignees.includes(assignee),
    (issue) => since === undefined || Date.parse(issue.updatedAt) >= Date.parse(since),
  ];
}

/** Sorts by `sort` and `direction` as lists of issues do: newest first unless told otherwise. */
export function sortIssues<T extends Issue>(issues: readonly T[], query: Call['query']): T[] {
  const sign = query['direction'] === 'asc' ? 1 : -1;
  const key = query['sort'] === 'updated' ? 'updatedAt' : 'createdAt';
  return [...issues].sort(
    (one, other) => sign * (one[key].localeCompare(other[key]) || one.number - other.number),
  );
}

function listIssues(call: Call) {
  const repo = repoOf(call);
  const tests = testsOf(call.query);
  const found = Object.values(repo.issues).filter((issue) => tests.every((test) => test(issue)));
  return list(sortIssues(found, call.query), (issue) => renderIssue(call.hub, repo, issue));
}

function editIssue(call: Call) {
  const issue = issueOf(call);
  const own = issue.author === call.actor?.login;
  const scene = sceneOf(call, own ? 'read' : 'triage');
  const input = bodyOf(call, issueEdit);
  editText(scene, issue, input);
  if (input.labels) setLabels(scene, issue, input.labels);
  if (input.assignees) {
    const wanted = input.assignees;
    unassign(
      scene,
      issue,
      issue.assignees.filter((login) => !wanted.includes(login)),
    );
    assign(scene, issue, wanted);
  }
  if (input.milestone !== undefined) {
    issue.milestone = input.milestone;
    touchIssue(issue);
  }
  if (input.state) setState(scene, issue, input.state);
  return ok(renderIssue(call.hub, scene.repo, issue));
}

/** Issues, their assignees and their history. */
export const issueRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/issues', listIssues),
  route('POST', '/repos/:owner/:repo/issues', (call) => {
    const scene = sceneOf(call);
    const issue = createIssue(scene, bodyOf(call, newIssue));
    return created(renderIssue(call.hub, scene.repo, issue));
  }),
  route('GET', '/repos/:owner/:repo/issues/:number', (call) =>
    ok(renderIssue(call.hub, repoOf(call), issueOf(call))),
  ),
  route('PATCH', '/repos/:owner/:repo/issues/:number', editIssue),
  route('POST', '/repos/:owner/:repo/issues/:number/assignees', (call) => {
    const issue = issueOf(call);
    const scene = sceneOf(call, 'triage');
    assign(scene, issue, bodyOf(call, assignees).assignees);
    return created(renderIssue(call.hub, scene.repo, issue));
  }),
  route('DELETE', '/repos/:owner/:repo/issues/:number/assignees', (call) => {
    const issue = issueOf(call);
    const scene = sceneOf(call, 'triage');
    unassign(scene, issue, bodyOf(call, assignees).assignees);
    return ok(renderIssue(call.hub, scene.repo, issue));
  }),
  route('GET', '/repos/:owner/:repo/assignees/:login', (call) => {
    const user = call.hub.findUser(param(call, 'login')) ?? notFound();
    const have = call.hub.permissionOf({ ...repoOf(call), private: true }, user.login);
    return have === 'none' ? notFound() : noContent();
  }),
  route('GET', '/repos/:owner/:repo/issues/:number/events', (call) => {
    const repo = repoOf(call);
    return list(issueOf(call).events, (event) => renderIssueEvent(call.hub, repo, event));
  }),
];
