import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../system/built.ts';
import { describeWith } from '../tools.ts';
import { startOurs } from './bowsprit.ts';
import { type Difference, differencesOf } from './compare.ts';
import { DELIBERATE } from './differences.ts';
import { scenariosToPlay } from './load-scenarios.ts';
import { startProw } from './prow.ts';
import type { Scenario } from './scenario.ts';
import { openTheatre, type Theatre } from './theatre.ts';

const BUILD_MS = 300_000;
const START_MS = 240_000;
const PLAY_MS = 180_000;

const scenarios = await scenariosToPlay();

function deliberate(scenario: Scenario) {
  return DELIBERATE.filter(({ scenarios: names }) => names.includes(scenario.name));
}

describeWith(
  ['temporal', 'postgres', 'git', 'git-http-backend', 'kubernetes-api', 'prow'],
  'what Prow and Bowsprit leave behind',
  () => {
    let prow: Theatre;
    let ours: Theatre;

    beforeAll(() => ensureBuilt(), BUILD_MS);
    beforeAll(async () => {
      [prow, ours] = await Promise.all([
        openTheatre('Prow', scenarios, startProw),
        openTheatre('Bowsprit', scenarios, startOurs),
      ]);
    }, START_MS);
    afterAll(async () => {
      await Promise.all([prow?.close(), ours?.close()]);
    }, START_MS);

    describe.concurrent('of a story', () => {
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
          expect(bowsprits.repeated).toEqual([]);
        },
      );
    });

    test('neither asked for anything that the emulator does not have', () => {
      expect([prow.github.control.missing(), ours.github.control.missing()]).toEqual([{}, {}]);
    });
  },
);
