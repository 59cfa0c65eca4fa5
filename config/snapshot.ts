import { createHash } from 'node:crypto';
import { runsOnBranch } from './matching.ts';
import { own } from './own.ts';
import type { ExternalPlugin, PluginSettings, PluginsFile } from './plugins-file.ts';
import { enabledIn, externalIn, settingsIn } from './plugins-file.ts';
import type { ProwConfig } from './prow/config-file.ts';
import type { JobConfig, Periodic, Postsubmit, Presubmit } from './prow/jobs.ts';

/** A whole configuration, checked, with its defaults: plain data that survives JSON. */
export interface ConfigSnapshot {
  /** SHA-256 of what the files say, the same however keys are ordered and comments are written. */
  readonly hash: string;
  readonly prow: ProwConfig;
  readonly plugins: PluginsFile;
  readonly jobs: JobConfig;
}

/** Names of the plugins that are enabled for a repository, the organisation's first. */
export function enabledPlugins(
  { plugins }: ConfigSnapshot,
  org: string,
  repo: string,
): readonly string[] {
  return enabledIn(plugins, org, repo);
}

/** External plugins of a repository. */
export function externalPlugins(
  { plugins }: ConfigSnapshot,
  org: string,
  repo: string,
): readonly ExternalPlugin[] {
  return externalIn(plugins, org, repo);
}

/** Settings of the plugins that have any, for a repository. */
export function pluginSettings(
  { plugins }: ConfigSnapshot,
  org: string,
  repo: string,
): PluginSettings {
  return settingsIn(plugins, org, repo);
}

/** The presubmits of a repository; with a branch, those that run on it. */
export function presubmitsFor(
  { jobs }: ConfigSnapshot,
  org: string,
  repo: string,
  branch?: string,
): readonly Presubmit[] {
  return onBranch(own(jobs.presubmits, `${org}/${repo}`) ?? [], branch);
}

/** The postsubmits of a repository; with a branch, those that run on it. */
export function postsubmitsFor(
  { jobs }: ConfigSnapshot,
  org: string,
  repo: string,
  branch?: string,
): readonly Postsubmit[] {
  return onBranch(own(jobs.postsubmits, `${org}/${repo}`) ?? [], branch);
}

/** The jobs of the clock. */
export function periodics({ jobs }: ConfigSnapshot): readonly Periodic[] {
  return jobs.periodics;
}

/** A presubmit or postsubmit by its name on a branch; several shards of one name run on different branches. */
export function findJob(
  snapshot: ConfigSnapshot,
  job: {
    readonly type: string;
    readonly org: string;
    readonly repo: string;
    readonly name: string;
  },
  branch: string,
): Presubmit | Postsubmit | undefined {
  const { type, org, repo, name } = job;
  const jobs: readonly (Presubmit | Postsubmit)[] =
    type === 'postsubmit'
      ? postsubmitsFor(snapshot, org, repo, branch)
      : presubmitsFor(snapshot, org, repo, branch);
  return jobs.find((one) => one.name === name);
}

/** The Go template that ends a failure comment (J§1.6); empty if there is none. Rendered on Prow's object of a run. */
export function reportTemplate({ prow }: ConfigSnapshot, org: string, repo: string): string {
  const { report_templates: templates, report_template: everywhere = '' } = prow.plank;
  return own(templates, `${org}/${repo}`) ?? own(templates, org) ?? templates['*'] ?? everywhere;
}

/** SHA-256 of a value's JSON with keys in order. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

function onBranch<Kind extends Presubmit | Postsubmit>(
  jobs: readonly Kind[],
  branch: string | undefined,
): readonly Kind[] {
  return branch === undefined ? jobs : jobs.filter((job) => runsOnBranch(job, branch));
}

function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return Array.isArray(value) ? canonicalList(value) : canonicalRecord(value);
}

function canonicalList(list: readonly unknown[]): string {
  let text = '[';
  for (const item of list) text += (text === '[' ? '' : ',') + canonicalJson(item);
  return `${text}]`;
}

// Large configurations pass through here whole, so no list is made that is not needed.
function canonicalRecord(record: object): string {
  const keys = Object.keys(record);
  let text = '{';
  for (const key of isSorted(keys) ? keys : keys.sort()) {
    const value: unknown = Reflect.get(record, key);
    if (value === undefined) continue;
    text += `${text === '{' ? '' : ','}${quoted(key)}:${canonicalJson(value)}`;
  }
  return `${text}}`;
}

function isSorted(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') <= key);
}

const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
