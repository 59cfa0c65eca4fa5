import type { DecorationConfig } from '../prow/decoration.ts';
import type { Variable } from './environment.ts';
import type { PodContainer, VolumeMount } from './pod-types.ts';
import type { Mounted } from './pod-volumes.ts';
import { ARTIFACTS, LOGS, nodeFolder, secretFolder, TOOLS } from './pod-volumes.ts';
import { compact, goJson } from './run.ts';

const OUTPUT = '/output';

/** Where a run's files go: what is mounted for it, and the options that say so. */
export interface Storage {
  readonly credentials: readonly Mounted[];
  /** Instead of a bucket: a folder of the node. */
  readonly output: readonly Mounted[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** What `entrypoint` does to one container, and `sidecar` waits for (J§1.4.1). */
export interface Wrapping {
  readonly args: readonly string[];
  readonly container_name: string;
  readonly process_log: string;
  readonly marker_file: string;
  readonly metadata_file: string;
}

/** What of a pod its utility containers work on. */
export interface Work {
  readonly decoration: DecorationConfig;
  readonly storage: Storage;
  readonly jobSpec: string;
}

/** Where files go: the configured bucket, or `outputFolder` of the node, which needs no credentials. */
export function storageOf(decoration: DecorationConfig, outputFolder: string | undefined): Storage {
  const { gcs_configuration, gcs_credentials_secret, s3_credentials_secret } = decoration;
  if (outputFolder !== undefined) {
    return {
      credentials: [],
      output: [nodeFolder('output', outputFolder, OUTPUT)],
      options: { ...gcs_configuration, local_output_dir: OUTPUT, dry_run: false },
    };
  }
  const gcs = credentials('gcs-credentials', gcs_credentials_secret, '/secrets/gcs');
  const s3 = credentials('s3-credentials', s3_credentials_secret, '/secrets/s3-storage');
  return {
    credentials: [...gcs, ...s3],
    output: [],
    options: {
      ...compact({
        ...gcs_configuration,
        gcs_credentials_file: gcs[0] && `${gcs[0].mount.mountPath}/service-account.json`,
        s3_credentials_file: s3[0] && `${s3[0].mount.mountPath}/service-account.json`,
      }),
      dry_run: false,
    },
  };
}

/** Says that the run has begun, and how cloning went (J§1.4.3). */
export function initupload(work: Work, cloneLog: string | undefined): PodContainer {
  const { decoration, storage, jobSpec } = work;
  const options = { ...storage.options, ...(cloneLog === undefined ? {} : { log: cloneLog }) };
  return {
    name: 'initupload',
    image: decoration.utility_images?.initupload,
    env: [
      { name: 'INITUPLOAD_OPTIONS', value: goJson(options) },
      { name: 'JOB_SPEC', value: jobSpec },
    ],
    resources: decoration.resources?.initupload ?? {},
    volumeMounts: [
      ...(cloneLog === undefined ? [] : [LOGS.mount]),
      ...[...storage.credentials, ...storage.output].map(({ mount }) => mount),
    ],
  };
}

/** Copies the entrypoint to where the test containers find it. */
export function placeEntrypoint({ utility_images, resources }: DecorationConfig): PodContainer {
  return {
    name: 'place-entrypoint',
    image: utility_images?.entrypoint,
    args: ['--copy-mode-only'],
    resources: resources?.place_entrypoint ?? {},
    volumeMounts: [TOOLS.mount],
  };
}

/** Waits for the wrapped containers, censors and uploads (J§1.4.5). */
export function sidecar(
  { decoration, storage, jobSpec }: Work,
  entries: readonly Wrapping[],
  secrets: readonly VolumeMount[],
): PodContainer {
  const options = {
    gcs_options: { items: [ARTIFACTS], ...storage.options },
    entries,
    ...compact({ ignore_interrupts: decoration.upload_ignores_interrupts }),
    censoring_options: {
      ...(secrets.length === 0
        ? {}
        : { secret_directories: secrets.map(({ mountPath }) => mountPath) }),
      ...decoration.censoring_options,
    },
  };
  const env: readonly Variable[] = [
    { name: 'JOB_SPEC', value: jobSpec },
    { name: 'SIDECAR_OPTIONS', value: goJson(options) },
  ];
  const [logs, output] = [LOGS.mount, storage.output.map(({ mount }) => mount)];
  return {
    name: 'sidecar',
    image: decoration.utility_images?.sidecar,
    env,
    resources: decoration.resources?.sidecar ?? {},
    volumeMounts: [logs, ...storage.credentials.map(({ mount }) => mount), ...secrets, ...output],
  };
}

function credentials(name: string, secret: string | undefined, path: string): readonly Mounted[] {
  return secret ? [secretFolder(name, secret, path)] : [];
}
