import { callCase, pullOf, seen } from '../case.ts';

const PULL = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
const FILES = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files';
const REVIEWS = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews';
const REVIEW = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews';
const REVIEW_COMMENTS = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments';
const REQUEST = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers';
const MERGE = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge';

export const cases = [
  callCase(PULL, 'a pull request tells its author, head, base and state', {
    run: (scene) =>
      seen(scene.bot.request(PULL, pullOf(scene)), (pull) => ({
        author: pull.user.login,
        head: pull.head.sha === scene.head,
        base: [pull.base.ref, pull.base.sha === scene.base],
        state: [pull.state, pull.merged, pull.draft],
      })),
    answer: {
      status: 200,
      body: { author: 'ann', head: true, base: ['main', true], state: ['open', false, false] },
    },
  }),
  callCase(PULL, 'the typed method asks the same', {
    run: (scene) =>
      seen(scene.bot.rest.pulls.get(pullOf(scene)), ({ head }) => head.sha === scene.head),
    answer: { status: 200, body: true },
  }),
  callCase(PULL, 'one that is not there is a 404', {
    run: (scene) => seen(scene.bot.request(PULL, { ...pullOf(scene), pull_number: 999 })),
    answer: { status: 404 },
  }),
  callCase(FILES, 'changed files with their lines', {
    run: (scene) =>
      seen(scene.bot.request(FILES, { ...pullOf(scene), per_page: 100 }), (files) =>
        files.map(({ filename, status, additions, deletions, changes }) => ({
          filename,
          status,
          lines: [additions, deletions, changes],
        })),
      ),
    answer: {
      status: 200,
      body: [{ filename: 'change.txt', status: 'added', lines: [2, 0, 2] }],
    },
  }),
  callCase(REVIEWS, 'reviews tell who said what of which commit', {
    run: async (scene) => {
      await scene.bob.request(REVIEW, { ...pullOf(scene), event: 'COMMENT', body: 'Hm.' });
      await scene.bob.request(REVIEW, { ...pullOf(scene), event: 'APPROVE' });
      return seen(scene.bot.request(REVIEWS, { ...pullOf(scene), per_page: 100 }), (reviews) =>
        reviews.map(({ user, state, body, commit_id: commit }) => [
          user?.login,
          state,
          body,
          commit === scene.head,
        ]),
      );
    },
    answer: {
      status: 200,
      body: [
        ['bob', 'COMMENTED', 'Hm.', true],
        ['bob', 'APPROVED', '', true],
      ],
    },
  }),
  callCase(REVIEWS, 'nobody approves their own pull request', {
    run: async (scene) => {
      const review = { ...pullOf(scene), event: 'APPROVE', body: 'Fine.' } as const;
      const approved = await seen(scene.ann.request(REVIEW, review));
      const reviews = await seen(scene.bot.request(REVIEWS, pullOf(scene)), (all) => all.length);
      return [approved, reviews];
    },
    answer: [{ status: 422 }, { status: 200, body: 0 }],
  }),
  callCase(REVIEW_COMMENTS, 'comments on lines', {
    run: async (scene) => {
      await scene.bob.rest.pulls.createReviewComment({
        ...pullOf(scene),
        commit_id: scene.head,
        path: 'change.txt',
        line: 2,
        body: 'Two?',
      });
      return seen(scene.bot.request(REVIEW_COMMENTS, pullOf(scene)), (comments) =>
        comments.map(({ user, body, path }) => [user?.login, body, path]),
      );
    },
    answer: { status: 200, body: [['bob', 'Two?', 'change.txt']] },
  }),
  callCase(REQUEST, 'a collaborator is asked for a review', {
    run: (scene) =>
      seen(
        scene.bot.request(REQUEST, { ...pullOf(scene), reviewers: ['bob'] }),
        ({ requested_reviewers: asked }) => asked?.map(({ login }) => login),
      ),
    answer: { status: 201, body: ['bob'] },
  }),
  callCase(REQUEST, 'who is no collaborator is not asked', {
    run: (scene) => seen(scene.bot.request(REQUEST, { ...pullOf(scene), reviewers: ['eve'] })),
    answer: { status: 422 },
  }),
  callCase(REQUEST, 'the author is not asked', {
    run: (scene) => seen(scene.bot.request(REQUEST, { ...pullOf(scene), reviewers: ['ann'] })),
    answer: { status: 422 },
  }),
  ...(['merge', 'squash', 'rebase'] as const).map((merge_method) =>
    callCase(MERGE, `merged by ${merge_method}`, {
      run: async (scene) => {
        const merged = await seen(
          scene.bot.request(MERGE, { ...pullOf(scene), sha: scene.head, merge_method }),
          ({ merged: done }) => done,
        );
        const { data } = await scene.bot.request(PULL, pullOf(scene));
        return [merged, data.state, data.merged];
      },
      answer: [{ status: 200, body: true }, 'closed', true],
    }),
  ),
  callCase(MERGE, 'a head that moved is a conflict', {
    run: (scene) => seen(scene.bot.request(MERGE, { ...pullOf(scene), sha: scene.base })),
    answer: { status: 409 },
  }),
  callCase(MERGE, 'what is merged is not merged again', {
    run: async (scene) => {
      await scene.bot.request(MERGE, { ...pullOf(scene), sha: scene.head });
      return seen(scene.bot.request(MERGE, { ...pullOf(scene), sha: scene.head }));
    },
    answer: { status: 405 },
  }),
  callCase(MERGE, 'who may only read does not merge', {
    run: (scene) => seen(scene.eve.request(MERGE, { ...pullOf(scene), sha: scene.head })),
    answer: { status: 403 },
  }),
];
