import { parseDuration } from '../duration.ts';
import type { DecorationConfig } from '../prow/decoration.ts';
import { CLONE_LOG, cloning } from './clone-container.ts';
import type { PodContainer, Resources, RunPodSpec, VolumeMount } from './pod-types.ts';
import { ARTIFACTS, CODE, LOGS, TOOLS } from './pod-volumes.ts';
import type { RunRefs } from './run.ts';
import { goJson } from './run.ts';
import type { Wrapping } from './utility-containers.ts';
import { initupload, placeEntrypoint, sidecar, storageOf } from './utility-containers.ts';

/** What a pod is decorated with. */
export interface Decoration {
  readonly config: DecorationConfig;
  /** What is cloned, the code under test first. */
  readonly refs: readonly RunRefs[];
  readonly jobSpec: string;
  /** A folder of the node for the run's files, instead of the bucket. */
  readonly outputFolder?: string | undefined;
}

/** Puts the pod utilities around a job's containers, which have their variables already (J§1.4). */
export function decorate(spec: RunPodSpec, decoration: Decoration): RunPodSpec {
  const { config, refs, jobSpec, outputFolder } = decoration;
  const storage = storageOf(config, outputFolder);
  const work = { decoration: config, storage, jobSpec };
  const cloned = cloning(refs, config);
  const names = spec.containers.map(({ name }) => name);
  const wrapped = spec.containers.map((container) => {
    const wrapping = wrappingOf(container, names.length === 1 ? '' : container.name);
    return { container: wrap(container, wrapping, config), wrapping };
  });
  const tests = wrapped.map(({ container }) => inPlace(withMemory(container, config), cloned));
  const secrets = config.censor_secrets === true ? secretMounts(spec) : [];
  const entries = wrapped.map(({ wrapping }) => wrapping);
  return {
    ...spec,
    ...podDefaults(spec, config),
    initContainers: [
      ...(cloned === undefined ? [] : [cloned.container]),
      ...(spec.initContainers ?? []),
      initupload(work, cloned && CLONE_LOG),
      placeEntrypoint(config),
    ],
    containers: [...tests, sidecar(work, entries, secrets)],
    volumes: [
      ...(spec.volumes ?? []),
      LOGS.volume,
      TOOLS.volume,
      ...[...storage.credentials, ...storage.output].map(({ volume }) => volume),
      ...(cloned === undefined ? [] : [...cloned.volumes, CODE.volume]),
    ],
  };
}

function wrappingOf({ name, command, args }: PodContainer, prefix: string): Wrapping {
  const logs = LOGS.mount.mountPath;
  return {
    args: [...(command ?? []), ...(args ?? [])],
    container_name: name,
    process_log: prefix === '' ? `${logs}/process-log.txt` : `${logs}/${prefix}-log.txt`,
    marker_file: prefix === '' ? `${logs}/marker-file.txt` : `${logs}/${prefix}-marker.txt`,
    metadata_file:
      prefix === '' ? `${ARTIFACTS}/metadata.json` : `${ARTIFACTS}/${prefix}-metadata.json`,
  };
}

// The container's own command goes to the entrypoint, which runs it under the timeout.
function wrap(
  { args: _, ...container }: PodContainer,
  wrapping: Wrapping,
  { timeout, grace_period }: DecorationConfig,
): PodContainer {
  const options = {
    timeout: parseDuration(timeout ?? '0') ?? 0,
    grace_period: parseDuration(grace_period ?? '0') ?? 0,
    artifact_dir: ARTIFACTS,
    ...wrapping,
  };
  return {
    ...container,
    name: container.name,
    command: [`${TOOLS.mount.mountPath}/entrypoint`],
    env: [...(container.env ?? []), { name: 'ENTRYPOINT_OPTIONS', value: goJson(options) }],
    volumeMounts: [...(container.volumeMounts ?? []), LOGS.mount, TOOLS.mount],
  };
}

function inPlace(
  container: PodContainer,
  cloned: { readonly workingDir: string } | undefined,
): PodContainer {
  if (cloned === undefined) return container;
  const volumeMounts = [...(container.volumeMounts ?? []), CODE.mount];
  return { ...container, workingDir: cloned.workingDir, volumeMounts };
}

function withMemory(container: PodContainer, config: DecorationConfig): PodContainer {
  const { default_memory_request: standard, set_limit_equals_memory_request: same } = config;
  if (standard === undefined && same !== true) return container;
  const { requests, limits, ...rest }: Resources = container.resources ?? {};
  const memory = requests?.['memory'] ?? standard;
  if (memory === undefined) return container;
  return {
    ...container,
    resources: {
      ...rest,
      requests: { ...requests, memory },
      ...(same === true ? { limits: { ...limits, memory } } : limits && { limits }),
    },
  };
}

// What the sidecar must know to censor it: every secret that a test container sees.
function secretMounts({ volumes, containers }: RunPodSpec): readonly VolumeMount[] {
  const secrets = new Set(
    (volumes ?? []).filter(({ secret }) => secret !== undefined).map(({ name }) => name),
  );
  return containers
    .flatMap(({ volumeMounts }) => volumeMounts ?? [])
    .filter(({ name }) => secrets.has(name));
}

// What the pod has only where the job leaves it open.
function podDefaults(
  spec: RunPodSpec,
  config: DecorationConfig,
): Readonly<Record<string, unknown>> {
  const { affinity, tolerations } = config.scheduling_options ?? {};
  const grace = config.grace_period && parseDuration(config.grace_period);
  // Of the pod's whole grace, four fifths are the test's and one fifth is for uploading.
  const podGrace = grace === undefined || grace === '' ? undefined : Math.trunc(grace / 1e9);
  return Object.fromEntries(
    Object.entries({
      securityContext: securityContext(spec['securityContext'], config),
      affinity: spec['affinity'] ?? affinity,
      tolerations: spec['tolerations'] ?? tolerations,
      terminationGracePeriodSeconds:
        spec['terminationGracePeriodSeconds'] ??
        (podGrace === undefined ? undefined : Math.trunc((podGrace * 5) / 4)),
      serviceAccountName: spec['serviceAccountName'] || config.default_service_account_name,
    }).filter(([, value]) => value !== undefined),
  );
}

function securityContext(own: unknown, config: DecorationConfig): object {
  const defaults = {
    ...(config.run_as_user === undefined ? {} : { runAsUser: config.run_as_user }),
    ...(config.run_as_group === undefined ? {} : { runAsGroup: config.run_as_group }),
    ...(config.fs_group === undefined ? {} : { fsGroup: config.fs_group }),
  };
  return typeof own === 'object' && own !== null ? { ...defaults, ...own } : defaults;
}
