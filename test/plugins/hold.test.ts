import { expect, test } from 'vitest';
import { hold } from '../../workflows/plugins/hold.ts';
import { brief, comment } from './speech.ts';

const HOLD = ['+do-not-merge/hold'];
const CANCEL = ['-do-not-merge/hold'];

test.for([
  ['/hold', HOLD],
  ['/HOLD', HOLD],
  ['/hold until Friday', HOLD],
  ['/hold canceled', HOLD],
  ['/hold cancel', CANCEL],
  ['/hold \t cancel, it is fine', HOLD],
  ['/hold \t cancel it is fine', CANCEL],
  ['/hold CANCEL\r\n', CANCEL],
  ['/unhold', CANCEL],
  ['/unhold please', CANCEL],
  ['/remove-hold', CANCEL],
  ['/hold\n/hold cancel', CANCEL],
  ['/hold cancel\n/hold', CANCEL],
  ['/hold\ncancel', HOLD],
  ['/holdme', []],
  ['please /hold', []],
  ['> /hold', []],
  ['/hold\u00a0cancel', []],
] as const)('%j gives %j', async ([body, expected]) => {
  expect(await brief(hold, comment('anyone', body))).toEqual(expected);
});

test('47 cancelling on a held pull request takes the label', async () => {
  expect(
    await brief(hold, comment('anyone', '/hold cancel'), { labels: ['do-not-merge/hold'] }),
  ).toEqual(CANCEL);
});

test.for([
  [{ state: 'closed' }, HOLD],
  [{ isPullRequest: false }, []],
  [{ action: 'edited' }, []],
  [{ source: 'pull-request-body', id: 0 }, HOLD],
] as const)('%j gives %j', async ([change, expected]) => {
  expect(await brief(hold, comment('anyone', '/hold', change))).toEqual(expected);
});
