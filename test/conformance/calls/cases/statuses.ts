import { at, callCase, seen } from '../case.ts';

const STATUS = 'POST /repos/{owner}/{repo}/statuses/{sha}';
const COMBINED = 'GET /repos/{owner}/{repo}/commits/{ref}/status';
const CHECK_RUNS = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs';

export const cases = [
  callCase(STATUS, 'a status is written, by whom it tells', {
    run: (scene) =>
      seen(
        scene.bot.request(STATUS, {
          ...at(scene),
          sha: scene.head,
          state: 'success',
          context: 'unit',
          description: 'Job succeeded.',
          target_url: 'https://ci.example/1',
        }),
        ({ state, context, description, target_url: link, creator }) => [
          ...[state, context, description, link],
          creator?.login,
        ],
      ),
    answer: {
      status: 201,
      body: ['success', 'unit', 'Job succeeded.', 'https://ci.example/1', 'bot'],
    },
  }),
  callCase(STATUS, 'of a commit that is nowhere is refused', {
    run: (scene) =>
      seen(scene.bot.request(STATUS, { ...at(scene), sha: '1'.repeat(40), state: 'success' })),
    answer: { status: 422 },
  }),
  callCase(COMBINED, 'the newest of each context counts, and the worst for all', {
    run: async (scene) => {
      for (const [context, state] of [
        ['unit', 'pending'],
        ['unit', 'success'],
        ['lint', 'failure'],
      ] as const) {
        await scene.bot.request(STATUS, { ...at(scene), sha: scene.head, context, state });
      }
      return seen(
        scene.bot.request(COMBINED, { ...at(scene), ref: scene.head, per_page: 100 }),
        ({ state, sha, statuses }) => ({
          state,
          sha: sha === scene.head,
          statuses: statuses.map((one) => `${one.context}: ${one.state}`).sort(),
        }),
      );
    },
    answer: {
      status: 200,
      body: { state: 'failure', sha: true, statuses: ['lint: failure', 'unit: success'] },
    },
  }),
  callCase(COMBINED, 'without any it is pending', {
    run: (scene) =>
      seen(
        scene.bot.request(COMBINED, { ...at(scene), ref: scene.head }),
        ({ state, statuses }) => [state, statuses],
      ),
    answer: { status: 200, body: ['pending', []] },
  }),
  callCase(CHECK_RUNS, 'without any there are none', {
    run: (scene) =>
      seen(
        scene.bot.request(CHECK_RUNS, { ...at(scene), ref: scene.head, per_page: 100 }),
        (found) => [found.total_count, found.check_runs],
      ),
    answer: { status: 200, body: [0, []] },
  }),
];
