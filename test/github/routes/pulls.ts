import { z } from 'zod';
import { editText, setState } from '../actions/issues.ts';
import {
  findOpenPull,
  openPull,
  removeReviewers,
  removeTeams,
  requestReviewers,
  requestTeams,
  setBase,
  setDraft,
} from '../actions/pulls.ts';
import { ensureSize, pullCommits, pullFiles, refreshMergeability } from '../actions/size.ts';
import { readDiff } from '../git/changes.ts';
import { type Answer, created, list, ok, text } from '../http/answer.ts';
import { invalid, refuse } from '../http/errors.ts';
import { checkBody } from '../http/length.ts';
import { bodyOf, type Call, isPull, pullOf, type Route, repoOf, route } from '../http/route.ts';
import { repoKey } from '../hub.ts';
import { renderUser } from '../render/account.ts';
import { renderCommit, renderFile } from '../render/commit.ts';
import { renderFullPull, renderPull, renderTeams } from '../render/pull.ts';
import type { PullIssue, Repo } from '../state/model.ts';
import { sortIssues } from './issues.ts';
import { sceneOf } from './scene.ts';

const newPull = z.object({
  title: z.string().min(1),
  body: z.string().nullish(),
  head: z.string(),
  head_repo: z.string().optional(),
  base: z.string(),
  draft: z.boolean().optional(),
});
const pullEdit = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
  draft: z.boolean().optional(),
});
const reviewers = z.object({
  reviewers: z.array(z.string()).default([]),
  team_reviewers: z.array(z.string()).default([]),
});

const NOT_COLLABORATORS =
  'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.';

function listPulls(call: Call): Answer {
  const repo = repoOf(call);
  const { state = 'open', base, head } = call.query;
  const found = Object.values(repo.issues)
    .filter(isPull)
    .filter((issue) => state === 'all' || issue.state === state)
    .filter(({ pull }) => base === undefined || pull.base.ref === base)
    .filter(({ pull }) => {
      const owner = pull.head.repo.split('/')[0];
      return head === undefined || head === pull.head.ref || head === `${owner}:${pull.head.ref}`;
    });
  return list(sortIssues(found, call.query), (issue) => renderPull(call.hub, repo, issue));
}

interface Head {
  readonly repo: Repo;
  readonly ref: string;
  readonly sha: string;
}

function headOf(call: Call, repo: Repo, name: string): Head {
  const [left = '', right] = name.split(':');
  const owner = right === undefined ? repo.owner : left;
  const ref = right ?? left;
  const from = call.hub.findRepo(owner, repo.name);
  const sha = from?.refs[`refs/heads/${ref}`];
  if (!from || !sha) return invalid({ resource: 'PullRequest', field: 'head', code: 'invalid' });
  return { repo: from, ref, sha };
}

async function create(call: Call): Promise<Answer> {
  const scene = sceneOf(call);
  const input = bodyOf(call, newPull);
  checkBody('PullRequest', input.body);
  const head = headOf(call, scene.repo, input.head);
  const named = { repo: repoKey(head.repo.owner, head.repo.name), ref: head.ref };
  if (findOpenPull(scene.repo, named, input.base)) {
    invalid({
      resource: 'PullRequest',
      code: 'custom',
      message: `A pull request already exists for ${head.repo.owner}:${head.ref}.`,
    });
  }
  const issue = await openPull(scene, { ...input, head });
  return created(renderFullPull(call.hub, scene.repo, issue));
}

async function show(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  const issue = pullOf(call);
  const kind = /\.(diff|patch)\b/.exec(call.accept)?.[1];
  if (kind === 'diff' || kind === 'patch') {
    const { base, head } = issue.pull;
    const range = { base: base.sha, head: head.sha };
    const key = `${kind} ${repo.id} ${base.sha} ${head.sha}`;
    const diff = await call.hub.memos.texts(key, () =>
      readDiff(call.hub.directoryOf(repo), kind, range),
    );
    return text(`application/vnd.github.${kind}; charset=utf-8`, diff);
  }
  await ensureSize(call.hub, repo, issue);
  refreshMergeability(call.hub, repo, issue);
  return ok(renderFullPull(call.hub, repo, issue));
}

function reopenable(repo: Repo, issue: PullIssue): boolean {
  return !issue.pull.merged && repo.refs[`refs/heads/${issue.pull.base.ref}`] !== undefined;
}

async function edit(call: Call): Promise<Answer> {
  const issue = pullOf(call);
  const own = issue.author === call.actor?.login;
  const scene = sceneOf(call, own ? 'read' : 'write');
  const input = bodyOf(call, pullEdit);
  if (input.state === 'open' && !reopenable(scene.repo, issue)) {
    refuse(422, 'Validation Failed', [
      {
        resource: 'PullRequest',
        field: 'state',
        code: 'invalid',
        message: 'state cannot be changed.',
      },
    ]);
  }
  checkBody('PullRequest', input.body);
  editText(scene, issue, input);
  if (input.base) await setBase(scene, issue, input.base);
  if (input.draft !== undefined) setDraft(scene, issue, input.draft);
  if (input.state) setState(scene, issue, input.state);
  return ok(renderFullPull(call.hub, scene.repo, issue));
}

async function files(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  const issue = pullOf(call);
  const { sha } = issue.pull.head;
  return list(await pullFiles(call.hub, repo, issue), (file) =>
    renderFile(call.hub, repo, { sha, file }),
  );
}

async function commits(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  return list(await pullCommits(call.hub, repo, pullOf(call)), (commit) =>
    renderCommit(call.hub, repo, commit),
  );
}

function request(call: Call): Answer {
  const issue = pullOf(call);
  const scene = sceneOf(call, 'triage');
  const input = bodyOf(call, reviewers);
  const teams = call.hub.findOrg(scene.repo.owner)?.teams ?? [];
  if (!input.team_reviewers.every((slug) => teams.some((team) => team.slug === slug))) {
    refuse(422, NOT_COLLABORATORS);
  }
  const unfit = input.reviewers.find(
    (login) =>
      call.hub.permissionOf({ ...scene.repo, private: true }, login) === 'none' ||
      login.toLowerCase() === issue.author.toLowerCase(),
  );
  if (unfit !== undefined) {
    refuse(
      422,
      unfit.toLowerCase() === issue.author.toLowerCase()
        ? 'Review cannot be requested from pull request author.'
        : NOT_COLLABORATORS,
    );
  }
  requestReviewers(scene, issue, input.reviewers);
  requestTeams(scene, issue, input.team_reviewers);
  return created(renderPull(call.hub, scene.repo, issue));
}

/** Pull requests. */
export const pullRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/pulls', listPulls),
  route('POST', '/repos/:owner/:repo/pulls', create),
  route('GET', '/repos/:owner/:repo/pulls/:number', show),
  route('PATCH', '/repos/:owner/:repo/pulls/:number', edit),
  route('GET', '/repos/:owner/:repo/pulls/:number/files', files),
  route('GET', '/repos/:owner/:repo/pulls/:number/commits', commits),
  route('GET', '/repos/:owner/:repo/pulls/:number/requested_reviewers', (call) => {
    const { requestedReviewers, requestedTeams } = pullOf(call).pull;
    return ok({
      users: requestedReviewers.map((login) => renderUser(call.hub, login)),
      teams: renderTeams(call.hub, repoOf(call), requestedTeams),
    });
  }),
  route('POST', '/repos/:owner/:repo/pulls/:number/requested_reviewers', request),
  route('DELETE', '/repos/:owner/:repo/pulls/:number/requested_reviewers', (call) => {
    const issue = pullOf(call);
    const scene = sceneOf(call, 'triage');
    const input = bodyOf(call, reviewers);
    removeReviewers(scene, issue, input.reviewers);
    removeTeams(scene, issue, input.team_reviewers);
    return ok(renderPull(call.hub, scene.repo, issue));
  }),
];
