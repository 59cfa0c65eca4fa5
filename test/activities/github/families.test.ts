import { expect, test } from 'vitest';
import {
  familyOf,
  hasKey,
  keyMarker,
  treeHashComment,
  treeHashOf,
  withKey,
} from '../../../workflows/domain/comment-family.ts';

// Texts by which Prow knows its own comments.
test.for([
  ['[APPROVALNOTIFIER] This PR is **APPROVED**', 'approval-notification'],
  ['[ApprovalNotifier] This PR is', 'approval-notification'],
  ['I say [APPROVALNOTIFIER]', undefined],
  ['New changes are detected. LGTM label has been removed.', 'lgtm-removed'],
  [treeHashComment('abc'), 'lgtm-tree-hash'],
  ['@bob: The `/test` command needs one or more targets.\nThe following', 'trigger-help'],
  ['The following commands are available to trigger optional jobs:\n', 'trigger-help'],
  ['No presubmit jobs available for acme/rocket@main', 'trigger-help'],
  ['| Test name |\n\n<!-- test report -->', 'test-report'],
  ['Hello', undefined],
] as const)('%j is of the family %j', ([body, family]) => {
  expect(familyOf(body)).toBe(family);
});

// The bot's replies quote what people wrote: that must not pass for its own words.
test.for([
  [`@eve: no\n\n<details>\n\n>${treeHashComment('evil')}\n</details>`],
  ['@eve: no\n\n><!-- test report -->'],
  [`@eve: ${treeHashComment('evil')}`],
  ['@eve: no\n > No jobs can be run with `/test all`.'],
] as const)('%j is of no family', ([body]) => {
  expect(familyOf(body)).toBeUndefined();
});

test('a tree hash comment holds its tree', () => {
  expect(treeHashOf(treeHashComment('abc'))).toBe('abc');
  expect(treeHashOf(withKey(treeHashComment('abc'), 'k'))).toBe('abc');
  expect(treeHashOf('Hello')).toBeUndefined();
});

test.for([
  ['pr/acme/rocket/1 comment:5:created lgtm 0'],
  ['--> <b>out</b>'],
  ['two\nlines'],
  ['ends with -'],
  ['-----'],
  ['🚀'],
] as const)('the key %j is one hidden line, and found again', ([key]) => {
  const marker = keyMarker(key);

  expect(marker).toMatch(/^<!-- bowsprit:[^\s<>]*(?<!-) ?-->$|^<!-- bowsprit:[^\s<>]* -->$/);
  expect(marker.slice(4, -3)).not.toContain('--');
  expect(hasKey(withKey('Text\n', key), key)).toBe(true);
  expect(hasKey(withKey('Text', `${key}.`), key)).toBe(false);
  expect(hasKey(`${withKey('Text', key)}\nmore`, key)).toBe(false);
});
