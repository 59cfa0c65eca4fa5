import { expect, test } from 'vitest';
import { type DeliveryTry, planRedelivery } from '../../workflows/domain/redelivery.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const SINCE = '2026-11-20T00:00:00.000Z';
const ago = (seconds: number): string => new Date(NOW - seconds * 1_000).toISOString();

/** `guid@seconds ago:outcome`; ids are given in order. */
function tries(text: string): readonly DeliveryTry[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word, index) => {
      const [, guid = '', seconds = '', outcome = ''] = /^(\w+)@(\d+):(\w)$/.exec(word) ?? [];
      const outcomes = { d: 'delivered', f: 'failed', p: 'pending' } as const;
      return {
        id: index + 1,
        guid,
        deliveredAt: ago(Number(seconds)),
        outcome: outcomes[outcome === 'd' || outcome === 'p' ? outcome : 'f'],
      };
    });
}

test.for([
  ['all is well', 'a@60:d b@30:d', []],
  ['one failed', 'a@60:f b@30:d', [1]],
  ['one failed just now: GitHub may be trying', 'a@2:f', []],
  ['one that is under way', 'a@60:p', []],
  ['failed first, delivered then', 'a@60:f a@30:d', []],
  ['delivered first, repeated by hand in vain', 'a@60:d a@30:f', []],
  ['failed twice, the second 8 s ago', 'a@60:f a@8:f', []],
  ['failed twice, the second 12 s ago: the newest try is repeated', 'a@60:f a@12:f', [2]],
  ['several, oldest first', 'b@30:f a@60:f', [2, 1]],
  ['older than GitHub repeats', 'a@260000:f b@30:f', [2]],
] as const)('%s', ([, text, expected]) => {
  expect(planRedelivery(tries(text), { since: SINCE, now: NOW }).redeliver).toEqual(expected);
});

test.for([
  ['nothing to do: two minutes back, for what GitHub lists late', 'a@600:d', ago(120)],
  ['never beyond what has not arrived', 'a@900:f b@600:d', ago(900)],
  ['what is lost for good holds nothing up', 'a@260000:f', ago(120)],
] as const)('the next pass begins: %s', ([, text, expected]) => {
  expect(planRedelivery(tries(text), { since: SINCE, now: NOW }).watermark).toBe(expected);
});

test('the next pass never begins before this one did', () => {
  const since = ago(10);

  expect(planRedelivery([], { since, now: NOW }).watermark).toBe(since);
});

test('what is too old is named', () => {
  const { givenUp } = planRedelivery(tries('a@260000:f b@60:d'), { since: SINCE, now: NOW });

  expect(givenUp).toEqual(['a']);
});
