import { expect, test } from 'vitest';
import { baseShaOf, withBaseSha, withoutBaseSha } from '../../workflows/domain/base-sha-status.ts';
import { BASE } from './merging.ts';

test('an empty description is what Prow was seen to write', () => {
  expect(withBaseSha('', BASE)).toBe(`${'\u2001'.repeat(23)} BaseSHA:${BASE}`);
});

test.for(['', 'Job succeeded.', 'x'.repeat(91), 'y'.repeat(300), 'Größe 🙂'.repeat(30)])(
  'no description is longer than 140 letters, and the base is read back: %s',
  (text) => {
    const description = withBaseSha(text, BASE);

    expect([...description].length).toBeLessThanOrEqual(140);
    expect(baseShaOf(description)).toBe(BASE);
  },
);

test('a long description loses its middle', () => {
  const description = withBaseSha(`${'a'.repeat(100)}${'z'.repeat(100)}`, BASE);

  expect(withoutBaseSha(description)).toBe(`${'a'.repeat(43)} ... ${'z'.repeat(43)}`);
});

test('without a base nothing is added', () => {
  expect(withBaseSha('Job succeeded.', '')).toBe('Job succeeded.');
  expect(baseShaOf('Job succeeded.')).toBe('');
});
