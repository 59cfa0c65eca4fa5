import { parseDeclared } from './declared/parse.ts';
import { createMemo, type Remember } from './memo.ts';
import { checkNames } from './plugins/check-names.ts';
import { checkSettings } from './plugins/check-settings.ts';
import { mergeSupplementalPlugins } from './plugins/supplemental.ts';
import type { PluginsFile } from './plugins-file.ts';
import { checkPlugins, pluginsFile } from './plugins-file.ts';
import type { Problem } from './problem.ts';
import { checkEach } from './prow/check-jobs.ts';
import { checkProw } from './prow/check-prow.ts';
import { checkTwins } from './prow/check-twins.ts';
import type { PlacedJobs } from './prow/collect-jobs.ts';
import { joinJobs, readJobs, withoutPlaces } from './prow/collect-jobs.ts';
import type { ProwConfig } from './prow/config-file.ts';
import { prowConfig } from './prow/config-file.ts';
import { createJobDefaults } from './prow/job-defaults.ts';
import { collectPresets } from './prow/presets.ts';
import { mergeSupplemental } from './prow/supplemental.ts';
import type { ConfigFiles, ConfigReading, ConfigSources } from './reading.ts';
import { recordOf, reportMerged } from './relocate.ts';
import { acceptedRest } from './repair.ts';
import { contentHash } from './snapshot.ts';
import type { ConfigFile, Locate, Source } from './source.ts';
import { accept, createLocate, createReport, readSource } from './source.ts';

/** Reads one configuration again and again. */
export interface ConfigReader {
  /** Reads all of it; files that did not change since the last time are not parsed and checked anew. */
  inspect(files: ConfigFiles): ConfigReading;
}

interface Reading {
  readonly sources: ConfigSources;
  readonly locate: Locate;
  readonly remember: Remember;
  readonly problems: Problem[];
}

/** A reader that has read nothing yet. */
export function createConfigReader(): ConfigReader {
  const memo = createMemo();
  const hashes = new WeakMap<Source, string>();
  return {
    inspect(files) {
      const problems: Problem[] = [];
      const remember = memo.begin(problems);
      const sources = readSources(files, remember);
      const all = allOf(sources);
      const reading = { sources, locate: createLocate(all), remember, problems };
      const { prow, jobs } = readProw(reading, files.version);
      const plugins = readPlugins(reading);
      const hash = once(() => hashOf(all, hashes, files.version));
      const snapshot = {
        // A large configuration takes a while to hash, and not everybody asks for it.
        get hash() {
          return hash();
        },
        prow,
        plugins,
        jobs: withoutPlaces(jobs),
      };
      return { snapshot, jobs, sources, problems, locate: reading.locate };
    },
  };
}

function readSources(files: ConfigFiles, remember: Remember): ConfigSources {
  const read = (file: ConfigFile) =>
    remember(`source ${file.name}`, [file.text], (problems) => readSource(file, problems));
  const { config, supplemental = [], jobs = [], plugins, supplementalPlugins = [] } = files;
  return {
    config: read(config),
    supplemental: supplemental.map(read),
    jobs: jobs.map(read),
    ...(plugins && { plugins: read(plugins) }),
    supplementalPlugins: supplementalPlugins.map(read),
  };
}

function allOf(sources: ConfigSources): readonly Source[] {
  const { config, supplemental, jobs, plugins, supplementalPlugins } = sources;
  return [config, ...supplemental, ...jobs, ...(plugins ? [plugins] : []), ...supplementalPlugins];
}

function readProw(reading: Reading, version: string | undefined) {
  const { sources, locate, remember, problems } = reading;
  const own = remember('prow', [sources.config, ...sources.supplemental], (problems) =>
    parseProw(sources, { problems, locate }),
  );
  const owners = [sources.config, ...sources.jobs];
  const withPresets = owners.filter(({ value }) => recordOf(value)?.['presets'] !== undefined);
  const presets = remember('presets', withPresets, (problems) =>
    collectPresets(withPresets, sources.config, createReport(problems, locate)),
  );
  const { prow, defaults } = remember('defaults', [own, presets, version], () => {
    const prow = { ...own, presets, ...(version && { config_version_sha: version }) };
    return { prow, defaults: createJobDefaults(prow) };
  });
  const ofFile = (source: Source) =>
    remember(`jobs ${source.name}`, [source, defaults], (problems) => {
      const report = createReport(problems, locate);
      const jobs = readJobs(source, defaults, report);
      checkEach(jobs, prow, report);
      return jobs;
    });
  const jobs: PlacedJobs = joinJobs(owners.map(ofFile));
  checkTwins(jobs, createReport(problems, locate));
  return { prow, jobs };
}

interface Telling {
  readonly problems: Problem[];
  readonly locate: Locate;
}

function parseProw({ config, supplemental }: ConfigSources, to: Telling): ProwConfig {
  const plain = createReport(to.problems, to.locate);
  const { value, moved } = mergeSupplemental(config, supplemental, plain);
  const report = reportMerged(plain, config.name, moved);
  const place = { file: config.name, path: [] };
  const prow = accept(() => parseDeclared(prowConfig, value ?? {}), place, { report, value });
  if (prow === undefined) return acceptedRest(prowConfig, value) ?? prowConfig.parse({});
  checkProw(prow, config.name, report);
  return prow;
}

function readPlugins({ sources, locate, remember }: Reading): PluginsFile {
  const { plugins, supplementalPlugins } = sources;
  return remember('plugins', [plugins, ...supplementalPlugins], (problems) =>
    parsePlugins(sources, { problems, locate }),
  );
}

function parsePlugins(sources: ConfigSources, { problems, locate }: Telling): PluginsFile {
  const { plugins: main, supplementalPlugins } = sources;
  const name = main?.name ?? 'plugins.yaml';
  const plain = createReport(problems, locate);
  const first = main ?? { name, text: '', value: undefined };
  const { value, moved } = mergeSupplementalPlugins(first, supplementalPlugins, plain);
  const report = reportMerged(plain, name, moved);
  const place = { file: name, path: [] };
  const plugins = accept(() => parseDeclared(pluginsFile, value ?? {}), place, { report, value });
  if (plugins === undefined) return acceptedRest(pluginsFile, value) ?? pluginsFile.parse({});
  checkPlugins(plugins, name, report);
  checkSettings(plugins, name, report);
  checkNames(value, name, report);
  return plugins;
}

function hashOf(
  sources: readonly Source[],
  known: WeakMap<Source, string>,
  version: string | undefined,
): string {
  const hashes = sources.map((source) => {
    const hash = known.get(source) ?? contentHash(source.value ?? null);
    known.set(source, hash);
    return hash;
  });
  return contentHash([...hashes, version ?? null]);
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
