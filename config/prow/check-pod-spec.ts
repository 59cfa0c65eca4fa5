import type { Complain } from './complain.ts';
import type { DecorationConfig } from './decoration.ts';
import type { Job } from './jobs.ts';
import type { Container, PodSpec } from './pod-spec.ts';

const RESERVED_CONTAINERS = new Set(['clonerefs', 'initupload', 'place-entrypoint', 'sidecar']);
const RESERVED_MOUNTS = new Set(['logs', 'code', 'tools']);
const RESERVED_VOLUMES = new Set([...RESERVED_MOUNTS, 'gcs-credentials', 's3-credentials']);
const RESERVED_PATHS = new Set(['/logs', '/home/prow/go', '/tools']);
const OF_EVERY_RUN = 'CI BUILD_ID BUILD_NUMBER JOB_NAME JOB_SPEC JOB_TYPE PROW_JOB_ID'.split(' ');
const OF_REFS = 'PULL_BASE_REF PULL_BASE_SHA PULL_REFS REPO_NAME REPO_OWNER'.split(' ');
const OF_PULLS = 'PULL_HEAD_REF PULL_NUMBER PULL_PULL_SHA PULL_TITLE'.split(' ');

/** Reports what Prow refuses in what a job runs, whatever runs it (J§4.5). */
export function checkPodSpec(job: Job, complain: Complain): void {
  const { spec } = job;
  if (spec === undefined) return;
  if (spec.containers.length === 0) {
    complain(['spec'], 'it has no container', 'Add spec.containers with one container.');
    return;
  }
  checkNames(job, spec.containers, complain);
  const reserved = reservedVolumes(job.decoration_config);
  checkVolumes(spec, reserved, complain);
  spec.containers.forEach((container, index) => {
    const inside: Complain = (field, ...rest) =>
      complain(['spec', 'containers', index, ...field], ...rest);
    checkVariables(job, container, inside);
    checkMounts(job, container, { reserved, complain: inside });
    const [first = ''] = [...(container.command ?? []), ...(container.args ?? [])];
    if (job.decoration_config !== undefined && first === '') {
      const next = 'Set command or args: the entrypoint of the image is not used.';
      inside([], 'a decorated container has neither command nor args', next);
    }
  });
  (spec.initContainers ?? []).forEach((one, index) => {
    if (one['restartPolicy'] === 'Always') return;
    const next = 'Do its work in the test container, or give it restartPolicy: Always.';
    complain(['spec', 'initContainers', index], 'plain init containers are not supported', next);
  });
}

function checkNames(job: Job, containers: readonly Container[], complain: Complain): void {
  const names = containers.map(({ name }) => name ?? '');
  if (containers.length > 1 && job.decoration_config === undefined) {
    complain(['spec', 'containers'], 'several containers need decoration', 'Set decorate: true.');
  }
  names.forEach((name, index) => {
    const at = ['spec', 'containers', index, 'name'];
    if (containers.length > 1 && RESERVED_CONTAINERS.has(name)) {
      complain(at, `the container name ${name} is reserved`, 'Rename the container.');
    }
    if (containers.length > 1 && (name === '' || names.indexOf(name) < index)) {
      complain(at, 'each of several containers needs a name of its own', 'Name the container.');
    }
  });
}

function checkVolumes(
  { volumes = [] }: PodSpec,
  reserved: ReadonlySet<string>,
  complain: Complain,
): void {
  const names = volumes.map(({ name = '' }) => name);
  names.forEach((name, index) => {
    const at = ['spec', 'volumes', index, 'name'];
    if (reserved.has(name)) {
      complain(at, `the volume name ${name} is reserved`, 'Rename the volume and its mounts.');
    }
    if (names.indexOf(name) < index) {
      complain(at, `the volume ${name} is there twice`, 'Keep one of the two.');
    }
  });
}

function checkVariables(job: Job, { env = [] }: Container, complain: Complain): void {
  const names = env.map(({ name = '' }) => name);
  const reserved = new Set(reservedVariables(job));
  names.forEach((name, index) => {
    const at = ['env', index, 'name'];
    if (reserved.has(name)) {
      complain(at, `the variable ${name} is set by the system`, 'Remove or rename it.');
    }
    if (names.indexOf(name) < index) {
      complain(at, `the variable ${name} is set twice`, 'Keep one of the two.');
    }
  });
}

function checkMounts(
  job: Job,
  container: Container,
  { reserved, complain }: { readonly reserved: ReadonlySet<string>; readonly complain: Complain },
): void {
  const volumes = job.spec?.volumes ?? [];
  (container.volumeMounts ?? []).forEach(({ name = '', mountPath = '' }, index) => {
    const at = ['volumeMounts', index];
    if (RESERVED_MOUNTS.has(name)) {
      complain(
        [...at, 'name'],
        `the mount ${name} is reserved`,
        'Rename the volume and its mount.',
      );
    } else if (!reserved.has(name) && volumes.every((volume) => (volume.name ?? '') !== name)) {
      complain([...at, 'name'], `there is no volume ${name} to mount`, 'Add it to spec.volumes.');
    }
    if (RESERVED_PATHS.has(mountPath)) {
      const why = `${mountPath} is where the pod utilities mount`;
      complain([...at, 'mountPath'], why, 'Mount it elsewhere.');
    }
  });
}

function reservedVolumes(decoration: DecorationConfig | undefined): ReadonlySet<string> {
  if (decoration === undefined) return RESERVED_VOLUMES;
  const { oauth_token_secret: token, ssh_key_secrets: keys = [] } = decoration;
  return new Set([
    ...RESERVED_VOLUMES,
    ...(token === undefined ? [] : [token.name ?? '']),
    ...keys,
  ]);
}

function reservedVariables(job: Job): readonly string[] {
  if (!('branches' in job)) return OF_EVERY_RUN;
  if (!('trigger' in job)) return [...OF_EVERY_RUN, ...OF_REFS];
  return [...OF_EVERY_RUN, ...OF_REFS, ...OF_PULLS];
}
