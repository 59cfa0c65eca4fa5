import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { describeWith } from '../tools.ts';
import { startOurs } from './bowsprit.ts';
import { DELIBERATE } from './differences.ts';
import { type Difference, differencesOf } from './end.ts';
import { startProw } from './prow.ts';
import type { Scenario } from './scenario.ts';
import { openTheatre, type Theatre } from './theatre.ts';

const START_MS = 150_000;
const PLAY_MS = 120_000;

const FOLDER = join(import.meta.dirname, 'scenarios');
const scenarioFile = z.object({ scenario: z.custom<Scenario>() });
const scenarios = await Promise.all(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts'))
    .map(async (name) => scenarioFile.parse(await import(join(FOLDER, name))).scenario),
);

function deliberate(scenario: Scenario) {
  return DELIBERATE.filter(({ scenarios: names }) => names.includes(scenario.name));
}

describeWith(
  ['temporal', 'postgres', 'git', 'git-http-backend', 'kubernetes-api', 'prow'],
  'what Prow and Bowsprit leave behind',
  () => {
    let prow: Theatre;
    let ours: Theatre;

    beforeAll(async () => {
      [prow, ours] = await Promise.all([
        openTheatre('Prow', scenarios, startProw),
        openTheatre('Bowsprit', scenarios, startOurs),
      ]);
    }, START_MS);
    afterAll(async () => {
      await Promise.all([prow?.close(), ours?.close()]);
    }, START_MS);

    test.for(scenarios.map((scenario) => [scenario.name, scenario] as const))(
      '%s: equal but for what is meant',
      { timeout: PLAY_MS },
      async ([, scenario]) => {
        const [prows, bowsprits] = await Promise.all([prow.play(scenario), ours.play(scenario)]);

        const differences = differencesOf(prows, bowsprits);
        const meant = deliberate(scenario);
        const unexplained = (difference: Difference) => !meant.some(({ is }) => is(difference));
        expect(differences.filter(unexplained)).toEqual([]);
        // What no longer differs must leave the list.
        const gone = meant.filter(({ is }) => !differences.some(is));
        expect(gone.map(({ reason }) => reason)).toEqual([]);
      },
    );

    test('neither asked for anything that the emulator does not have', () => {
      expect([prow.github.control.missing(), ours.github.control.missing()]).toEqual([{}, {}]);
    });
  },
);

describe('deliberate differences', () => {
  test('each has its reason in docs/compatibility.md', async () => {
    const page = await readFile(join(import.meta.dirname, '../../docs/compatibility.md'), 'utf8');
    expect(
      DELIBERATE.map(({ reason }) => reason).filter((reason) => !page.includes(reason)),
    ).toEqual([]);
  });
});
