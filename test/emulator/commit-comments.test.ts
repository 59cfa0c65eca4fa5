import { expect, test } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { anewForEachTest } from './anew.ts';
import { as, shop } from './practice.ts';
import type { Receiver } from './receiver.ts';

let github: GitHub;
let receiver: Receiver;

anewForEachTest((...anew) => {
  [github, receiver] = anew;
});

test('a commit is commented on; only new comments are told of', async () => {
  const { headSha } = await github.control.openPull('acme/shop', {
    author: 'eve',
    title: 'B',
    files: { b: 'b\n' },
  });
  const eve = as(github, 'eve');
  const { data: made } = await eve.repos.createCommitComment({
    ...shop,
    commit_sha: headSha,
    body: 'Why?',
    path: 'b',
    position: 1,
  });
  const place = { ...shop, comment_id: made.id };
  await eve.repos.updateCommitComment({ ...place, body: 'Oh.' });
  await eve.reactions.createForCommitComment({ ...place, content: 'eyes' });
  const { data: all } = await eve.repos.listCommitCommentsForRepo(shop);
  const { data: here } = await eve.repos.listCommentsForCommit({ ...shop, commit_sha: headSha });
  await expect(as(github, 'bob').repos.deleteCommitComment(place)).rejects.toMatchObject({
    status: 403,
  });
  await eve.repos.deleteCommitComment(place);
  await github.control.idle();

  expect(all).toMatchObject([{ body: 'Oh.', path: 'b', reactions: { eyes: 1 } }]);
  expect(here).toEqual(all);
  expect((await eve.repos.listCommitCommentsForRepo(shop)).data).toEqual([]);
  expect(receiver.names()).toEqual(['pull_request.opened', 'commit_comment.created']);
});

test('a comment on a commit that is nowhere is refused', async () => {
  await expect(
    as(github, 'eve').repos.createCommitComment({
      ...shop,
      commit_sha: '1'.repeat(40),
      body: 'Where?',
    }),
  ).rejects.toMatchObject({ status: 422 });
});
