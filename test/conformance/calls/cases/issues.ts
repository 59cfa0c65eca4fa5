import { at, callCase, issueOf, type Scene, seen } from '../case.ts';

const LABELS = 'GET /repos/{owner}/{repo}/issues/{issue_number}/labels';
const ADD_LABELS = 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels';
const REMOVE_LABEL = 'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}';
const EVENTS = 'GET /repos/{owner}/{repo}/issues/{issue_number}/events';
const COMMENTS = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
const COMMENT = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
const EDIT_COMMENT = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
const DELETE_COMMENT = 'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}';
const ASSIGN = 'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees';
const SEARCH = 'GET /search/issues';

type Labels = readonly { readonly name: string }[];
const names = (labels: Labels): readonly string[] => labels.map(({ name }) => name).sort();

async function commented(scene: Scene, body: string): Promise<number> {
  const { data } = await scene.bot.request(COMMENT, { ...issueOf(scene), body });
  return Number(data.id);
}

export const cases = [
  callCase(ADD_LABELS, 'adding answers with all labels, new ones made on the way', {
    run: async (scene) => {
      await scene.bot.request(ADD_LABELS, { ...issueOf(scene), labels: ['lgtm'] });
      return seen(
        scene.bot.request(ADD_LABELS, { ...issueOf(scene), labels: ['lgtm', 'size/XS'] }),
        names,
      );
    },
    answer: { status: 200, body: ['lgtm', 'size/XS'] },
  }),
  callCase(ADD_LABELS, 'a label that is there in other letters is the same label', {
    run: async (scene) => {
      await scene.bot.request(ADD_LABELS, { ...issueOf(scene), labels: ['lgtm'] });
      return seen(scene.bot.request(ADD_LABELS, { ...issueOf(scene), labels: ['LGTM'] }), names);
    },
    answer: { status: 200, body: ['lgtm'] },
  }),
  callCase(ADD_LABELS, 'to an issue that is not there is a 404', {
    run: (scene) =>
      seen(scene.bot.request(ADD_LABELS, { ...at(scene), issue_number: 999, labels: ['lgtm'] })),
    answer: { status: 404 },
  }),
  callCase(REMOVE_LABEL, 'removing answers with the labels that are left', {
    run: async (scene) => {
      await scene.bot.request(ADD_LABELS, { ...issueOf(scene), labels: ['lgtm', 'size/XS'] });
      return seen(scene.bot.request(REMOVE_LABEL, { ...issueOf(scene), name: 'size/XS' }), names);
    },
    answer: { status: 200, body: ['lgtm'] },
  }),
  callCase(REMOVE_LABEL, 'a label that is not on it is a 404', {
    run: (scene) => seen(scene.bot.request(REMOVE_LABEL, { ...issueOf(scene), name: 'lgtm' })),
    answer: { status: 404 },
  }),
  callCase(LABELS, 'the labels of an issue', {
    run: async (scene) => {
      await scene.bot.request(ADD_LABELS, { ...issueOf(scene), labels: ['lgtm'] });
      return seen(scene.eve.request(LABELS, { ...issueOf(scene), per_page: 100 }), names);
    },
    answer: { status: 200, body: ['lgtm'] },
  }),
  callCase(EVENTS, 'who put a label on, and who took it off', {
    run: async (scene) => {
      await scene.bot.request(ADD_LABELS, { ...issueOf(scene), labels: ['lgtm'] });
      await scene.bob.request(REMOVE_LABEL, { ...issueOf(scene), name: 'lgtm' });
      return seen(scene.bot.request(EVENTS, { ...issueOf(scene), per_page: 100 }), (events) =>
        events
          .filter(({ event }) => event.endsWith('labeled'))
          .map((event) => [
            event.event,
            event.actor?.login,
            'label' in event ? event.label.name : undefined,
          ]),
      );
    },
    answer: {
      status: 200,
      body: [
        ['labeled', 'bot', 'lgtm'],
        ['unlabeled', 'bob', 'lgtm'],
      ],
    },
  }),
  callCase(COMMENT, 'a comment tells who wrote it', {
    run: (scene) =>
      seen(
        scene.bot.request(COMMENT, { ...issueOf(scene), body: 'Well done.' }),
        ({ body, user }) => [body, user?.login],
      ),
    answer: { status: 201, body: ['Well done.', 'bot'] },
  }),
  callCase(COMMENT, 'a comment without words is refused', {
    run: (scene) => seen(scene.bot.request(COMMENT, { ...issueOf(scene), body: '' })),
    answer: { status: 422 },
  }),
  callCase(COMMENTS, 'comments come oldest first, in pages that are linked', {
    run: async (scene) => {
      for (const body of ['one', 'two', 'three']) await commented(scene, body);
      const page = await scene.bot.request(COMMENTS, { ...issueOf(scene), per_page: 2 });
      const bodies = await scene.bot.paginate(COMMENTS, { ...issueOf(scene), per_page: 2 });
      return {
        first: page.data.map(({ body }) => body),
        next: /[?&]page=2[^>]*>; rel="next"/.test(page.headers.link ?? ''),
        all: bodies.map(({ body }) => body),
      };
    },
    answer: { first: ['one', 'two'], next: true, all: ['one', 'two', 'three'] },
  }),
  callCase(COMMENTS, 'only those that changed since a time', {
    run: async (scene) => {
      await commented(scene, 'one');
      const since = new Date(Date.now() + 60_000).toISOString();
      return seen(
        scene.bot.request(COMMENTS, { ...issueOf(scene), since }),
        (comments) => comments.length,
      );
    },
    answer: { status: 200, body: 0 },
  }),
  callCase(EDIT_COMMENT, 'a comment is edited', {
    run: async (scene) => {
      const comment_id = await commented(scene, 'Wel done.');
      return seen(
        scene.bot.request(EDIT_COMMENT, { ...at(scene), comment_id, body: 'Well done.' }),
        ({ id, body }) => [id === comment_id, body],
      );
    },
    answer: { status: 200, body: [true, 'Well done.'] },
  }),
  callCase(DELETE_COMMENT, 'a comment is deleted once', {
    run: async (scene) => {
      const comment_id = await commented(scene, 'Oops.');
      const gone = () => seen(scene.bot.request(DELETE_COMMENT, { ...at(scene), comment_id }));
      return [await gone(), await gone()];
    },
    answer: [{ status: 204 }, { status: 404 }],
  }),
  callCase(ASSIGN, 'who can be assigned is, and others are left out in silence', {
    run: (scene) =>
      seen(
        scene.bot.request(ASSIGN, { ...issueOf(scene), assignees: ['bob', 'eve'] }),
        ({ assignees }) => assignees?.map(({ login }) => login),
      ),
    answer: { status: 201, body: ['bob'] },
  }),
  callCase(SEARCH, 'pull requests are found by state and author', {
    run: (scene) => {
      const repo = `repo:${scene.owner}/${scene.repo}`;
      const count = (q: string) =>
        seen(scene.bot.request(SEARCH, { q, per_page: 1 }), (found) => found.total_count);
      return Promise.all([
        count(`is:pr is:open author:ann ${repo}`),
        count(`is:pr is:merged author:ann ${repo}`),
        count(`is:pr author:bob ${repo}`),
      ]);
    },
    answer: [
      { status: 200, body: 1 },
      { status: 200, body: 0 },
      { status: 200, body: 0 },
    ],
  }),
];
