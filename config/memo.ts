import type { Problem } from './problem.ts';

/** Makes a part of a reading, or takes it over from the last one if its inputs are the same. */
export type Remember = <Part>(
  name: string,
  inputs: readonly unknown[],
  make: (problems: Problem[]) => Part,
) => Part;

/** What was made of parts the last time. */
export interface Memo {
  /** Begins a reading; parts that it does not ask for are forgotten. Problems of all parts are added in their order. */
  begin(problems: Problem[]): Remember;
}

interface Kept {
  readonly inputs: readonly unknown[];
  readonly part: unknown;
  readonly problems: readonly Problem[];
}

/** A memo that keeps what the last reading made. */
export function createMemo(): Memo {
  let last = new Map<string, Kept>();
  return {
    begin(all) {
      const before = last;
      const now = new Map<string, Kept>();
      last = now;
      return <Part>(
        name: string,
        inputs: readonly unknown[],
        make: (problems: Problem[]) => Part,
      ): Part => {
        const known = before.get(name);
        const same = known !== undefined && equal(known.inputs, inputs);
        const kept = same ? known : fresh(inputs, make);
        now.set(name, kept);
        all.push(...kept.problems);
        // A part is kept under its own name only, so it is what the same `make` returned.
        return kept.part as Part;
      };
    },
  };
}

function fresh(inputs: readonly unknown[], make: (problems: Problem[]) => unknown): Kept {
  const problems: Problem[] = [];
  return { inputs, part: make(problems), problems };
}

function equal(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
