/** Without what was said again: Prow writes `pending` when a run is asked for, and once more when it has a pod. */
export function foldStates(states: readonly string[]): readonly string[] {
  return states.filter((state, at) => state !== states[at - 1]);
}

/** The context of the merge pool: its text changes while its state stays. */
export const POOL = 'tide';

/** The contexts of runs of which a state was written twice in a row: `CONTEXT of SHA: STATE`. */
export function repeatedStates(
  statuses: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
): readonly string[] {
  return Object.entries(statuses).flatMap(([sha, contexts]) =>
    Object.entries(contexts).flatMap(([context, states]) =>
      (context === POOL ? [] : states)
        .filter((state, at) => at > 0 && state === states[at - 1])
        .map((state) => `${context} of ${sha}: ${state}`),
    ),
  );
}
