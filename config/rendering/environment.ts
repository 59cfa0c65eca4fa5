import type { RunInput, RunRefs } from './run.ts';
import { completeExtraRefs, completeRefs, goJson, refsText } from './run.ts';

/** One environment variable. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** `JOB_SPEC`: what the pod utilities and tests are told about the run, keys in Prow's order (J§1.4.1). */
export function jobSpec(run: RunInput, buildId: string): string {
  const decoration = run.job.decoration_config;
  return goJson({
    type: run.type,
    job: run.job.name,
    buildid: buildId,
    prowjobid: run.uuid,
    refs: completeRefs(run),
    extra_refs: completeExtraRefs(run),
    decoration_config: decoration,
  });
}

/** The variables that every run finds, sorted by name (J§1.4.1). */
export function environment(
  run: RunInput,
  buildId: string,
  decorated: boolean,
): readonly Variable[] {
  const refs = completeRefs(run);
  const values: Record<string, string> = {
    CI: 'true',
    JOB_NAME: run.job.name,
    JOB_TYPE: run.type,
    BUILD_ID: buildId,
    PROW_JOB_ID: run.uuid,
    JOB_SPEC: jobSpec(run, buildId),
    ...(run.job.agent === 'kubernetes' ? { BUILD_NUMBER: buildId } : {}),
    ...(decorated ? { ARTIFACTS: '/logs/artifacts', GOPATH: '/home/prow/go' } : {}),
    ...(refs === undefined || run.type === 'periodic' ? {} : refsVariables(refs)),
    ...(refs === undefined || run.type !== 'presubmit' ? {} : pullVariables(refs)),
  };
  return Object.entries(values)
    .map(([name, value]) => ({ name, value }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Where refs are cloned to, below `src`: the alias, else the repository's link without its scheme, else GitHub. */
export function clonePath({ org, repo, repo_link, path_alias }: RunRefs): string {
  if (path_alias) return path_alias;
  if (repo_link) return repo_link.replace(/^[a-z]+:\/\//, '');
  return `github.com/${org}/${repo}`;
}

function refsVariables(refs: RunRefs): Record<string, string> {
  const path = clonePath(refs);
  const slash = path.indexOf('/');
  return {
    REPO_OWNER: refs.org,
    REPO_NAME: refs.repo,
    SRC_HOST: slash < 0 ? path : path.slice(0, slash),
    SRC_BASE: slash < 0 ? '' : path.slice(slash + 1),
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
