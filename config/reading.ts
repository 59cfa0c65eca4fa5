import type { Problem } from './problem.ts';
import type { PlacedJobs } from './prow/collect-jobs.ts';
import type { ConfigSnapshot } from './snapshot.ts';
import type { ConfigFile, Locate, Source } from './source.ts';

/** The files of one configuration, as texts. */
export interface ConfigFiles {
  /** `config.yaml`. */
  readonly config: ConfigFile;
  /** Parts of `config.yaml` that lie elsewhere (`*_prowconfig.yaml`). */
  readonly supplemental?: readonly ConfigFile[];
  /** Job files, in the order of their paths. */
  readonly jobs?: readonly ConfigFile[];
  /** `plugins.yaml`. */
  readonly plugins?: ConfigFile;
  /** Parts of `plugins.yaml` that lie elsewhere (`*_pluginconfig.yaml`). */
  readonly supplementalPlugins?: readonly ConfigFile[];
  /** What the file `VERSION` beside `config.yaml` says. */
  readonly version?: string;
}

/** A configuration as far as it could be read, with all that checks ask for. */
export interface ConfigReading {
  /** What is wrong is left out of it, or has its default. */
  readonly snapshot: ConfigSnapshot;
  /** The jobs with the places where they are written. */
  readonly jobs: PlacedJobs;
  readonly sources: ConfigSources;
  /** Everything that Prow refuses (J§4.5), in the order of the files; empty if the configuration is good. */
  readonly problems: readonly Problem[];
  readonly locate: Locate;
}

/** The files of a configuration, read as YAML. */
export interface ConfigSources {
  readonly config: Source;
  readonly supplemental: readonly Source[];
  readonly jobs: readonly Source[];
  readonly plugins?: Source;
  readonly supplementalPlugins: readonly Source[];
}
