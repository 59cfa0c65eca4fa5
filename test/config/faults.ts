import type { Edited } from './edited-yaml.ts';
import { renameKey, setKey } from './edited-yaml.ts';

/** A job of a real file. */
export interface Target {
  readonly file: string;
  readonly path: readonly PropertyKey[];
  readonly name: string;
  /** An earlier job of the same list; empty if there is none. */
  readonly other: { readonly name: string; readonly context: string };
}

/** A mistake that someone could make, and what is said of it. */
export interface Fault {
  readonly what: string;
  readonly level: 'error' | 'warning' | 'note';
  /** A part of what is said. */
  readonly says: string;
  readonly make: (text: string, target: Target) => Edited;
}

type Row = readonly [level: Fault['level'], key: string, value: string, says: string];

const LONG = 'a'.repeat(70);
const runs = 'command: [x]';
const container = (more: string) => `{containers: [{image: i, ${runs}, ${more}}]}`;

const OF_ANY_JOB: readonly Row[] = [
  ['error', 'max_concurrency', '-1', 'must not be negative'],
  ['error', 'max_concurrency', 'many', 'whole number'],
  ['error', 'error_on_eviction', 'maybe', 'true or false'],
  ['error', 'hidden', '[]', 'true or false'],
  ['error', 'job_queue_name', 'nobody', 'queue nobody is unknown'],
  ['error', 'namespace', 'elsewhere', 'is not pod_namespace'],
  ['error', 'name', '"two words"', 'its name is not'],
  ['warning', 'name', LONG, 'and a label takes 63'],
  ['error', 'labels', '{prow.k8s.io/type: x}', 'is reserved'],
  ['error', 'labels', '{a: "two words"}', 'no value of a label'],
  ['error', 'labels', '{a/b/c: x}', 'no name of a label'],
  ['note', 'labels', '{preset-nobody: "true"}', 'no preset has the label'],
  ['error', 'annotations', '{"a b": x}', 'no name of an annotation'],
  ['error', 'decoration_config', '{timeout: soon}', 'no duration'],
  ['error', 'decoration_config', '{gcs_configuration: {path_strategy: odd}}', 'path_strategy'],
  ['error', 'rerun_auth_config', '{allow_anyone: true, github_users: [x]}', 'anyone may'],
  ['error', 'spec', '{}', 'it has no container'],
  ['error', 'spec', container('env: [{name: JOB_SPEC, value: x}]'), 'set by the system'],
  ['error', 'spec', container('env: [{name: A}, {name: A}]'), 'is set twice'],
  ['error', 'spec', container('volumeMounts: [{name: v, mountPath: /v}]'), 'no volume v'],
  ['error', 'spec', '{containers: [{image: i}]}', 'neither command nor args'],
  ['error', 'spec', `{containers: [{${runs}}], volumes: [{name: logs}]}`, 'volume name logs'],
  ['error', 'spec', `{containers: [{${runs}}], initContainers: [{name: i}]}`, 'init containers'],
  ['error', 'spec', `{containers: [{name: a, ${runs}}, {name: sidecar, ${runs}}]}`, 'is reserved'],
  ['error', 'spec', `{containers: [{name: a, ${runs}}, {${runs}}]}`, 'a name of its own'],
  ['warning', 'optoinal', 'true', 'nothing reads the key optoinal'],
];

const OF_PRESUBMITS: readonly Row[] = [
  ['error', 'always_run', 'maybe', 'true or false'],
  ['error', 'optional', '7', 'true or false'],
  ['error', 'branches', 'main', 'must be a list'],
  ['error', 'branches', '["("]', 'is not RE2'],
  ['error', 'skip_branches', '["(?=x)"]', 'is not RE2'],
  ['error', 'trigger', '"("', 'is not RE2'],
  ['error', 'trigger', '^/nothing$', 'does not match trigger'],
  ['warning', 'extra_refs', '[{org: o, repo: r}, {org: o, repo: r}]', 'more than once'],
];

const OF_PERIODICS: readonly Row[] = [
  ['error', 'cron', '61 * * * *', 'no minutes'],
  ['error', 'cron', '"@sometimes"', 'no schedule'],
  ['error', 'cron', '"* * *"', 'five fields'],
];

const OF_CONFIG: readonly (readonly [Fault['level'], readonly PropertyKey[], string, string])[] = [
  ['error', ['tide', 'sync_period'], 'soon', 'no duration'],
  ['error', ['tide', 'queries', 0, 'orgs'], '[o/r]', 'no organisation'],
  ['error', ['tide', 'queries', 0, 'repos'], '[o]', 'not org/repo'],
  ['error', ['tide', 'queries', 0, 'labels'], '[x, x]', 'listed twice'],
  ['error', ['tide', 'merge_method'], '{o: octopus}', 'merge, squash or rebase'],
  ['error', ['plank', 'max_concurrency'], '-5', 'must not be negative'],
  ['error', ['plank', 'pod_pending_timeout'], '10 minutes', 'no duration'],
  ['error', ['plank', 'job_url_template'], '"{{"', ''],
  ['error', ['github_reporter'], '{job_types_to_report: [periodic]}', 'not reported'],
  ['error', ['branch-protection', 'protect'], 'perhaps', 'true or false'],
  ['warning', ['tide', 'sync_peroid'], '1m', 'nothing reads the key sync_peroid'],
  ['warning', ['log_levle'], 'info', 'nothing reads the key log_levle'],
];

const OF_PLUGINS: readonly (readonly [Fault['level'], readonly PropertyKey[], string, string])[] = [
  ['error', ['plugins'], '{o: [lgmt]}', 'no plugin lgmt'],
  ['error', ['plugins'], '{o: {plugins: [hold, lgmt]}}', 'no plugin lgmt'],
  ['error', ['plugins'], '{o: [hold], o/r: [hold]}', 'enabled twice'],
  ['error', ['size'], '{s: few}', 'whole number'],
  ['warning', ['trigers'], '[]', 'nothing reads the key trigers'],
];

/** The mistakes that every job can have. */
export const jobFaults = OF_ANY_JOB.map(ofJob);
/** Those of presubmits, two jobs that clash among them. */
export const presubmitFaults: readonly Fault[] = [
  ...OF_PRESUBMITS.map(ofJob),
  twin('name', 'two jobs with the name'),
  twin('context', 'two jobs with the context'),
  {
    what: 'a misspelt key',
    level: 'warning',
    says: 'nothing reads the key brnaches',
    make: (text, { path }) => renameKey(text, [...path, 'branches'], 'brnaches'),
  },
];
/** Those of periodics. */
export const periodicFaults = OF_PERIODICS.map(ofJob);
/** Those of config.yaml. */
export const configFaults = OF_CONFIG.map(ofFile);
/** Those of plugins.yaml. */
export const pluginFaults = OF_PLUGINS.map(ofFile);

function ofJob([level, key, value, says]: Row): Fault {
  return {
    what: `${key}: ${value}`,
    level,
    says,
    make: (text, { path }) => setKey(text, [...path, key], value),
  };
}

function ofFile([level, path, value, says]: (typeof OF_CONFIG)[number]): Fault {
  const what = `${path.join('.')}: ${value}`;
  return { what, level, says, make: (text) => setKey(text, path, value) };
}

function twin(key: 'name' | 'context', says: string): Fault {
  return {
    what: `the ${key} of another job`,
    level: 'error',
    says,
    make: (text, { path, other }) => setKey(text, [...path, key], other[key]),
  };
}
