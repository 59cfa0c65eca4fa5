import type { Requirement } from './pool.ts';
import type { QueryMatch } from './query-match.ts';

/** The `tide` status of a pull request. */
export interface TideStatus {
  readonly state: 'success' | 'pending' | 'error';
  readonly description: string;
}

/** A pull request's whole standing; every rendering is made of this. */
export interface Standing {
  readonly baseRef: string;
  /** First things first: conflict, method, GitHub's block, blocking issues; `fact` is Prow's sentence. */
  readonly gates: readonly Requirement[];
  /** What is not known, or could not be computed: nothing merges then. */
  readonly unknown: readonly Requirement[];
  readonly matches: readonly QueryMatch[];
  readonly displayAllQueries: boolean;
  /** One per context that matters. */
  readonly contexts: readonly Requirement[];
  /** Contexts that keep it out of the pool. */
  readonly blocking: readonly string[];
  /** Contexts that the pool has yet to see green on the newest base. */
  readonly retesting: readonly string[];
  /** GitHub reports BLOCKED and the policy permits to try all the same. */
  readonly despiteBlocked: boolean;
}

const LONGEST = 140;
const LIST_LENGTH = 50;
const OUT = 'Not mergeable.';

/** Whether it belongs into the pool: fulfils a query, and nothing but retesting is left. */
export function isEligible(standing: Standing): boolean {
  const clear = [...standing.gates, ...standing.unknown].every(({ met }) => met);
  return clear && standing.blocking.length === 0 && standing.matches.some(({ met }) => met);
}

/** The status in Prow's words (J§2.6). */
export function tideStatus(standing: Standing): TideStatus {
  const gate = standing.gates.find(({ met }) => !met);
  if (gate !== undefined) return { state: 'error', description: cut(`${OUT} ${gate.fact}`) };
  if (!isEligible(standing)) return { state: 'pending', description: cut(refusal(standing)) };
  if (standing.retesting.length > 0) {
    return { state: 'pending', description: retesting(standing.retesting) };
  }
  const description = standing.despiteBlocked
    ? 'In merge pool (despite BLOCKED).'
    : 'In merge pool.';
  return { state: 'success', description };
}

/** The query that is nearest to being fulfilled. */
export function nearestQuery(matches: readonly QueryMatch[]): QueryMatch | undefined {
  return matches.reduce<QueryMatch | undefined>(
    (best, match) => (best === undefined || match.weight < best.weight ? match : best),
    undefined,
  );
}

function refusal(standing: Standing): string {
  if (standing.unknown.some(({ met }) => !met)) return OUT;
  if (standing.displayAllQueries) return allQueries(standing);
  const nearest = nearestQuery(standing.matches);
  return nearest === undefined ? OUT : `${OUT}${queryText(nearest, standing)}`;
}

function allQueries(standing: Standing): string {
  const applicable = standing.matches.filter(
    ({ requirements }) => !requirements.some(({ kind, met }) => kind === 'branch' && !met),
  );
  if (applicable.length === 0) return `${OUT} No Tide query for branch ${standing.baseRef} found.`;
  const texts = applicable.map((match) => queryText(match, standing).trim());
  const last = texts.length - 1;
  const joined = texts.map((text, index) => (index < last ? text.replace(/\.$/, '') : text));
  return `${OUT} ${joined.join(' OR ')}`;
}

/** The first thing that one query misses, with a space before it; empty if it misses nothing. */
function queryText(match: QueryMatch, standing: Standing): string {
  const missing = (kind: string): readonly string[] =>
    match.requirements.filter((one) => one.kind === kind && !one.met).map((one) => one.subject);
  const contexts = standing.contexts.filter(({ met }) => !met).map(({ subject }) => subject);
  const texts = [
    sentence(missing('branch'), (name) => `Merging to branch ${name} is forbidden.`),
    sentence(missing('author'), (name) => `Must be by author ${name}.`),
    sentence(missing('milestone'), (name) => `Must be in milestone ${name}.`),
    sentence(missing('label'), (list, many) => `Needs ${list} label${many ? 's' : ''}.`),
    sentence(
      missing('forbidden-label'),
      (list, many) => `Should not have ${list} label${many ? 's' : ''}.`,
    ),
    sentence(contexts, (list, many) =>
      many ? `Jobs ${list} have not succeeded.` : `Job ${list} has not succeeded.`,
    ),
    sentence(
      missing('review'),
      () => 'PullRequest is missing sufficient approving GitHub review(s)',
    ),
  ];
  return texts.find((text) => text !== '') ?? '';
}

function sentence(
  subjects: readonly string[],
  say: (list: string, many: boolean) => string,
): string {
  if (subjects.length === 0) return '';
  const shown = fitting([...new Set(subjects)].sort());
  return ` ${say(shown.join(', '), shown.length > 1)}`;
}

/** As many names as fit in about 50 characters, at least one. */
function fitting(names: readonly string[]): readonly string[] {
  let length = 0;
  const shown: string[] = [];
  for (const name of names) {
    if (shown.length > 0 && length + name.length > LIST_LENGTH) break;
    length += name.length + (shown.length > 0 ? ', '.length : 0);
    shown.push(name);
  }
  return shown;
}

function retesting(contexts: readonly string[]): string {
  const text = `${OUT} Retesting: ${contexts.join(' ')}`;
  if (text.length <= LONGEST) return text;
  return `${OUT} Retesting ${contexts.length} job${contexts.length === 1 ? '' : 's'}.`;
}

function cut(text: string): string {
  const letters = [...text];
  return letters.length <= LONGEST ? text : `${letters.slice(0, LONGEST - 3).join('')}...`;
}
