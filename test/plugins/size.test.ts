import { expect, test } from 'vitest';
import { size } from '../../workflows/plugins/size.ts';
import { brief, pullRequest } from './speech.ts';

const file = (filename: string, additions: number, deletions = 0) => ({
  filename,
  status: 'modified',
  additions,
  deletions,
});

test.for([
  [0, 'XS'],
  [9, 'XS'],
  [10, 'S'],
  [29, 'S'],
  [30, 'M'],
  [99, 'M'],
  [100, 'L'],
  [499, 'L'],
  [500, 'XL'],
  [999, 'XL'],
  [1000, 'XXL'],
] as const)('%i lines are size/%s', async ([lines, label]) => {
  expect(await brief(size, pullRequest('opened'), { files: [file('a', lines)] })).toEqual([
    `+size/${label}`,
  ]);
});

test('48 generated lines do not count', async () => {
  const world = { files: [file('a', 3, 2), file('gen', 500)], generated: ['gen'] };

  expect(await brief(size, pullRequest('opened'), world)).toEqual(['+size/XS']);
});

test('another size goes first, other labels stay', async () => {
  const world = { files: [file('a', 20, 15)], labels: ['size/XL', 'size/odd', 'lgtm'] };

  expect(await brief(size, pullRequest('synchronize'), world)).toEqual([
    '-size/XL',
    '-size/odd',
    '+size/M',
  ]);
});

test('the right size stays', async () => {
  expect(await brief(size, pullRequest('edited'), { labels: ['size/XS'] })).toEqual([]);
});

test('limits are configurable', async () => {
  const world = { files: [file('a', 5)], plugins: { size: { s: 5 } } };

  expect(await brief(size, pullRequest('reopened'), world)).toEqual(['+size/S']);
});

test('other actions change nothing', async () => {
  expect(await brief(size, pullRequest('labeled', { label: 'lgtm' }))).toEqual([]);
});
