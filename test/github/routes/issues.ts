import { z } from 'zod';
import {
  assign,
  createIssue,
  editText,
  isAssignable,
  setLabels,
  setLock,
  setMilestone,
  setState,
  unassign,
} from '../actions/issues.ts';
import { created, list, noContent, ok } from '../http/answer.ts';
import { notFound } from '../http/errors.ts';
import { checkBody } from '../http/length.ts';
import { bodyOf, type Call, issueOf, param, type Route, repoOf, route } from '../http/route.ts';
import { renderUser } from '../render/account.ts';
import { renderIssue, renderIssueEvent } from '../render/issue.ts';
import { renderTimeline } from '../render/timeline.ts';
import type { Issue, IssueEvent, Repo } from '../state/model.ts';
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
  state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullish(),
});
const lockBody = z.object({
  lock_reason: z.enum(['off-topic', 'too heated', 'resolved', 'spam']).nullish(),
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
  checkBody('Issue', input.body);
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
  if (input.milestone !== undefined) setMilestone(scene, issue, input.milestone);
  if (input.state) setState(scene, issue, input.state, input.state_reason ?? undefined);
  return ok(renderIssue(call.hub, scene.repo, issue));
}

/** Who may be assigned: everybody who has more to do with the repository than to read what is public. */
function assignable(call: Call): readonly string[] {
  const repo = { ...repoOf(call), private: true };
  const { hub } = call;
  return Object.values(hub.model.users)
    .filter(({ type, login }) => type === 'User' && hub.permissionOf(repo, login) !== 'none')
    .map(({ login }) => login);
}

function showEvent(
  call: Call,
  repo: Repo,
  { issue, event }: { readonly issue: Issue; readonly event: IssueEvent },
): Record<string, unknown> {
  return {
    ...renderIssueEvent(call.hub, repo, event),
    issue: renderIssue(call.hub, repo, issue),
  };
}

/** Issues, their assignees and their history. */
export const issueRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/issues', listIssues),
  route('POST', '/repos/:owner/:repo/issues', (call) => {
    const scene = sceneOf(call);
    const input = bodyOf(call, newIssue);
    checkBody('Issue', input.body);
    const issue = createIssue(scene, input);
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
  route('PUT', '/repos/:owner/:repo/issues/:number/lock', (call) => {
    const issue = issueOf(call);
    const scene = sceneOf(call, 'triage');
    setLock(scene, issue, true, bodyOf(call, lockBody).lock_reason ?? null);
    return noContent();
  }),
  route('DELETE', '/repos/:owner/:repo/issues/:number/lock', (call) => {
    const issue = issueOf(call);
    setLock(sceneOf(call, 'triage'), issue, false, null);
    return noContent();
  }),
  route('GET', '/repos/:owner/:repo/assignees', (call) =>
    list(assignable(call), (login) => renderUser(call.hub, login)),
  ),
  route('GET', '/repos/:owner/:repo/assignees/:login', (call) => {
    const user = call.hub.findUser(param(call, 'login')) ?? notFound();
    const have = call.hub.permissionOf({ ...repoOf(call), private: true }, user.login);
    return have === 'none' ? notFound() : noContent();
  }),
  route('GET', '/repos/:owner/:repo/issues/:number/assignees/:login', (call) => {
    const scene = { hub: call.hub, repo: repoOf(call) };
    const user = call.hub.findUser(param(call, 'login')) ?? notFound();
    return isAssignable(scene, issueOf(call), user.login) ? noContent() : notFound();
  }),
  route('GET', '/repos/:owner/:repo/issues/events/:event', (call) => {
    const repo = repoOf(call);
    const id = Number(param(call, 'event'));
    for (const issue of Object.values(repo.issues)) {
      const event = issue.events.find((one) => one.id === id);
      if (event) return ok(showEvent(call, repo, { issue, event }));
    }
    return notFound();
  }),
  route('GET', '/repos/:owner/:repo/issues/:number/events', (call) => {
    const repo = repoOf(call);
    return list(issueOf(call).events, (event) => renderIssueEvent(call.hub, repo, event));
  }),
  route('GET', '/repos/:owner/:repo/issues/:number/timeline', (call) => {
    const repo = repoOf(call);
    return list(renderTimeline(call.hub, repo, issueOf(call)), (entry) => entry);
  }),
  route('GET', '/repos/:owner/:repo/issues/events', (call) => {
    const repo = repoOf(call);
    const all = Object.values(repo.issues).flatMap((issue) =>
      issue.events.map((event) => ({ issue, event })),
    );
    const newest = all.sort((one, other) => other.event.id - one.event.id);
    return list(newest, (place) => showEvent(call, repo, place));
  }),
];
