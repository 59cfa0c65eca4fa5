import { parseDeclared } from '../declared/parse.ts';
import type { ProwConfig } from './config-file.ts';
import type { DecorationConfig, DecorationEntry } from './decoration.ts';
import { defaultDecoration, fitsJob, mergeDecoration } from './decoration.ts';
import { defaultCommand } from './default-command.ts';
import type { JobBase, Periodic, Postsubmit, Presubmit } from './jobs.ts';
import { periodic, postsubmit, presubmit } from './jobs.ts';
import { createPresets } from './pod-spec.ts';

/** Fills what jobs leave open (J§4.3). One is made per load; it shares equal decorations among jobs. */
export interface JobDefaults {
  presubmit(raw: unknown, origin: Origin): Presubmit;
  postsubmit(raw: unknown, origin: Origin): Postsubmit;
  periodic(raw: unknown, origin: Origin): Periodic;
}

/** Where a job comes from. */
export interface Origin {
  /** `org/repo`; empty for periodics. */
  readonly repository: string;
  /** Hears of a preset that adds what is there already. */
  readonly clash: (what: string) => void;
}

interface Parsed extends Omit<JobBase, 'namespace'> {
  readonly namespace: string;
}

/** The defaults that a configuration gives its jobs. */
export function createJobDefaults(config: ProwConfig): JobDefaults {
  const decorate = createDecorator(config);
  const withPresets = createPresets(config.presets);
  const base = (job: Parsed, { repository, clash }: Origin) => ({
    agent: job.agent || 'kubernetes',
    cluster: job.cluster || 'default',
    namespace: job.namespace || config.pod_namespace,
    spec: job.spec && withPresets(job.spec, job.labels, clash),
    decoration_config: decorate(job, repository),
    prowjob_defaults: prowjobDefaults(job, repository, config),
  });
  return {
    presubmit(raw, origin) {
      const job = parseDeclared(presubmit, raw);
      return {
        ...job,
        ...base(job, origin),
        ...commandOf(job),
        context: job.context || job.name,
        required: !job.optional && !job.skip_report,
      };
    },
    postsubmit(raw, origin) {
      const job = parseDeclared(postsubmit, raw);
      return { ...job, ...base(job, origin), context: job.context || job.name };
    },
    periodic(raw, origin) {
      const job = parseDeclared(periodic, raw);
      const [first] = job.extra_refs ?? [];
      const repository = first === undefined ? '' : `${first.org}/${first.repo}`;
      return { ...job, ...base(job, { ...origin, repository }) };
    },
  };
}

function commandOf(job: { name: string; trigger: string; rerun_command: string }) {
  const { name, trigger, rerun_command } = job;
  return trigger !== '' || rerun_command !== '' ? { trigger, rerun_command } : defaultCommand(name);
}

function createDecorator(config: ProwConfig) {
  const entries = decorationEntries(config);
  const merged = new Map<string, DecorationConfig>();
  return (job: Parsed, repository: string): DecorationConfig | undefined => {
    // As in Prow, a job's own settings decorate it whether it asks for decoration or not, only without the defaults.
    if (!(job.decorate ?? config.decorate_all_jobs)) return job.decoration_config;
    const cluster = job.cluster || 'default';
    const fitting = entries.filter((entry) => fitsJob(entry, repository, cluster));
    const which = fitting.map((entry) => entries.indexOf(entry)).join();
    const key = `${which} ${JSON.stringify(job.decoration_config ?? {})}`;
    const known = merged.get(key);
    if (known !== undefined) return known;
    const base = defaultDecoration(fitting, repository, cluster);
    const fresh = mergeDecoration(job.decoration_config ?? {}, base);
    merged.set(key, fresh);
    return fresh;
  };
}

/** The configured defaults as a list, widest first; the map form knows `*`, an organisation, a repository. */
export function decorationEntries({ plank }: ProwConfig): readonly DecorationEntry[] {
  const byKey = Object.entries(plank.default_decoration_configs);
  if (byKey.length === 0) return plank.default_decoration_config_entries;
  const width = (repo: string) => (repo === '*' ? 0 : repo.includes('/') ? 2 : 1);
  return byKey
    .map(([repo, config]) => ({ repo, cluster: '', config }))
    .sort((one, other) => width(one.repo) - width(other.repo));
}

function prowjobDefaults(job: Parsed, repository: string, config: ProwConfig) {
  const layers = config.prowjob_default_entries
    .filter((entry) => fitsJob(entry, repository, job.cluster || 'default'))
    .map((entry) => entry.config);
  // An empty name of a tenant counts as not written.
  const written = [...layers, job.prowjob_defaults ?? {}].map(({ tenant_id, ...rest }) =>
    tenant_id ? { ...rest, tenant_id } : rest,
  );
  return Object.assign({ tenant_id: 'GlobalDefaultID' }, ...written);
}
