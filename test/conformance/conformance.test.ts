import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ensureBuilt } from '../system/built.ts';
import { describeWith } from '../tools.ts';
import { startOurs } from './bowsprit.ts';
import { compareEnds, type Difference } from './compare.ts';
import { DELIBERATE, isMeant } from './differences.ts';
import { type Kubernetes, startKubernetes } from './kubernetes.ts';
import { isWhole, scenariosToPlay } from './load-scenarios.ts';
import { repositoryOf } from './people.ts';
import { startProw } from './prow.ts';
import { helpShown, poolsShown, runShown } from './shown.ts';
import { type Company, openTheatres, type Played, type Theatre } from './theatre.ts';

const BUILD_MS = 300_000;
const START_MS = 240_000;
const PLAY_MS = 300_000;

const PROW: Company = { name: 'Prow', start: startProw, podNamespace: 'prow-pods' };
const OURS: Company = { name: 'Bowsprit', start: startOurs, podNamespace: 'bowsprit-pods' };

const scenarios = await scenariosToPlay();

const PLUGINS = ['approve', 'hold', 'lgtm', 'size', 'trigger'];

/** What tools read of a system after all stories. */
async function showing({ show }: Theatre): Promise<unknown> {
  const { items } = z.object({ items: z.array(z.unknown()) }).parse(await show('runs'));
  return {
    help: helpShown(await show('help'), PLUGINS),
    pools: poolsShown(await show('pools'), repositoryOf('pending')),
    presubmit: runShown(items, { repo: 'tests', job: 'unit', type: 'presubmit' }),
    batch: runShown(items, { repo: 'batch', job: 'unit', type: 'batch' }),
    postsubmit: runShown(items, { repo: 'postsubmits', job: 'ship', type: 'postsubmit' }),
  };
}

function endOf(played: ReadonlyMap<string, Played> | undefined, name: string) {
  const end = played?.get(name);
  if (end === undefined) throw new Error(`${name} was not played`);
  if (end instanceof Error) throw end;
  return end;
}

describeWith(
  ['temporal', 'postgres', 'git', 'git-http-backend', 'kubernetes-api', 'prow'],
  'what Prow and Bowsprit leave behind',
  () => {
    let kubernetes: Kubernetes | undefined;
    let theatres: readonly Theatre[] = [];
    let prows: ReadonlyMap<string, Played> | undefined;
    let bowsprits: ReadonlyMap<string, Played> | undefined;

    beforeAll(() => ensureBuilt(), BUILD_MS);
    beforeAll(async () => {
      const started = await startKubernetes();
      kubernetes = started;
      theatres = await openTheatres([PROW, OURS], scenarios, started);
    }, START_MS);
    beforeAll(async () => {
      [prows, bowsprits] = await Promise.all(theatres.map((theatre) => theatre.play()));
    }, PLAY_MS);
    afterAll(async () => {
      await Promise.all(theatres.map((theatre) => theatre.close()));
      await kubernetes?.stop();
    }, START_MS);

    test.for(scenarios.map((scenario) => [scenario.name, scenario] as const))(
      '%s: equal but for what is meant',
      ([name]) => {
        const [theirs, own] = [endOf(prows, name), endOf(bowsprits, name)];

        const unmeant = (difference: Difference) =>
          !DELIBERATE.some((one) => isMeant(one, name, difference));
        expect(compareEnds(theirs, own).filter(unmeant)).toEqual([]);
        expect(own.repeated).toEqual([]);
      },
    );

    test('what is meant to differ does, wherever it is said to', () => {
      const shown = scenarios.flatMap(({ name }) =>
        compareEnds(endOf(prows, name), endOf(bowsprits, name)).map((found) => ({ name, found })),
      );
      const played = new Set(scenarios.map(({ name }) => name));

      const due = DELIBERATE.filter(({ mayBeAbsent }) => mayBeAbsent !== true);
      const gone = due.flatMap((one) =>
        // With some stories only, what any of them may show need not be shown.
        (one.scenarios ?? (isWhole() ? [undefined] : []))
          .filter((story) => story === undefined || played.has(story))
          .filter(
            (story) => !shown.some(({ name, found }) => name === (story ?? name) && one.is(found)),
          )
          .map((story) => `${story ?? 'any'}: ${one.reason}`),
      );
      expect(gone).toEqual([]);
    });

    test.runIf(isWhole())('both show runs, pools and the help on plugins alike', async () => {
      const [theirs, own] = await Promise.all(theatres.map(showing));

      expect(own).toEqual(theirs);
    });

    test('neither asked for anything that the emulator does not have', () => {
      expect(theatres.map(({ github }) => github.control.missing())).toEqual([{}, {}]);
    });
  },
);
