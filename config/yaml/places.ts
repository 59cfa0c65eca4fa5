import type { Mark, Marks } from './cursor.ts';
import { createFullPlaces } from './full-places.ts';
import type { Places, Position } from './position.ts';
import { readQuickly } from './quick.ts';
import { scanPlace } from './scan.ts';

/** Answers where the parts of a text stand: by a look at its lines, or else by reading it once more. */
export function createPlaces(text: string): Places {
  const read = once(() => createReadPlaces(text));
  const positionOf = createPositions(text);
  return {
    find(path, byKey = false) {
      const scanned = scanPlace(text, path);
      if (scanned === undefined) return read().find(path, byKey);
      const { place, whole } = scanned;
      if (place === undefined) return undefined;
      return positionOf(whole && !byKey ? (place.value ?? place.at) : place.at);
    },
    repeatedKeys: () => read().repeatedKeys(),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Reads a text once more, this time to answer where its parts stand. */
export function createReadPlaces(text: string): Places {
  const marks: Marks = new Map();
  const quick = readQuickly(text, true, marks);
  if (quick === undefined) return createFullPlaces(text);
  const { value } = quick;
  const positionOf = createPositions(text);
  return {
    find(path, byKey = false) {
      const { place, whole } = descend(value, path, marks);
      if (place === undefined) return undefined;
      return positionOf(whole && !byKey ? (place.value ?? place.at) : place.at);
    },
    repeatedKeys() {
      const again = [...marks.values()].some((places) =>
        [...places.values()].some((place) => place.again),
      );
      return again ? createFullPlaces(text).repeatedKeys() : [];
    },
  };
}

interface Descent {
  readonly place: Mark | undefined;
  /** The path exists to its end. */
  readonly whole: boolean;
}

function descend(root: unknown, path: readonly PropertyKey[], marks: Marks): Descent {
  let place: Mark | undefined;
  let value = root;
  for (const part of path) {
    const places = marks.get(value);
    const next = places?.get(part) ?? places?.get(String(part));
    if (next === undefined) return { place, whole: false };
    place = next;
    value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
  }
  return { place, whole: true };
}

function createPositions(text: string): (offset: number) => Position {
  let starts: readonly number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
