import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KeyedEffect } from '../../../workflows/domain/effect.ts';
import type { DomainEvent } from '../../../workflows/domain/event.ts';
import { configuration, type Settings } from './configuration.ts';
import { openPull } from './github-state.ts';
import { type Act, anyAct, change, perform } from './story.ts';
import {
  type Entity,
  letThrough,
  newestRuns,
  openEntity,
  receive,
  reportOf,
  runChanged,
} from './world.ts';

/** Where a list of acts is cut into batches, and which deliveries come twice. */
interface Delivery {
  /** Whether a batch ends after the act of this place. */
  readonly cuts: readonly boolean[];
  readonly doubled: readonly boolean[];
  /** Whether what was decided after the act of this place waits for a while. */
  readonly stuck: readonly boolean[];
}

interface Play {
  readonly author: 'author' | 'member' | 'owner';
  readonly settings: Settings;
  readonly acts: readonly Act[];
  readonly firstRuns: readonly ('success' | 'failure' | 'pending')[];
}

const BOT = 'bowsprit';
const MOST = 12;
/** More for a long search: `PROPERTY_RUNS=5000`. */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 400);
/** Hundreds of plays take seconds on an idle machine, and long on one that is not. */
const PATIENCE_MS = 180_000;

const anyPlay: fc.Arbitrary<Play> = fc.record({
  author: fc.constantFrom('author' as const, 'member' as const, 'owner' as const),
  settings: fc.record({
    storeTreeHash: fc.boolean(),
    lgtmActsAsApprove: fc.boolean(),
    reviewActsAsLgtm: fc.boolean(),
  }),
  acts: fc.array(anyAct, { minLength: 1, maxLength: MOST }),
  firstRuns: fc.array(fc.constantFrom('success' as const, 'failure' as const, 'pending' as const), {
    minLength: 2,
    maxLength: 2,
  }),
});

const flags = fc.array(fc.boolean(), { minLength: MOST, maxLength: MOST });
const anyDelivery: fc.Arbitrary<Delivery> = fc.record({
  cuts: flags,
  doubled: flags,
  stuck: flags,
});
const never = Array<boolean>(MOST).fill(false);
const always = Array<boolean>(MOST).fill(true);

/** Opens the pull request, lets its first runs come to something, then plays the acts in batches. */
async function playOut(
  { author, settings, acts, firstRuns }: Play,
  { cuts, doubled, stuck }: Delivery,
): Promise<Entity> {
  const github = openPull(author);
  const entity = openEntity(github, { bot: BOT, config: configuration(settings) });
  await receive(entity, [change(github, 'opened', author)]);
  for (const [index, run] of newestRuns(entity).entries()) {
    github.clock += 60;
    await receive(entity, [runChanged(github, reportOf(run, firstRuns[index] ?? 'pending', 1))]);
  }
  let waiting: DomainEvent[] = [];
  for (const [place, act] of acts.entries()) {
    github.clock = 1_000 + 60 * place;
    const events = perform(github, act, place);
    waiting.push(...events, ...(doubled[place] ? events : []));
    if (cuts[place] !== true && place !== acts.length - 1) continue;
    github.clock += 20;
    const isStuck = (_: KeyedEffect) => stuck[place] === true && place !== acts.length - 1;
    await receive(entity, waiting, isStuck);
    letThrough(entity);
    waiting = [];
  }
  await settle(entity);
  return entity;
}

/** Everything that waits goes through, and every run that is left passes or fails by its name. */
async function settle(entity: Entity): Promise<void> {
  entity.github.clock = 1_000 + 60 * MOST;
  letThrough(entity, true);
  const known = entity.record?.runs ?? {};
  const runs = newestRuns(entity)
    .filter(({ job, uuid }) => known[job]?.uuid === uuid && known[job]?.complete === false)
    .sort((a, b) => (a.job < b.job ? -1 : 1));
  for (const run of runs) {
    entity.github.clock += 60;
    const state = run.job === 'slow' ? 'failure' : 'success';
    await receive(entity, [runChanged(entity.github, reportOf(run, state, 9))]);
    letThrough(entity, true);
  }
}

/** What people see of it. */
function seen({ github, runs, ...entity }: Entity) {
  const closed = github.pull.state === 'closed';
  const statuses = Object.entries(github.statuses.get(github.pull.headSha) ?? {})
    // Nobody looks at how far a closed pull request is from merging, and nothing keeps it up to date.
    .filter(([context]) => !(closed && context === 'tide'))
    .map(([context, { state, description }]) => `${context}: ${state}, ${description}`);
  return {
    labels: [...github.labels].sort(),
    assignees: [...github.assignees].sort(),
    said: github.said.map(({ author, body }) => `${author}: ${body}`).sort(),
    statuses: statuses.sort(),
    runs: newestRuns({ github, runs, ...entity })
      .filter((run) => run.refs.pulls?.[0]?.sha === github.pull.headSha)
      .map((run) => `${run.job} at ${run.refs.pulls?.[0]?.sha} for ${run.cause} ${run.retest}`)
      .sort(),
  };
}

describe('any list of events gives the same GitHub', () => {
  test(
    'in one batch, one by one, and split anywhere, with doubled deliveries',
    async () => {
      const property = fc.asyncProperty(anyPlay, anyDelivery, async (play, delivery) => {
        const together = seen(await playOut(play, { cuts: never, doubled: never, stuck: never }));
        const single = seen(await playOut(play, { cuts: always, doubled: never, stuck: never }));
        const split = seen(await playOut(play, { ...delivery, stuck: never }));

        expect(single).toEqual(together);
        expect(split).toEqual(together);
      });

      await fc.assert(property, { numRuns: RUNS });
    },
    PATIENCE_MS,
  );

  test(
    'whatever of its effects has to wait',
    async () => {
      const property = fc.asyncProperty(anyPlay, anyDelivery, async (anything, delivery) => {
        // Nobody takes off by hand a label that is not there yet: GitHub would send no event.
        const acts = anything.acts.filter((act) => act.do !== 'label' || act.label === 'kind/bug');
        const play = { ...anything, acts };
        const together = seen(await playOut(play, { cuts: never, doubled: never, stuck: never }));
        const parked = seen(await playOut(play, delivery));

        expect(parked).toEqual(together);
      });

      await fc.assert(property, { numRuns: RUNS });
    },
    PATIENCE_MS,
  );
});
