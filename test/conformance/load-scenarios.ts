import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Scenario } from './scenario.ts';

const FOLDER = join(import.meta.dirname, 'scenarios');
const scenarioFile = z.object({ scenario: z.custom<Scenario>() });

function files(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts'))
    .sort();
}

async function load(names: readonly string[]): Promise<readonly Scenario[]> {
  return Promise.all(
    names.map(async (name) => scenarioFile.parse(await import(join(FOLDER, name))).scenario),
  );
}

function wanted(): readonly string[] {
  return (process.env['BOWSPRIT_SCENARIO'] ?? '').split(',').filter((name) => name !== '');
}

/** Every story that there is. */
export function allScenarios(): Promise<readonly Scenario[]> {
  return load(files());
}

/** Whether all stories are played. */
export function isWhole(): boolean {
  return wanted().length === 0;
}

/** The stories to play: all, or those that `BOWSPRIT_SCENARIO` names, with commas between. */
export function scenariosToPlay(): Promise<readonly Scenario[]> {
  if (isWhole()) return allScenarios();
  return load(wanted().map((name) => `${name}.ts`));
}
