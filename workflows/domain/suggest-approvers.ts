import { goPermutation } from './go-rand.ts';
import { type NeededApproval, stillNeeded } from './needed-approvals.ts';

/** Whom to ask; all logins in lower case. */
export interface ApproverQuestion {
  readonly needed: readonly NeededApproval[];
  readonly approvedBy: ReadonlySet<string>;
  readonly assignees: ReadonlySet<string>;
  /** The pull request's number: the same people are suggested every time, and others elsewhere. */
  readonly seed: number;
}

/** Directories that a person can approve. */
type Coverage = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The people to ask, sorted (W§1.2, suggestion): a small set of near owners that would complete the approval,
 * and those assignees who help. Greedy as Prow's, its quirk included, so that the texts stay the same.
 */
export function suggestApprovers(question: ApproverQuestion): readonly string[] {
  const { needed, approvedBy, assignees, seed } = question;
  const leaf = coverage(needed, ({ leafApprovers }) => leafApprovers);
  const suggested = keepUseful(
    needed,
    { coverage: leaf, candidates: shuffledCandidates(needed, seed) },
    new Set([...approvedBy, ...assignees]),
  );
  const approvedOrSuggested = new Set([...approvedBy, ...suggested]);
  const everyone = [...new Set([...approvedOrSuggested, ...assignees])].sort();
  const full = coverage(needed, ({ approvers }) => approvers);
  const kept = keepUseful(needed, { coverage: full, candidates: everyone }, approvedOrSuggested);
  return [...new Set([...suggested, ...kept])].sort();
}

function coverage(
  needed: readonly NeededApproval[],
  people: (one: NeededApproval) => ReadonlySet<string>,
): Coverage {
  const covered = new Map<string, Set<string>>();
  for (const one of needed) {
    for (const login of people(one)) {
      const dirs = covered.get(login) ?? new Set();
      covered.set(login, dirs.add(one.dir));
    }
  }
  return covered;
}

/** Near owners; one of two directories stands in the list twice, which the shuffle counts on. */
function shuffledCandidates(needed: readonly NeededApproval[], seed: number): readonly string[] {
  const people = needed.flatMap(({ leafApprovers }) => [...leafApprovers]).sort();
  return goPermutation(seed, people.length).map((index) => people[index] ?? '');
}

interface Field {
  readonly coverage: Coverage;
  readonly candidates: readonly string[];
}

/** Of a set of candidates that would complete the approval, those who add to what others cover already. */
function keepUseful(
  needed: readonly NeededApproval[],
  field: Field,
  known: ReadonlySet<string>,
): readonly string[] {
  const open = dirsOf(stillNeeded(needed, known));
  return completingSet(needed, field).filter(
    (login) => overlap(field.coverage.get(login), open) > 0,
  );
}

function completingSet(needed: readonly NeededApproval[], field: Field): readonly string[] {
  const chosen = new Set<string>();
  for (;;) {
    const open = dirsOf(stillNeeded(needed, chosen));
    const next = open.size === 0 ? undefined : mostCovering(field, chosen, open);
    if (next === undefined) return [...chosen].sort();
    chosen.add(next);
  }
}

function mostCovering(
  { coverage: covered, candidates }: Field,
  chosen: ReadonlySet<string>,
  open: ReadonlySet<string>,
): string | undefined {
  let best: string | undefined;
  let most = 0;
  for (const login of candidates) {
    const dirs = covered.get(login);
    if (chosen.has(login) || overlap(dirs, open) <= most) continue;
    // Prow remembers all that the person covers here, not only what is open.
    most = dirs?.size ?? 0;
    best = login;
  }
  return best;
}

function dirsOf(needed: readonly NeededApproval[]): ReadonlySet<string> {
  return new Set(needed.map(({ dir }) => dir));
}

function overlap(one: ReadonlySet<string> | undefined, other: ReadonlySet<string>): number {
  return [...(one ?? [])].filter((dir) => other.has(dir)).length;
}
