import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Scenario } from './scenario.ts';

const FOLDER = join(import.meta.dirname, 'scenarios');
const scenarioFile = z.object({ scenario: z.custom<Scenario>() });

/** Every file in `scenarios/`, by name. `BOWSPRIT_SCENARIO` leaves only those whose name contains it. */
export async function loadScenarios(): Promise<readonly Scenario[]> {
  const wanted = process.env['BOWSPRIT_SCENARIO'] ?? '';
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts') && name.includes(wanted));
  return Promise.all(
    files.sort().map(async (name) => scenarioFile.parse(await import(join(FOLDER, name))).scenario),
  );
}
