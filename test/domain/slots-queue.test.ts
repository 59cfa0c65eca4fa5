import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ask,
  grant,
  release,
  type SlotLine,
  type SlotPlace,
} from '../../workflows/domain/slots-queue.ts';

const EMPTY: SlotLine<SlotPlace> = { held: [], waiting: [], capacity: 0 };

const place = (holder: string, createdAt: number, capacity = 1): SlotPlace => ({
  holder,
  createdAt,
  capacity,
});

const holders = (places: readonly SlotPlace[]): readonly string[] =>
  places.map(({ holder }) => holder);

test('the oldest is served first, whenever it asked', () => {
  const line = ask(ask(EMPTY, place('young', 2)), place('old', 1));

  const first = grant(line);
  const second = grant(release(first.line, 'old'));

  expect(holders(first.granted)).toEqual(['old']);
  expect(holders(second.granted)).toEqual(['young']);
});

test('who asks twice has one place, and who holds keeps it', () => {
  const { line } = grant(ask(ask(EMPTY, place('a', 1)), place('a', 1)));

  expect(holders(line.held)).toEqual(['a']);
  expect(ask(line, place('a', 1)).waiting).toEqual([]);
});

test('a smaller capacity takes nothing away and grants nothing more', () => {
  const two = grant(ask(ask(EMPTY, place('a', 1, 2)), place('b', 2, 2))).line;

  const smaller = grant(release(ask(two, place('c', 3, 1)), 'a'));

  expect(holders(smaller.line.held)).toEqual(['b']);
  expect(smaller.granted).toEqual([]);
});

test('whatever happens, never more than the capacity hold, and nobody is in twice', () => {
  const step = fc.record({
    holder: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    asks: fc.boolean(),
    createdAt: fc.nat(5),
  });
  fc.assert(
    fc.property(fc.array(step), fc.integer({ min: 0, max: 3 }), (steps, capacity) => {
      let line = { ...EMPTY, capacity };
      for (const { holder, asks, createdAt } of steps) {
        line = asks ? ask(line, place(holder, createdAt, capacity)) : release(line, holder);
        line = grant(line).line;
        const all = holders([...line.held, ...line.waiting]);
        expect(line.held.length).toBeLessThanOrEqual(capacity);
        expect(new Set(all).size).toBe(all.length);
        if (line.waiting.length > 0) expect(line.held.length).toBe(capacity);
      }
    }),
  );
});
