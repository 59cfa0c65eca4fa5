import { z } from 'zod';
import {
  createCheckRun,
  emitSuite,
  ensureSuite,
  headCommitOf,
  rerequestRun,
  updateCheckRun,
} from '../actions/checks.ts';
import { type Answer, answer, created, list, ok, wrappedList } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { bodyOf, type Call, param, type Route, repoOf, route } from '../http/route.ts';
import {
  findRun,
  type RunPlace,
  renderCheckRun,
  renderCheckSuite,
  runsOfSuite,
} from '../render/checks.ts';
import type { CheckSuite } from '../state/checks.ts';
import { hasCommit, shaOf } from './revisions.ts';
import { sceneOf } from './scene.ts';

const output = z.object({
  title: z
    .string()
    .nullish()
    .transform((text) => text ?? null),
  summary: z
    .string()
    .nullish()
    .transform((text) => text ?? null),
  text: z
    .string()
    .nullish()
    .transform((text) => text ?? null),
  annotations: z.array(z.record(z.string(), z.unknown())).default([]),
});
const parts = z.object({
  name: z.string().optional(),
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  conclusion: z
    .enum(['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required'])
    .optional(),
  output: output.optional(),
});
const newRun = parts.extend({ name: z.string(), head_sha: z.string() });

function runOf(call: Call): RunPlace {
  return findRun(repoOf(call), Number(param(call, 'run'))) ?? notFound();
}

function suiteOf(call: Call): CheckSuite {
  const id = Number(param(call, 'suite'));
  return repoOf(call).checkSuites?.find((suite) => suite.id === id) ?? notFound();
}

/** Only apps write check runs and suites. */
function appOf(call: Call): number {
  const installation = call.grant?.installation;
  const found = call.hub.model.installations.find(({ id }) => id === installation);
  return found?.app ?? refuse(403, 'You must authenticate via a GitHub App.');
}

/** An app changes its own check runs only. */
function ownRunOf(call: Call): RunPlace {
  const app = appOf(call);
  const place = runOf(call);
  if (place.run.app === app) return place;
  return refuse(
    403,
    `Invalid app_id \`${app}\` - check run can only be modified by the GitHub App that created it.`,
  );
}

async function create(call: Call): Promise<Answer> {
  const scene = sceneOf(call, 'write');
  const app = appOf(call);
  const { head_sha: sha, ...input } = bodyOf(call, newRun);
  if (!(await hasCommit(call.hub, scene.repo, sha))) refuse(422, `No commit found for SHA: ${sha}`);
  const run = await createCheckRun(scene, { sha, app }, input);
  return created(renderCheckRun(call.hub, scene.repo, { sha, run }));
}

async function update(call: Call): Promise<Answer> {
  const scene = sceneOf(call, 'write');
  const place = ownRunOf(call);
  await updateCheckRun(scene, place, bodyOf(call, parts));
  return ok(renderCheckRun(call.hub, scene.repo, place));
}

function shownRuns(call: Call, places: readonly RunPlace[]): Answer {
  const repo = repoOf(call);
  const { check_name: name, status, filter = 'latest' } = call.query;
  const newest = new Map(places.map((place) => [`${place.run.app} ${place.run.name}`, place]));
  const found = (filter === 'all' ? places : [...newest.values()])
    .filter(({ run }) => name === undefined || run.name === name)
    .filter(({ run }) => status === undefined || run.status === status);
  return wrappedList(
    found,
    (place) => renderCheckRun(call.hub, repo, place),
    (check_runs) => ({ total_count: found.length, check_runs }),
  );
}

async function runsOfCommit(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  const sha = await shaOf(call.hub, repo, param(call, 'sha'));
  return shownRuns(
    call,
    (repo.checkRuns[sha] ?? []).map((run) => ({ sha, run })),
  );
}

async function showSuite(call: Call, suite: CheckSuite): Promise<Record<string, unknown>> {
  const repo = repoOf(call);
  const scene = { hub: call.hub, repo, actor: call.hub.ensureUser(repo.owner) };
  const headCommit = await headCommitOf(scene, suite.sha);
  return renderCheckSuite(call.hub, repo, { suite, headCommit });
}

async function suitesOfCommit(call: Call): Promise<Answer> {
  const repo = repoOf(call);
  const sha = await shaOf(call.hub, repo, param(call, 'sha'));
  const suites = (repo.checkSuites ?? []).filter((suite) => suite.sha === sha);
  const shown = await Promise.all(suites.map((suite) => showSuite(call, suite)));
  return wrappedList(
    shown,
    (suite) => suite,
    (check_suites) => ({ total_count: shown.length, check_suites }),
  );
}

async function createSuite(call: Call): Promise<Answer> {
  const scene = sceneOf(call, 'write');
  const app = appOf(call);
  const { head_sha: sha } = bodyOf(call, z.object({ head_sha: z.string() }));
  if (!(await hasCommit(call.hub, scene.repo, sha))) refuse(422, `No commit found for SHA: ${sha}`);
  const suite = ensureSuite(scene, sha, app);
  await emitSuite(scene, suite, 'requested');
  return created(await showSuite(call, suite));
}

const REPO = '/repos/:owner/:repo';

/** Check runs and check suites. */
export const checkRoutes: readonly Route[] = [
  route('POST', `${REPO}/check-runs`, create),
  route('GET', `${REPO}/check-runs/:run`, (call) =>
    ok(renderCheckRun(call.hub, repoOf(call), runOf(call))),
  ),
  route('PATCH', `${REPO}/check-runs/:run`, update),
  route('GET', `${REPO}/check-runs/:run/annotations`, (call) =>
    list(runOf(call).run.output.annotations, (annotation) => ({
      blob_href: '',
      start_column: null,
      end_column: null,
      title: null,
      raw_details: null,
      ...annotation,
    })),
  ),
  route('POST', `${REPO}/check-runs/:run/rerequest`, (call) => {
    rerequestRun(sceneOf(call, 'write'), runOf(call));
    return answer(201, {});
  }),
  route('GET', `${REPO}/commits/:sha+/check-runs`, runsOfCommit),
  route('GET', `${REPO}/commits/:sha+/check-suites`, suitesOfCommit),
  route('POST', `${REPO}/check-suites`, createSuite),
  route('GET', `${REPO}/check-suites/:suite`, async (call) =>
    ok(await showSuite(call, suiteOf(call))),
  ),
  route('GET', `${REPO}/check-suites/:suite/check-runs`, (call) => {
    const suite = suiteOf(call);
    const runs = runsOfSuite(repoOf(call), suite);
    return shownRuns(
      call,
      runs.map((run) => ({ sha: suite.sha, run })),
    );
  }),
  route('POST', `${REPO}/check-suites/:suite/rerequest`, async (call) => {
    await emitSuite(sceneOf(call, 'write'), suiteOf(call), 'rerequested');
    return answer(201, {});
  }),
];
