import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Scenario } from './scenario.ts';

const FOLDER = join(import.meta.dirname, 'scenarios');
const scenarioFile = z.object({ scenario: z.custom<Scenario>() });

async function load(files: readonly string[]): Promise<readonly Scenario[]> {
  return Promise.all(
    files.map(async (name) => scenarioFile.parse(await import(join(FOLDER, name))).scenario),
  );
}

function filesBelow(recursive: boolean): readonly string[] {
  const names = readdirSync(FOLDER, { recursive, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.ts')).sort();
}

/** Every story that there is. */
export function allScenarios(): Promise<readonly Scenario[]> {
  return load(filesBelow(true));
}

/**
 * The stories to play: those in `scenarios/`, or with `BOWSPRIT_SCENARIO` all whose path contains it, also of those
 * that were not yet seen to their end with both systems (`unproven/`).
 */
export function scenariosToPlay(): Promise<readonly Scenario[]> {
  const wanted = process.env['BOWSPRIT_SCENARIO'];
  if (!wanted) return load(filesBelow(false));
  return load(filesBelow(true).filter((name) => name.includes(wanted)));
}
