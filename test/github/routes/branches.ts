import { commitOf } from '../actions/commits.ts';
import { emitProtection } from '../actions/protection.ts';
import { type Answer, list, noContent, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { type Call, param, type Route, repoOf, requirePermission, route } from '../http/route.ts';
import { renderCommit } from '../render/commit.ts';
import {
  type BranchPlace,
  protectionUrl,
  renderChecks,
  renderProtection,
} from '../render/protection.ts';
import { repoApi, repoPage } from '../render/urls.ts';
import type { Repo } from '../state/model.ts';
import { sceneOf } from './scene.ts';

type Json = Record<string, unknown>;

const HEADS = 'refs/heads/';
const BRANCH = '/repos/:owner/:repo/branches/:branch+';
/** The path of a branch's protection. */
export const PROTECTION = `${BRANCH}/protection`;

function renderBranch(call: Call, repo: Repo, name: string): Json {
  const sha = repo.refs[HEADS + name] ?? notFound();
  return {
    name,
    commit: { sha, url: repoApi(call.hub, repo, `/commits/${sha}`) },
    protected: repo.protection[name] !== undefined,
  };
}

function listBranches(call: Call): Answer {
  const repo = repoOf(call);
  const only = call.query['protected'];
  const names = Object.keys(repo.refs)
    .filter((ref) => ref.startsWith(HEADS))
    .map((ref) => ref.slice(HEADS.length))
    .filter((name) => only === undefined || String(name in repo.protection) === only);
  return list(names, (name) => renderBranch(call, repo, name));
}

function placeOf(call: Call): BranchPlace {
  return { hub: call.hub, repo: repoOf(call), branch: param(call, 'branch') };
}

async function show(call: Call): Promise<Answer> {
  const place = placeOf(call);
  const { hub, repo, branch } = place;
  const commit = await commitOf(hub, repo, repo.refs[HEADS + branch] ?? notFound());
  const protection = repo.protection[branch];
  return ok({
    ...renderBranch(call, repo, branch),
    commit: renderCommit(hub, repo, commit),
    _links: {
      self: repoApi(hub, repo, `/branches/${encodeURIComponent(branch)}`),
      html: repoPage(hub, repo, `/tree/${branch}`),
    },
    protection: {
      enabled: protection !== undefined,
      required_status_checks: {
        enforcement_level: protection ? 'non_admins' : 'off',
        contexts: protection ? renderChecks(place, protection)['contexts'] : [],
        checks: [],
      },
    },
    protection_url: protectionUrl(place),
  });
}

/** Protection is only for those to see who may change it. */
export function protectionOf(call: Call): {
  readonly place: BranchPlace;
  readonly protection: Json;
} {
  const place = placeOf(call);
  if (!place.repo.refs[HEADS + place.branch]) return refuse(404, 'Branch not found');
  requirePermission(call, place.repo, 'write');
  const protection = place.repo.protection[place.branch] ?? refuse(404, 'Branch not protected');
  return { place, protection };
}

function isRecord(body: unknown): body is Json {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

const REQUIRED = [
  'required_status_checks',
  'enforce_admins',
  'required_pull_request_reviews',
  'restrictions',
];

function protect(call: Call): Answer {
  const scene = sceneOf(call, 'admin');
  const { repo } = scene;
  const branch = param(call, 'branch');
  if (!repo.refs[HEADS + branch]) return refuse(404, 'Branch not found');
  const body = isRecord(call.body) ? call.body : {};
  const missing = REQUIRED.filter((name) => !(name in body));
  if (missing.length > 0) {
    const words = missing.map((name) => `"${name}" wasn't supplied.`).join('\n');
    return refuse(422, `Invalid request.\n\n${words}`);
  }
  const before = repo.protection[branch];
  // Signatures have a route of their own and survive.
  const kept = before?.['required_signatures'];
  repo.protection[branch] = kept === undefined ? body : { ...body, required_signatures: kept };
  emitProtection(scene, branch, before === undefined ? 'created' : 'edited');
  return ok(renderProtection({ hub: call.hub, repo, branch }, repo.protection[branch] ?? {}));
}

function unprotect(call: Call): Answer {
  const { place } = protectionOf(call);
  const scene = sceneOf(call, 'admin');
  emitProtection(scene, place.branch, 'deleted');
  delete place.repo.protection[place.branch];
  return noContent();
}

/** Branches and their protection. */
export const branchRoutes: readonly Route[] = [
  route('GET', '/repos/:owner/:repo/branches', listBranches),
  route('GET', BRANCH, show),
  route('GET', PROTECTION, (call) => {
    const { place, protection } = protectionOf(call);
    return ok(renderProtection(place, protection));
  }),
  route('PUT', PROTECTION, protect),
  route('DELETE', PROTECTION, unprotect),
];
