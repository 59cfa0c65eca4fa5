import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { describeWith } from '../tools.ts';
import { startOurs } from './bowsprit.ts';
import { type Difference, differencesOf } from './compare.ts';
import { DELIBERATE } from './differences.ts';
import { loadScenarios } from './load-scenarios.ts';
import { ORG } from './people.ts';
import { startProw } from './prow.ts';
import type { Scenario } from './scenario.ts';
import { helpShown, poolsShown, runShown } from './shown.ts';
import { openTheatre, type Theatre } from './theatre.ts';

const START_MS = 150_000;
const PLAY_MS = 180_000;

const scenarios = await loadScenarios();

function deliberate(scenario: Scenario) {
  return DELIBERATE.filter(({ scenarios: names }) => names.includes(scenario.name));
}

const PLUGINS = ['approve', 'hold', 'lgtm', 'size', 'trigger'];

/** What tools read of a system after all stories. */
async function showing({ show }: Theatre): Promise<unknown> {
  const { items } = z.object({ items: z.array(z.unknown()) }).parse(await show('runs'));
  return {
    help: helpShown(await show('help'), PLUGINS),
    pools: poolsShown(await show('pools'), `${ORG}/pending`),
    presubmit: runShown(items, 'tests', 'unit'),
    batch: runShown(items, 'batch', 'unit'),
  };
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

    test('both show runs, pools and the help on plugins alike', async () => {
      const [theirs, own] = await Promise.all([showing(prow), showing(ours)]);

      expect(own).toEqual(theirs);
    });

    test('neither asked for anything that the emulator does not have', () => {
      expect([prow.github.control.missing(), ours.github.control.missing()]).toEqual([{}, {}]);
    });
  },
);
