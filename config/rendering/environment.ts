import type { ProwJobSpec } from './prow-job.ts';
import { prowJobSpec } from './prow-job.ts';
import type { RunInput, RunRefs } from './run.ts';
import { compact, goJson, refsText } from './run.ts';

/** One environment variable. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** Which run it is, and which attempt. */
export interface RunIds {
  readonly uuid: string;
  readonly buildId: string;
}

/** `JOB_SPEC`: what the pod utilities and tests are told about the run, keys in Prow's order (J§1.4.1). */
export function jobSpec(run: RunInput, buildId: string): string {
  return jobSpecOf(prowJobSpec(run), { uuid: run.uuid, buildId });
}

/** The variables that every run finds, sorted by name (J§1.4.1). */
export function environment(
  run: RunInput,
  buildId: string,
  decorated: boolean,
): readonly Variable[] {
  return variablesOf(prowJobSpec(run), { uuid: run.uuid, buildId }, decorated);
}

/** See `environment`: the same from Prow's `spec` of a run. */
export function variablesOf(
  run: ProwJobSpec,
  ids: RunIds,
  decorated: boolean,
): readonly Variable[] {
  const { refs, type } = run;
  const values: Record<string, string> = {
    CI: 'true',
    JOB_NAME: run.job,
    JOB_TYPE: type,
    BUILD_ID: ids.buildId,
    PROW_JOB_ID: ids.uuid,
    JOB_SPEC: jobSpecOf(run, ids),
    ...(run.agent === 'kubernetes' ? { BUILD_NUMBER: ids.buildId } : {}),
    ...(decorated ? { ARTIFACTS: '/logs/artifacts', GOPATH: '/home/prow/go' } : {}),
    ...(refs === undefined || type === 'periodic' ? {} : refsVariables(refs)),
    ...(refs === undefined || type !== 'presubmit' ? {} : pullVariables(refs)),
  };
  return Object.entries(values)
    .map(([name, value]) => ({ name, value }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Where refs are cloned to, below `src`: the alias, else the repository's link without its scheme, else GitHub. */
export function clonePath({ org, repo, repo_link, path_alias }: RunRefs): string {
  if (path_alias) return path_alias;
  if (repo_link) return repo_link.split('://').at(-1) ?? '';
  return `github.com/${org}/${repo}`;
}

function jobSpecOf(run: ProwJobSpec, { uuid, buildId }: RunIds): string {
  const { type, job, refs, extra_refs, decoration_config } = run;
  return goJson(
    compact({ type, job, buildid: buildId, prowjobid: uuid, refs, extra_refs, decoration_config }),
  );
}

function refsVariables(refs: RunRefs): Record<string, string> {
  const path = clonePath(refs);
  const slash = path.indexOf('/');
  return {
    REPO_OWNER: refs.org,
    REPO_NAME: refs.repo,
    SRC_HOST: slash < 0 ? path : path.slice(0, slash),
    SRC_BASE: slash < 0 ? `${refs.org}/${refs.repo}` : path.slice(slash + 1),
    PULL_BASE_REF: refs.base_ref,
    PULL_BASE_SHA: refs.base_sha ?? '',
    PULL_REFS: refsText(refs),
  };
}

function pullVariables({ pulls }: RunRefs): Record<string, string> {
  const pull = pulls?.[0];
  if (pull === undefined) return {};
  return {
    PULL_NUMBER: String(pull.number),
    PULL_PULL_SHA: pull.sha,
    PULL_HEAD_REF: pull.head_ref ?? '',
    PULL_TITLE: pull.title ?? '',
  };
}
