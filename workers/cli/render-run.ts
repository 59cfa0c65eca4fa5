import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { ConfigPaths } from '../../config/load.ts';
import { loadConfig } from '../../config/load.ts';
import type { ComparedJob } from '../../config/rendering/compare.ts';
import { compareJobs } from '../../config/rendering/compare.ts';
import { comparedJobs } from '../../config/rendering/compared-jobs.ts';
import { comparisonWords } from '../../config/rendering/comparison-words.ts';
import type { RenderRequest } from '../../config/rendering/render-all.ts';
import { renderAll } from '../../config/rendering/render-all.ts';
import { OptionsError } from '../option-values.ts';
import { print } from './print.ts';

/** What is compared with what. */
export interface DiffRequest {
  readonly old: string | undefined;
  readonly fresh: string | undefined;
  readonly flags: { readonly configPath?: string; readonly jobConfigPath?: string };
  readonly json: boolean;
}

const CONFIGS = ['config.yaml', 'config/prow/config.yaml', 'prow/config.yaml'];
const JOBS = ['jobs', 'config/jobs', 'cluster/jobs'];

const row = z.looseObject({
  type: z.enum(['presubmit', 'postsubmit', 'periodic', 'batch']),
  repo: z.string(),
  job: z.string(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  spec: z.looseObject({
    type: z.string(),
    agent: z.string(),
    cluster: z.string(),
    namespace: z.string(),
    job: z.string(),
  }),
});

/** Writes every job as one line of JSON. */
export async function runRender(
  paths: ConfigPaths | undefined,
  request: RenderRequest,
): Promise<void> {
  if (paths === undefined)
    throw new OptionsError('--config-path is needed: the config.yaml to read.');
  const snapshot = await loadConfig(paths);
  await print(lines(renderAll(snapshot, request)));
}

/** Says what a change does to the jobs. */
export async function runRenderDiff(diff: DiffRequest, request: RenderRequest): Promise<void> {
  const { old, fresh, flags, json } = diff;
  if (old === undefined || fresh === undefined) {
    throw new OptionsError('--diff needs two arguments, OLD and NEW: files or folders.');
  }
  const before = await jobsAt(old, flags, request);
  const after = await jobsAt(fresh, flags, request);
  const known = [before, after].every((side) => side.every(({ when }) => when !== undefined));
  const side = (jobs: readonly ComparedJob[]) => (known ? jobs : jobs.map(withoutWhen));
  const comparison = compareJobs(side(before), side(after));
  await print([json ? `${JSON.stringify(comparison, null, 2)}\n` : comparisonWords(comparison)]);
}

// Rendered lines do not say when a job runs; then neither side does.
function withoutWhen({ when: _, ...job }: ComparedJob): ComparedJob {
  return job;
}

async function jobsAt(
  place: string,
  flags: DiffRequest['flags'],
  request: RenderRequest,
): Promise<readonly ComparedJob[]> {
  if (!existsSync(place)) throw new OptionsError(`${place} is not there.`);
  if (!statSync(place).isDirectory() && !/\.ya?ml$/.test(place)) return renderedLines(place);
  const { jobs } = await loadConfig(pathsIn(place, flags));
  return comparedJobs(jobs, request);
}

function pathsIn(place: string, flags: DiffRequest['flags']): ConfigPaths {
  const isFolder = statSync(place).isDirectory();
  const folder = isFolder ? place : dirname(place);
  const named = flags.configPath === undefined ? CONFIGS : [flags.configPath];
  const configs = named.map((path) => join(folder, path));
  const configPath = isFolder ? configs.find((path) => existsSync(path)) : place;
  if (configPath === undefined) {
    throw new OptionsError(
      `${place} has no ${named.join(' and no ')}; say where with --config-path.`,
    );
  }
  const candidates =
    flags.jobConfigPath === undefined
      ? [folder, dirname(configPath)].flatMap((base) => JOBS.map((path) => join(base, path)))
      : [join(folder, flags.jobConfigPath)];
  const jobConfigPath = candidates.find((path) => existsSync(path));
  return { configPath, ...(jobConfigPath === undefined ? {} : { jobConfigPath }) };
}

async function renderedLines(file: string): Promise<readonly ComparedJob[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => renderedLine(line, `${file}:${index + 1}`));
}

function renderedLine(line: string, place: string): ComparedJob {
  try {
    // The shape of a line that we wrote ourselves; what hangs below it is only compared.
    return row.parse(JSON.parse(line)) as ComparedJob;
  } catch {
    throw new OptionsError(`${place} is no line that bowsprit render wrote.`);
  }
}

function* lines(rows: Iterable<unknown>): Generator<string> {
  for (const one of rows) yield `${JSON.stringify(one)}\n`;
}
