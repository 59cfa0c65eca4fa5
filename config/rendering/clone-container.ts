import { posix } from 'node:path';
import type { DecorationConfig } from '../prow/decoration.ts';
import { clonePath } from './environment.ts';
import type { PodContainer, Volume } from './pod-types.ts';
import type { Mounted } from './pod-volumes.ts';
import { CLONE_SCRATCH, CODE, cookieFile, LOGS, secretFile, sshKeys } from './pod-volumes.ts';
import type { RunRefs } from './run.ts';
import { compact, goJson } from './run.ts';

/** Where `clonerefs` says what it did. */
export const CLONE_LOG = `${LOGS.mount.mountPath}/clone.json`;

/** The container that clones, and what it needs to be let in. */
export interface Cloning {
  readonly container: PodContainer;
  readonly volumes: readonly Volume[];
  /** Where the test begins: the ref marked with `workdir`, else the first. */
  readonly workingDir: string;
}

/** What clones the code of a run (J§1.4.2); undefined if there is nothing to clone, or it must not be. */
export function cloning(
  refs: readonly RunRefs[],
  decoration: DecorationConfig,
): Cloning | undefined {
  const [first] = refs;
  if (first === undefined || decoration.skip_cloning === true) return undefined;
  const access = accessOf(decoration);
  const cookies = decoration.cookiefile_secret ? cookieFile(decoration.cookiefile_secret) : null;
  const mounted = [...access.mounted, CLONE_SCRATCH, ...(cookies === null ? [] : [cookies])];
  const options = {
    src_root: CODE.mount.mountPath,
    log: CLONE_LOG,
    git_user_name: 'ci-robot',
    git_user_email: 'ci-robot@k8s.io',
    refs,
    ...compact({ ...access.options, cookie_path: cookies?.file }),
  };
  return {
    container: {
      name: 'clonerefs',
      image: decoration.utility_images?.clonerefs,
      ...(cookies === null ? {} : { args: [`--cookiefile=${cookies.file}`] }),
      env: [{ name: 'CLONEREFS_OPTIONS', value: goJson(options) }],
      resources: decoration.resources?.clonerefs ?? {},
      volumeMounts: [LOGS.mount, CODE.mount, ...mounted.map(({ mount }) => mount)],
    },
    volumes: mounted.map(({ volume }) => volume),
    workingDir: placeOf(refs.find(({ workdir }) => workdir === true) ?? first),
  };
}

function placeOf(refs: RunRefs): string {
  return posix.join(CODE.mount.mountPath, 'src', clonePath(refs)).replace(/\/$/, '');
}

interface Access {
  readonly mounted: readonly Mounted[];
  readonly options: Readonly<Record<string, unknown>>;
}

function accessOf(decoration: DecorationConfig): Access {
  const keys = (decoration.ssh_key_secrets ?? []).map(sshKeys);
  const token = fileOf(decoration.oauth_token_secret, '/secrets/oauth');
  const app = fileOf(decoration.github_app_private_key_secret, '/secrets/github-app');
  const endpoints = decoration.github_api_endpoints ?? [];
  return {
    mounted: [...keys, ...token, ...app],
    options: {
      key_files: keys.map(({ mount }) => mount.mountPath),
      oauth_token_file: token[0]?.file,
      host_fingerprints: decoration.ssh_host_fingerprints,
      github_api_endpoints: endpoints.length > 0 ? endpoints : ['https://api.github.com'],
      github_app_id: decoration.github_app_id,
      github_app_private_key_file: app[0]?.file,
    },
  };
}

function fileOf(secret: DecorationConfig['oauth_token_secret'], mountPath: string) {
  return secret === undefined ? [] : [secretFile(secret, mountPath)];
}
