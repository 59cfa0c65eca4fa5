import { z } from 'zod';
import { change } from '../../workers/practice/repository.ts';
import type { Town } from './town.ts';
import { until } from './until.ts';

/** What one round of the scenario came to, without ids, times, links and SHAs (DESIGN §10). */
export interface RoundEnd {
  /** First and second, in the order of the base branch. */
  readonly merges: readonly string[];
  /** `type job base heads state`, sorted. */
  readonly runs: readonly string[];
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** `author: text`, sorted: who was quicker is no part of the end state. */
  readonly comments: Readonly<Record<string, readonly string[]>>;
  /** All states that were written, by pull request and context, in order. */
  readonly statuses: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const REQUIRED = ['unit', 'lint'];
const NAMES = ['first', 'second'] as const;
/** What is waited for is alive again within seconds; a machine that is busy with much else is slow. */
const LONG = 240_000;

/** What `/prowjobs.js` says of runs, as far as it is looked at here. */
export const prowjobs = z.object({
  items: z.array(
    z.object({
      spec: z.object({
        type: z.string(),
        job: z.string(),
        refs: z.object({
          org: z.string(),
          repo: z.string(),
          base_sha: z.string(),
          pulls: z.array(z.object({ number: z.number(), sha: z.string() })).optional(),
        }),
      }),
      status: z.object({ state: z.string() }),
    }),
  ),
});

/** A round's pull requests. */
export interface Round {
  readonly numbers: readonly [number, number];
}

/**
 * Two pull requests from opened to merged, one after the other, the second on a base that has moved:
 * commands, a hold that is taken back, a job by command, a test again by the pool.
 */
export async function playRound(town: Town, name: string): Promise<Round> {
  const [first, second] = await Promise.all(
    NAMES.map((which) =>
      town.open({
        author: 'ann',
        title: `Add the ${which}`,
        files: change(`${name}-${which}`),
        branch: `${name}-${which}`,
      }),
    ),
  );
  if (first === undefined || second === undefined) throw new Error('nothing was opened');
  await town.say(first, 'bob', '/hold');
  await town.say(second, 'ann', '/test timing');
  await town.untilTested(first, REQUIRED, LONG);
  await town.untilTested(second, [...REQUIRED, 'timing'], LONG);
  await town.say(first, 'bob', '/lgtm');
  await town.say(first, 'bob', '/approve');
  await town.untilLabelled(first, 'approved', LONG);
  await town.untilLabelled(first, 'do-not-merge/hold', LONG);
  await town.say(first, 'bob', '/hold cancel');
  await town.untilMerged(first, LONG);
  await town.say(second, 'bob', '/lgtm\n/approve');
  await town.untilMerged(second, LONG);
  return { numbers: [first, second] };
}

/** Waits until nothing changes any more, then describes how a round ended. */
export async function endOf(town: Town, gatewayUrl: string, round: Round): Promise<RoundEnd> {
  let before = '';
  let quiet = 0;
  return until('the round to come to rest', LONG, async () => {
    const end = await describeRound(town, gatewayUrl, round);
    const text = JSON.stringify(end);
    quiet = text === before && !/ (triggered|pending)/.test(end.runs.join('\n')) ? quiet + 1 : 0;
    before = text;
    return quiet >= 30 ? end : undefined;
  });
}

async function describeRound(town: Town, gatewayUrl: string, round: Round): Promise<RoundEnd> {
  const state = await town.state();
  const naming = await namingOf(town, round);
  const each = <T>(of: (number: number) => T): Record<string, T> =>
    Object.fromEntries(round.numbers.map((number, index) => [NAMES[index] ?? '', of(number)]));
  const issueOf = (number: number) => state.issues[String(number)];
  return {
    merges: state.merges
      .filter(({ number }) => round.numbers.includes(number))
      .map(({ number }) => NAMES[round.numbers.indexOf(number)] ?? ''),
    runs: await runsOf({ town, gatewayUrl, round, naming }),
    labels: each((number) => issueOf(number)?.labels ?? []),
    comments: each((number) =>
      (issueOf(number)?.comments ?? [])
        .map(({ author, body }) => `${author}: ${plain(body).replaceAll(town.repo, 'REPO')}`)
        .sort(),
    ),
    statuses: each((number) => statesOf(state.statuses[issueOf(number)?.head ?? ''] ?? {})),
  };
}

/**
 * Of the pool's own context the last state only: its text says what is missing at the moment, so how many
 * texts there were depends on how events fell together.
 */
function statesOf(contexts: Readonly<Record<string, readonly string[]>>) {
  return Object.fromEntries(
    Object.entries(contexts).map(([context, states]) => [
      context,
      context === 'tide' ? states.slice(-1) : states,
    ]),
  );
}

type Naming = (sha: string) => string;

/** Names for the SHAs of a round, so that two rounds can be compared. */
async function namingOf(town: Town, { numbers }: Round): Promise<Naming> {
  const names = new Map<string, string>();
  for (const [index, number] of numbers.entries()) {
    const pull = await town.pull(number);
    names.set(pull.head.sha, `${NAMES[index]}'s head`);
    if (pull.merge_commit_sha !== null && pull.merged) {
      names.set(pull.merge_commit_sha, `${NAMES[index]} merged`);
    }
  }
  return (sha) => names.get(sha) ?? 'the start';
}

interface Look {
  readonly town: Town;
  readonly gatewayUrl: string;
  readonly round: Round;
  readonly naming: Naming;
}

async function runsOf({ town, gatewayUrl, round, naming }: Look): Promise<readonly string[]> {
  const { numbers } = round;
  const answer = await fetch(`${gatewayUrl}/prowjobs.js?omit=annotations,labels,pod_spec`, {
    signal: AbortSignal.timeout(10_000),
  }).catch(() => undefined);
  if (answer?.ok !== true) return [`/prowjobs.js answers ${answer?.status} pending`];
  const { items } = prowjobs.parse(await answer.json());
  return items
    .filter(({ spec: { refs } }) => `${refs.org}/${refs.repo}` === town.repo)
    .filter(({ spec }) => spec.refs.pulls?.some(({ number }) => numbers.includes(number)))
    .map(({ spec, status }) => {
      const heads = (spec.refs.pulls ?? []).map(({ sha }) => naming(sha)).join('+');
      return `${spec.type} ${spec.job} on ${naming(spec.refs.base_sha)} with ${heads}: ${status.state}`;
    })
    .sort();
}

/** Text without markers, links, numbers of pull requests, SHAs, ids and times. */
export function plain(body: string): string {
  return body
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/https?:\/\/[^\s)<>"']+/g, 'LINK')
    .replace(/\b[0-9a-f]{40}\b/g, 'SHA')
    .replace(/\b\d{4}-\d{2}-\d{2}[T ][\d:.Z]+/g, 'TIME')
    .replace(/#\d+\b/g, '#N')
    .trim();
}
