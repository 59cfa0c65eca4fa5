import { dirname } from 'node:path';
import { clonePath } from '../../config/rendering/environment.ts';
import { type RunRefs, refsText } from '../../config/rendering/run.ts';
import type { Attempt } from '../../workflows/ports.ts';
import type { RenderedContainer, RenderedRun } from '../rendered-run.ts';
import type { StorageCredentials } from '../storage/credentials.ts';
import { expandVariables } from './expand.ts';
import type { CloneOrder, CommandOrder, Isolation, RunOrder } from './run-order.ts';

/** What an order takes from the host. */
export interface OrderSetting {
  readonly root: string;
  readonly storageCredentials?: StorageCredentials;
  readonly isolation: Isolation;
  readonly cloneUrl: (org: string, repo: string) => string;
  readonly artifactLimit: number;
}

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Writes down everything that a supervisor needs for one attempt. */
export function makeOrder(
  { run, attempt, buildId }: Attempt,
  rendered: RenderedRun,
  setting: OrderSetting,
): RunOrder {
  const environment = rendered.environment(buildId);
  const place = rendered.place(buildId);
  const clones = rendered.clones.map((refs) => cloneOrderOf(refs, setting));
  const workdir = rendered.clones.findIndex((refs) => refs.workdir);
  const cwd = clones[Math.max(workdir, 0)]?.path ?? '';
  return {
    uuid: run.uuid,
    attempt,
    root: setting.root,
    storageUrl: place.bucket,
    storageCredentials: setting.storageCredentials ?? {},
    folder: place.folder,
    pointers: place.pointers.map(({ path, content }) => ({ path, content })),
    clones,
    commands: rendered.containers.map((one) => commandOf(one, { environment, cwd })),
    environment,
    path: `${dirname(process.execPath)}:${SYSTEM_PATH}`,
    timeoutMs: rendered.timeout,
    graceMs: rendered.gracePeriod,
    isolation: setting.isolation,
    pull: run.type === 'presubmit' ? `${run.refs.pulls?.[0]?.number ?? ''}` : '',
    repos: Object.fromEntries(
      rendered.clones.map((refs) => [`${refs.org}/${refs.repo}`, refsText(refs)]),
    ),
    artifactLimit: setting.artifactLimit,
  };
}

function commandOf(
  container: RenderedContainer,
  run: { readonly environment: Readonly<Record<string, string>>; readonly cwd: string },
): CommandOrder {
  const all = { ...container.environment, ...run.environment };
  return {
    name: container.name,
    argv: container.argv.map((word) => expandVariables(word, all)),
    environment: container.environment,
    cwd: container.workingDir ?? run.cwd,
    log: container.log,
  };
}

function cloneOrderOf(refs: RunRefs, { cloneUrl }: OrderSetting): CloneOrder {
  return {
    url: refs.clone_uri || cloneUrl(refs.org, refs.repo),
    path: `src/${safePath(refs)}`,
    org: refs.org,
    repo: refs.repo,
    baseRef: refs.base_ref,
    ...(refs.base_sha ? { baseSha: refs.base_sha } : {}),
    pulls: (refs.pulls ?? []).map(({ number, sha, ref }) => ({
      number,
      sha,
      ...(ref ? { ref } : {}),
    })),
    // Addresses of submodules are the repository's choice, so they are not followed on a host.
    submodules: false,
    ...(refs.clone_depth ? { depth: refs.clone_depth } : {}),
    refs,
  };
}

/** Where Prow clones to, without what would leave the scratch folder. */
function safePath(refs: RunRefs): string {
  const names = clonePath(refs).split('/');
  return names
    .filter((name) => name !== '' && name !== '.' && name !== '..')
    .join('/')
    .replaceAll(':', '_');
}
