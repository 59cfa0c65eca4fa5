/** A place in the line for a limit. */
export interface SlotPlace {
  readonly holder: string;
  readonly createdAt: number;
  readonly capacity: number;
}

/** A limit: who has a slot, who waits for one, and how many there are. */
export interface SlotLine<Place extends SlotPlace> {
  readonly held: readonly Place[];
  /** Oldest run first. */
  readonly waiting: readonly Place[];
  /** As the newest request had it: the configuration may have changed. */
  readonly capacity: number;
}

/** Puts a request in line; who holds a slot keeps it, and who waits keeps the place. */
export function ask<Place extends SlotPlace>(
  line: SlotLine<Place>,
  request: Place,
): SlotLine<Place> {
  const { capacity } = request;
  if (holds(line, request.holder)) return { ...line, capacity };
  const others = line.waiting.filter(({ holder }) => holder !== request.holder);
  return { ...line, capacity, waiting: [...others, request].sort(byAge) };
}

/** Takes a run out, whether it waits or holds. */
export function release<Place extends SlotPlace>(
  line: SlotLine<Place>,
  holder: string,
): SlotLine<Place> {
  const others = (place: Place): boolean => place.holder !== holder;
  return { ...line, held: line.held.filter(others), waiting: line.waiting.filter(others) };
}

/** Gives every free slot to the oldest that waits. */
export function grant<Place extends SlotPlace>(
  line: SlotLine<Place>,
): { readonly line: SlotLine<Place>; readonly granted: readonly Place[] } {
  const free = Math.max(line.capacity - line.held.length, 0);
  const granted = line.waiting.slice(0, free);
  return {
    line: { ...line, held: [...line.held, ...granted], waiting: line.waiting.slice(free) },
    granted,
  };
}

/** Whether a run has a slot. */
export function holds<Place extends SlotPlace>(line: SlotLine<Place>, holder: string): boolean {
  return line.held.some((place) => place.holder === holder);
}

function byAge(one: SlotPlace, other: SlotPlace): number {
  return one.createdAt - other.createdAt || (one.holder < other.holder ? -1 : 1);
}
