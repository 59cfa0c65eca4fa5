import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfigPathOptions } from '../options.ts';
import { CONFIGURATION } from './repository.ts';

/** Files and secrets of the practice mode, in the state folder. */
export interface PracticeFiles {
  readonly config: Required<ConfigPathOptions>;
  readonly tokenPath: string;
  readonly token: string;
  readonly hmacSecretFile: string;
  readonly hmacSecret: string;
  readonly emulatorState: string;
}

/** Writes what is not there yet: the configuration may be edited between starts. */
export async function preparePractice(stateDir: string): Promise<PracticeFiles> {
  const folder = join(stateDir, 'practice');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const config = {
    configPath: join(folder, 'config.yaml'),
    pluginConfigPath: join(folder, 'plugins.yaml'),
    jobConfigPath: join(folder, 'jobs.yaml'),
  };
  await writeUnlessThere(config.configPath, CONFIGURATION.config);
  await writeUnlessThere(config.pluginConfigPath, CONFIGURATION.plugins);
  await writeUnlessThere(config.jobConfigPath, CONFIGURATION.jobs);
  const tokenPath = join(folder, 'token');
  const hmacSecretFile = join(folder, 'hmac');
  await writeUnlessThere(tokenPath, randomBytes(20).toString('hex'));
  await writeUnlessThere(hmacSecretFile, randomBytes(20).toString('hex'));
  return {
    config,
    tokenPath,
    token: await readFile(tokenPath, 'utf8'),
    hmacSecretFile,
    hmacSecret: await readFile(hmacSecretFile, 'utf8'),
    emulatorState: join(folder, 'github'),
  };
}

async function writeUnlessThere(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
