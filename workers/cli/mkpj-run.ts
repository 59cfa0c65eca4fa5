import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import type { ConfigPaths } from '../../config/load.ts';
import { loadConfig } from '../../config/load.ts';
import { objectYaml } from '../../config/rendering/object-yaml.ts';
import { prowJob } from '../../config/rendering/prow-job.ts';
import { runsOf } from '../../config/rendering/render-all.ts';
import type { RunInput, RunRefs } from '../../config/rendering/run.ts';
import { OptionsError } from '../option-values.ts';
import type { PullFacts } from './mkpj-github.ts';
import { createLookup } from './mkpj-github.ts';
import { print } from './print.ts';

/** What is asked of `mkpj`; what is absent is found out. */
export interface MkpjRequest {
  readonly job: string;
  readonly baseRef?: string;
  readonly baseSha?: string;
  readonly pullNumber?: string;
  readonly pullSha?: string;
  readonly pullAuthor?: string;
  readonly pullHeadRef?: string;
  readonly githubTokenPath?: string;
  readonly githubEndpoint?: string;
}

/** Prints the ProwJob of the first job with the name: presubmits before postsubmits before periodics. */
export async function runMkpj(request: MkpjRequest, paths: ConfigPaths): Promise<void> {
  const snapshot = await loadConfig(paths);
  const nothing = {
    baseRef: '',
    baseSha: '',
    pull: { number: 0, author: '', sha: '' },
    buildId: '',
  };
  const all = [...runsOf(snapshot.jobs, { ...nothing, id: randomUUID() })];
  const found = all.find(({ run }) => run.job.name === request.job)?.run;
  if (found === undefined) throw new OptionsError(`Job ${request.job} not found.`);
  const run = await completed(found, request);
  const scheduled = snapshot.prow.scheduler?.['enabled'] === true;
  const startTime = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const object = prowJob(run, { startTime, state: scheduled ? 'scheduling' : 'triggered' });
  const { creationTimestamp: _, ...metadata } = object.metadata;
  await print([objectYaml({ ...object, metadata })]);
}

async function completed(run: RunInput, request: MkpjRequest): Promise<RunInput> {
  if (run.refs === undefined) return run;
  const { org, repo } = run.refs;
  const lookup = createLookup(request, { org, repo });
  const number =
    run.type === 'presubmit' ? numberOf(request.pullNumber ?? (await ask('PR Number: '))) : 0;
  const known = { base_ref: request.baseRef, base_sha: request.baseSha };
  const pull = { author: request.pullAuthor, sha: request.pullSha };
  const complete = [...Object.values(known), ...(number > 0 ? Object.values(pull) : [])].every(
    Boolean,
  );
  const facts = number > 0 && !complete ? await lookup.pull(number) : undefined;
  const base = await baseOf(known, facts, lookup.head);
  const refs: RunRefs = { org, repo, ...base };
  if (run.type !== 'presubmit') return { ...run, refs };
  const head = request.pullHeadRef;
  const one = {
    number,
    author: pull.author || (facts?.author ?? ''),
    sha: pull.sha || (facts?.sha ?? ''),
    ...(head === undefined ? {} : { head_ref: head }),
  };
  return { ...run, refs: { ...refs, pulls: [one] } };
}

async function baseOf(
  known: { readonly base_ref: string | undefined; readonly base_sha: string | undefined },
  facts: PullFacts | undefined,
  head: (branch: string) => Promise<string>,
): Promise<Pick<RunRefs, 'base_ref' | 'base_sha'>> {
  const base_ref = known.base_ref || facts?.baseRef || (await ask('Base ref (e.g. master): '));
  return { base_ref, base_sha: known.base_sha || facts?.baseSha || (await head(base_ref)) };
}

function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new OptionsError(`"${text}" is no number of a pull request; give --pull-number.`);
}

async function ask(question: string): Promise<string> {
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<string>((resolve) => questions.once('close', () => resolve('')));
  try {
    return (await Promise.race([questions.question(question), ended])).trim();
  } finally {
    questions.close();
  }
}
