import type { Job } from './jobs.ts';
import type { Container } from './pod-spec.ts';

type Complain = (field: string, why: string, next: string) => void;

const RESERVED_CONTAINERS = new Set(['clonerefs', 'initupload', 'place-entrypoint', 'sidecar']);
const RESERVED_MOUNTS = new Set(['logs', 'code', 'tools']);
const OF_EVERY_RUN = 'BUILD_ID BUILD_NUMBER JOB_NAME JOB_SPEC JOB_TYPE PROW_JOB_ID'.split(' ');
const OF_REFS = 'PULL_BASE_REF PULL_BASE_SHA PULL_REFS REPO_NAME REPO_OWNER'.split(' ');
const OF_PULLS = 'PULL_HEAD_REF PULL_NUMBER PULL_PULL_SHA PULL_TITLE'.split(' ');

/** Reports what Prow refuses in what a job runs (J§4.5). */
export function checkPodSpec(job: Job, complain: Complain): void {
  if (job.agent !== 'kubernetes') {
    if (job.spec !== undefined && job.agent !== 'jenkins') {
      complain('spec', `agent ${job.agent} takes no spec`, 'Remove the spec or the agent.');
    }
    return;
  }
  if (job.spec === undefined || job.spec.containers.length === 0) {
    complain('spec', 'it has no container', 'Add spec.containers with one container.');
    return;
  }
  checkContainers(job, job.spec.containers, complain);
  for (const { name } of job.spec.volumes ?? []) {
    if (RESERVED_MOUNTS.has(name)) complain('spec', `volume ${name} is reserved`, 'Rename it.');
  }
  if ((job.spec.initContainers ?? []).some((one) => one['restartPolicy'] !== 'Always')) {
    const next = 'Do its work in the test container, or give it restartPolicy: Always.';
    complain('spec', 'plain init containers are not supported', next);
  }
}

function checkContainers(job: Job, containers: readonly Container[], complain: Complain): void {
  const names = containers.map(({ name }) => name ?? '');
  const several = containers.length > 1;
  if (several && job.decoration_config === undefined) {
    complain('spec', 'several containers need decoration', 'Set decorate: true.');
  }
  if (several && new Set(names.filter((name) => name !== '')).size < names.length) {
    complain('spec', 'containers need names of their own', 'Name each container.');
  }
  for (const name of names.filter((name) => RESERVED_CONTAINERS.has(name))) {
    complain('spec', `container name ${name} is reserved`, 'Rename the container.');
  }
  for (const container of containers) checkContainer(job, container, complain);
}

function checkContainer(job: Job, container: Container, complain: Complain): void {
  const variables = (container.env ?? []).map(({ name }) => name);
  const reserved = new Set(reservedVariables(job));
  for (const name of variables.filter((name) => reserved.has(name))) {
    complain('spec', `variable ${name} is set by the system`, 'Remove or rename it.');
  }
  if (new Set(variables).size < variables.length) {
    complain('spec', 'a variable is set twice', 'Keep one of the two.');
  }
  const runs = (container.command ?? []).length + (container.args ?? []).length > 0;
  if (job.decoration_config !== undefined && !runs) {
    const next = 'Set command or args: the entrypoint of the image is not used.';
    complain('spec', 'a decorated container has neither command nor args', next);
  }
  const mounts = (container.volumeMounts ?? []).map(({ name }) => name);
  for (const name of mounts.filter((name) => RESERVED_MOUNTS.has(name))) {
    complain('spec', `mount ${name} is reserved`, 'Rename the volume and its mount.');
  }
}

function reservedVariables(job: Job): readonly string[] {
  if (!('branches' in job)) return OF_EVERY_RUN;
  if (!('trigger' in job)) return [...OF_EVERY_RUN, ...OF_REFS];
  return [...OF_EVERY_RUN, ...OF_REFS, ...OF_PULLS];
}
