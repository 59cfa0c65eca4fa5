import { ConfigError } from './problem.ts';
import { createConfigReader } from './reader.ts';
import type { ConfigFiles, ConfigReading } from './reading.ts';
import type { ConfigSnapshot } from './snapshot.ts';

/**
 * Turns the files of a configuration into a snapshot.
 * @throws ConfigError with every problem found; a configuration that is half good is refused whole
 */
export function parseConfig(files: ConfigFiles): ConfigSnapshot {
  return accepted(inspectConfig(files));
}

/** Reads the files of a configuration, whatever is wrong with them, and tells it. */
export function inspectConfig(files: ConfigFiles): ConfigReading {
  return createConfigReader().inspect(files);
}

/**
 * The snapshot of a reading.
 * @throws ConfigError if it found any problem
 */
export function accepted({ snapshot, problems }: ConfigReading): ConfigSnapshot {
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...snapshot };
}
