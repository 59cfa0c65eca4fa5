import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONFIGURATION, PEOPLE, REPOSITORY_FILES } from '../../workers/practice/repository.ts';
import { type Bowsprit, newStateDir } from './bowsprit.ts';
import { addressOf, practiceSecret, type Town, townAt } from './town.ts';

/** Repositories that are all like the practice repository: what happens in one says nothing of the others. */
export function laneNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `practice/lane-${index + 1}`);
}

/** A state folder whose configuration knows the lanes, before the first start. */
export async function stateWithLanes(names: readonly string[]): Promise<string> {
  const stateDir = await newStateDir();
  const folder = join(stateDir, 'practice');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const of = (text: string) =>
    names.map((name) => text.replaceAll('practice/clock', name)).join('');
  const { config, plugins, jobs } = CONFIGURATION;
  const [, pluginLines = ''] = /^plugins:\n((?: .*\n)+)/m.exec(plugins) ?? [];
  const [, jobLines = ''] = /^presubmits:\n((?: .*\n)+)/m.exec(jobs) ?? [];
  const list = names.join(', ');
  const files = {
    'config.yaml': config.replace('[practice/clock]', `[${list}]`),
    'plugins.yaml': plugins
      .replace(pluginLines, of(pluginLines))
      .replace('[practice/clock]', `[${list}]`),
    'jobs.yaml': `presubmits:\n${of(jobLines)}`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return stateDir;
}

/** Makes the lanes' repositories, with the gateway as their hook. */
export async function openLanes(
  bowsprit: Bowsprit,
  names: readonly string[],
): Promise<readonly Town[]> {
  const github = addressOf(bowsprit, 'GitHub');
  const secret = await practiceSecret(bowsprit.stateDir);
  const url = `${addressOf(bowsprit, 'Bowsprit')}/hook`;
  const { author, reviewer, owner, bot } = PEOPLE;
  const collaborators: Record<string, 'write' | 'admin'> = {
    [reviewer]: 'write',
    [author]: 'write',
    [owner]: 'admin',
    [bot]: 'admin',
  };
  await townAt(github).seed({
    repos: names.map((name) => ({
      name,
      files: REPOSITORY_FILES,
      collaborators,
      hooks: [{ url, secret }],
    })),
  });
  return names.map((name) => townAt(github, name));
}
