import { at, callCase, seen } from '../case.ts';

const OF_REPO = 'GET /repos/{owner}/{repo}';
const CONTENTS = 'GET /repos/{owner}/{repo}/contents/{path}';
const REF = 'GET /repos/{owner}/{repo}/git/ref/{ref}';
const COMMIT = 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}';
const PULLS_OF = 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls';

export const cases = [
  callCase(OF_REPO, 'a repository tells its branch and how it may be merged', {
    run: (scene) =>
      seen(scene.bot.request(OF_REPO, at(scene)), (repo) => ({
        name: repo.full_name === `${scene.owner}/${scene.repo}`,
        branch: repo.default_branch,
        private: repo.private,
        methods: [repo.allow_merge_commit, repo.allow_squash_merge, repo.allow_rebase_merge],
      })),
    answer: {
      status: 200,
      body: { name: true, branch: 'main', private: false, methods: [true, true, true] },
    },
  }),
  callCase(OF_REPO, 'a repository that is not there is a 404', {
    run: ({ bot, owner }) => seen(bot.request(OF_REPO, { owner, repo: 'nothing' })),
    answer: { status: 404 },
  }),
  callCase('GET /repos/{owner}/{repo}/labels', 'labels that were made are listed', {
    run: async (scene) => {
      const label = { name: 'kind/bug', color: 'ff0000', description: 'It is broken' };
      await scene.bot.rest.issues.createLabel({ ...at(scene), ...label });
      return seen(
        scene.bot.request('GET /repos/{owner}/{repo}/labels', { ...at(scene), per_page: 100 }),
        (labels) =>
          labels
            .filter(({ name }) => name === label.name)
            .map(({ name, color, description }) => ({ name, color, description })),
      );
    },
    answer: {
      status: 200,
      body: [{ name: 'kind/bug', color: 'ff0000', description: 'It is broken' }],
    },
  }),
  callCase(CONTENTS, 'a file of a branch comes in base64', {
    run: (scene) =>
      seen(
        scene.bot.request(CONTENTS, { ...at(scene), path: 'change.txt', ref: scene.head }),
        (file) =>
          'content' in file && 'encoding' in file
            ? [file.encoding, Buffer.from(file.content, 'base64').toString()]
            : file,
      ),
    answer: { status: 200, body: ['base64', 'one\ntwo\n'] },
  }),
  callCase(CONTENTS, 'a file that is not there is a 404', {
    run: (scene) => seen(scene.bot.request(CONTENTS, { ...at(scene), path: 'no/such.txt' })),
    answer: { status: 404 },
  }),
  callCase(REF, 'a branch leads to its commit', {
    run: (scene) =>
      seen(scene.bot.request(REF, { ...at(scene), ref: 'heads/main' }), ({ ref, object }) => ({
        ref,
        type: object.type,
        right: object.sha === scene.base,
      })),
    answer: { status: 200, body: { ref: 'refs/heads/main', type: 'commit', right: true } },
  }),
  callCase(REF, 'a branch that is not there is a 404', {
    run: (scene) => seen(scene.bot.request(REF, { ...at(scene), ref: 'heads/nothing' })),
    answer: { status: 404 },
  }),
  callCase(REF, 'the typed method asks the same', {
    run: (scene) =>
      seen(
        scene.bot.rest.git.getRef({ ...at(scene), ref: 'heads/main' }),
        ({ object }) => object.sha === scene.base,
      ),
    answer: { status: 200, body: true },
  }),
  callCase(COMMIT, 'a commit tells its message, its tree and its parents', {
    run: (scene) =>
      seen(
        scene.bot.request(COMMIT, { ...at(scene), commit_sha: scene.head }),
        ({ message, parents, tree }) => ({
          message: message.trim(),
          parents: parents.map(({ sha }) => sha === scene.base),
          tree: /^[0-9a-f]{40}$/.test(tree.sha),
        }),
      ),
    answer: { status: 200, body: { message: 'Add a change', parents: [true], tree: true } },
  }),
  callCase(COMMIT, 'a commit that is nowhere is a 404', {
    run: (scene) => seen(scene.bot.request(COMMIT, { ...at(scene), commit_sha: '1'.repeat(40) })),
    answer: { status: 404 },
  }),
  callCase(PULLS_OF, 'a head leads to its pull request', {
    run: (scene) =>
      seen(scene.bot.request(PULLS_OF, { ...at(scene), commit_sha: scene.head }), (pulls) =>
        pulls.map(({ number, state }) => ({ same: number === scene.number, state })),
      ),
    answer: { status: 200, body: [{ same: true, state: 'open' }] },
  }),
];
