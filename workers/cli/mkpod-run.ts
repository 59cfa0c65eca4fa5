import { randomInt } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { createInterface } from 'node:readline';
import { composeBuildId } from '../../activities/build-id.ts';
import { isLocalVolume, withVolumes } from '../../config/rendering/local-pod.ts';
import { objectYaml } from '../../config/rendering/object-yaml.ts';
import { podOf } from '../../config/rendering/pod.ts';
import type { Pod } from '../../config/rendering/pod-types.ts';
import { parseProwJob } from '../../config/rendering/prow-job-file.ts';
import { OptionsError } from '../option-values.ts';
import { print } from './print.ts';

/** What is asked of `mkpod`. */
export interface MkpodRequest {
  readonly prowJob: string;
  readonly buildId?: string;
  readonly local?: boolean;
  readonly outDir?: string;
}

/** Prints the pod of a ProwJob; without the label by which Prow's janitor would take it for its own. */
export async function runMkpod(request: MkpodRequest): Promise<void> {
  const file = { name: request.prowJob, text: await textOf(request.prowJob) };
  const job = parseProwJob(file);
  const buildId = buildIdOf(request.buildId || (job.status.build_id ?? ''));
  if (buildId === '')
    say(
      'No build id is in the ProwJob or given with --build-id: files will have no place of their own.',
    );
  const outFolder =
    request.local === true ? await outFolderOf(request, job.spec.job, buildId) : undefined;
  const pod = podOf({ ...job, status: { ...job.status, build_id: buildId } }, outFolder);
  if (pod === undefined) throw new OptionsError(`ProwJob ${job.metadata.name} has no pod_spec.`);
  const own = request.local === true ? await askedVolumes(pod) : pod;
  const { 'created-by-prow': _, ...labels } = own.metadata.labels;
  const metadata = { ...own.metadata, labels };
  await print([
    objectYaml({ apiVersion: 'v1', kind: 'Pod', metadata, spec: own.spec, status: {} }),
  ]);
}

async function textOf(path: string): Promise<string> {
  if (path !== '-') {
    return readFile(path, 'utf8').catch(() => {
      throw new OptionsError(`${path} cannot be read; check --prow-job.`);
    });
  }
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function buildIdOf(given: string): string {
  return given.toLowerCase() === 'snowflake'
    ? composeBuildId(Date.now(), randomInt(2 ** 22))
    : given;
}

async function outFolderOf(request: MkpodRequest, job: string, buildId: string): Promise<string> {
  const folder =
    request.outDir === undefined
      ? await mkdtemp(join(tmpdir(), `prowjob-out-${job}-${buildId}`))
      : posix.join(request.outDir, buildId);
  say(`Files of the run go to ${folder} on the node.`);
  return folder;
}

async function askedVolumes(pod: Pod): Promise<Pod> {
  const foreign = (pod.spec.volumes ?? []).filter((volume) => !isLocalVolume(volume));
  if (foreign.length === 0 || !process.stdin.readable) return pod;
  say(
    "For each volume: 'empty' for an empty folder, a path for a folder of the node, or nothing to leave it as it is.",
  );
  const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const chosen = new Map<string, string>();
  for (const { name } of foreign) {
    process.stderr.write(`Volume ${name}: `);
    const { value, done } = await answers.next();
    if (done === true) break;
    chosen.set(name, String(value).trim());
  }
  return withVolumes(pod, chosen);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
