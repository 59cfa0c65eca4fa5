import { stringify } from 'yaml';
import { parseConfig } from '../../config/parse.ts';
import type { Problem } from '../../config/problem.ts';
import { ConfigError } from '../../config/problem.ts';
import type { Presubmit } from '../../config/prow/jobs.ts';
import type { ConfigSnapshot } from '../../config/snapshot.ts';

/** A snapshot of a `config.yaml` and a `plugins.yaml` given as values. */
export function snapshotOf(config: object, plugins: object = {}): ConfigSnapshot {
  return parseConfig({
    config: { name: 'config.yaml', text: stringify(config, { version: '1.1' }) },
    plugins: { name: 'plugins.yaml', text: stringify(plugins, { version: '1.1' }) },
  });
}

/** What is wrong with a `config.yaml` and a `plugins.yaml` given as texts. */
export function problemsOf(config: string, plugins = ''): readonly Problem[] {
  try {
    parseConfig({
      config: { name: 'config.yaml', text: config },
      plugins: { name: 'plugins.yaml', text: plugins },
    });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** The presubmits of `o/r`, each with a container. */
export function presubmits(...jobs: readonly object[]): readonly Presubmit[] {
  return snapshotOf({ presubmits: { 'o/r': jobs.map(withSpec) } }).jobs.presubmits['o/r'] ?? [];
}

/** A job with something to run. */
export function withSpec(job: object): object {
  return { spec: { containers: [{ image: 'alpine', command: ['true'] }] }, ...job };
}

/** The one presubmit of `o/r`. */
export function presubmit(job: object): Presubmit {
  const [only] = presubmits(job);
  if (only === undefined) throw new Error('the sample has no job');
  return only;
}
