import { expect, test } from 'vitest';
import { causeInWords } from '../../workflows/domain/cause-words.ts';

test.for([
  ['comment:1096:created', 'comment'],
  ['comment:1096:deleted', 'comment deleted'],
  ['review:7:submitted', 'review'],
  ['review-comment:7:edited:2026-11-23T10:00:00Z', 'review comment edited'],
  ['pr:2:opened', 'opened'],
  ['pr:2:ready_for_review:2026-11-23T10:00:00Z', 'ready for review'],
  ['pr:2:labeled:do-not-merge/hold:2026-11-23T10:00:00Z', 'labeled do-not-merge/hold'],
  ['pr:2:body:opened', 'the text of the pull request'],
  ['push:main:980ba5ddb20bb2849113b192e4c82d4f3b034adf', 'push of 980ba5ddb to main'],
  ['run:705138d1-04eb-5681-9603-fc1a06bc9efb:3', 'run 705138d1'],
  ['retest:e0a06de0-4b69-4fe7/2/2:980ba5d:49ef3', 'the merge pool'],
  ['status:1120', 'a status'],
  ['somebody else’s', 'somebody else’s'],
] as const)('%s is "%s"', ([key, words]) => {
  expect(causeInWords(key)).toBe(words);
});
