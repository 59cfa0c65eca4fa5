import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { ConfigPathOptions } from '../options.ts';
import { CONFIGURATION } from './repository.ts';

/** Files and secrets of the practice mode, in the state folder. */
export interface PracticeFiles {
  readonly config: PracticeConfig;
  readonly tokenPath: string;
  readonly token: string;
  readonly hmacSecretFile: string;
  readonly hmacSecret: string;
  readonly emulatorState: string;
}

type PracticeConfig = Required<
  Pick<ConfigPathOptions, 'configPath' | 'pluginConfigPath' | 'jobConfigPath'>
>;

/** Where GitHub and our own pages are at this start. */
export interface PracticeLinks {
  readonly github: string;
  readonly pages: string;
}

/**
 * Writes what is not there yet: the configuration may be edited between starts. Only its links are set at
 * each start, since ports may change.
 */
export async function preparePractice(
  stateDir: string,
  links: PracticeLinks,
): Promise<PracticeFiles> {
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
  await setLinks(config, links);
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

async function setLinks(config: PracticeConfig, links: PracticeLinks): Promise<void> {
  await edit(config.configPath, [[['github', 'link_url'], links.github]]);
  await edit(config.pluginConfigPath, [
    [['approve', 0, 'commandHelpLink'], `${links.pages}/command-help`],
  ]);
}

/** Sets single values; everything else in the file, comments included, stays as it is. */
async function edit(
  path: string,
  values: readonly (readonly [readonly (string | number)[], string])[],
): Promise<void> {
  const document = parseDocument(await readFile(path, 'utf8'));
  // A file that cannot be read is for the loader to complain about, with line and reason.
  if (document.errors.length > 0) return;
  for (const [where, value] of values) {
    if (document.hasIn(where.slice(0, -1)) || where.length === 2) document.setIn(where, value);
  }
  await writeFile(path, document.toString());
}

async function writeUnlessThere(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
