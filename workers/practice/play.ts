import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ids } from '../../workflows/contract.ts';
import type { PracticeGitHub } from './github.ts';
import { change, PEOPLE, PRACTICE } from './repository.ts';

/** Where the play points to, and how it speaks. */
export interface Stage {
  readonly github: PracticeGitHub;
  readonly gatewayUrl: string;
  readonly temporalUi: string;
  readonly say: (line: string) => void;
  readonly progress: (line: string) => void;
}

/** What the play waits for at most; the whole of it takes some 20 s. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 200;
const REQUIRED = ['unit', 'lint'];

/** Something that should have happened did not. */
export class PlayFailed extends Error {
  override readonly name = 'PlayFailed';
}

/** Two that became ready too far apart are tested one by one; then two others are tried. */
const PAIRS = 3;

/** Plays one pull request to its merge, and two more as one batch; every line has a link to look at. */
export async function play(stage: Stage): Promise<void> {
  const { github, say } = stage;
  const began = performance.now();
  const tag = Date.now().toString(36);

  const first = await open(stage, `${tag}-a`);
  await tested(stage, first);
  let pair = await openPair(stage, `${tag}-b`);
  await speak(stage, first, '/lgtm');
  await speak(stage, first, '/approve');
  await merged(stage, first);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(`merged     #${first}, ${seconds} s after the play began   ${github.pageOf(first)}`);

  say(
    `stale      ${named(pair)} are tested on a base that has moved: the pool tests both together`,
  );
  for (let tries = 1; !(await mergedTogether(stage, pair)); tries += 1) {
    if (tries === PAIRS) throw new PlayFailed(`no two of ${PAIRS} pairs were merged as one batch`);
    pair = await openPair(stage, `${tag}-${'bcd'[tries]}`);
    await moveBase(stage, `${tag}-${'xyz'[tries]}`);
  }
}

/** Opens one more pull request, for whoever watches: it waits for a review. */
export async function leaveOneOpen(stage: Stage): Promise<void> {
  const number = await open(stage, `${Date.now().toString(36)}-yours`);
  const { say, github } = stage;
  say(`yours      #${number} waits for you: be bob there, say /lgtm and /approve, or first /hold`);
  say(`           ${github.pageOf(number)}`);
}

type Pair = readonly [number, number];

async function openPair(stage: Stage, name: string): Promise<Pair> {
  const second = await open(stage, `${name}1`);
  const third = await open(stage, `${name}2`);
  for (const number of [second, third]) await started(stage, number);
  return [second, third];
}

/** A third one that is merged first, so that what the pair was tested on is old. */
async function moveBase(stage: Stage, name: string): Promise<void> {
  const number = await open(stage, name);
  await tested(stage, number);
  await speak(stage, number, '/lgtm');
  await speak(stage, number, '/approve');
  await merged(stage, number);
}

/** Lets both be merged; false if the pool took one after the other. */
async function mergedTogether(stage: Stage, pair: Pair): Promise<boolean> {
  for (const number of pair) await tested(stage, number);
  await Promise.all(pair.map((number) => speak(stage, number, '/lgtm')));
  await Promise.all(pair.map((number) => speak(stage, number, '/approve')));
  for (const number of pair) await merged(stage, number);
  const together = await wasBatch(stage, pair);
  const how = together ? 'as one batch' : 'one after the other: ready too far apart';
  stage.say(`merged     ${named(pair)} ${how}   ${stage.gatewayUrl}/tide`);
  return together;
}

function named(pair: Pair): string {
  return pair.map((number) => `#${number}`).join(' and ');
}

const tideHistory = z.object({
  History: z.record(
    z.string(),
    z.array(z.object({ action: z.string(), target: z.array(z.object({ number: z.number() })) })),
  ),
});

/** Whether the pool's history says that all of a pair were merged by one step; it is written a moment later. */
async function wasBatch(stage: Stage, pair: Pair): Promise<boolean> {
  const stepOf = async (): Promise<string | undefined> => {
    const answer = await fetch(`${stage.gatewayUrl}/tide-history.js`, {
      signal: AbortSignal.timeout(10_000),
    });
    const { History } = tideHistory.parse(await answer.json());
    return Object.values(History)
      .flat()
      .find(
        ({ action, target }) =>
          action.startsWith('MERGE') && target.some(({ number }) => number === pair[1]),
      )?.action;
  };
  await until(stage, `the pool's history to tell of #${pair[1]}`, async () =>
    Boolean(await stepOf()),
  );
  return (await stepOf()) === 'MERGE_BATCH';
}

async function open(stage: Stage, name: string): Promise<number> {
  const { github, say } = stage;
  const number = await github.openPull(`Add ${name}`, change(name));
  say(`opened     #${number} by ${PEOPLE.author}   ${github.pageOf(number)}`);
  say(`           its workflow   ${workflowUrl(stage, ids.pullRequest(PRACTICE, number))}`);
  return number;
}

async function speak(stage: Stage, number: number, text: string): Promise<void> {
  const label = text === '/lgtm' ? 'lgtm' : 'approved';
  await stage.github.say(number, PEOPLE.reviewer, text);
  await until(stage, `#${number} to get the label ${label}`, async () => {
    const { labels, merged: done } = await stage.github.pull(number);
    return done || labels.some((one) => one.name === label);
  });
  stage.say(`${text.slice(1).padEnd(10)} #${number}, said by ${PEOPLE.reviewer}, is a label now`);
}

async function started(stage: Stage, number: number): Promise<void> {
  await until(stage, `the jobs of #${number} to start`, async () => {
    const statuses = await statusesOf(stage, number);
    return REQUIRED.every((context) => statuses.has(context));
  });
}

async function tested(stage: Stage, number: number): Promise<void> {
  await until(stage, `the jobs of #${number}`, async () => {
    const statuses = await statusesOf(stage, number);
    const bad = REQUIRED.find((context) =>
      ['failure', 'error'].includes(statuses.get(context)?.state ?? ''),
    );
    if (bad !== undefined) {
      throw new PlayFailed(`${bad} failed on #${number}: see ${statuses.get(bad)?.url}`);
    }
    return REQUIRED.every((context) => statuses.get(context)?.state === 'success');
  });
  const statuses = await statusesOf(stage, number);
  const links = REQUIRED.map((context) => `${context} ${statuses.get(context)?.url ?? ''}`);
  stage.say(`tested     #${number}: ${links.join('   ')}`);
}

async function statusesOf({ github }: Stage, number: number) {
  const { head } = await github.pull(number);
  return github.statuses(head.sha);
}

async function merged(stage: Stage, number: number): Promise<void> {
  await until(stage, `#${number} to be merged`, async () => {
    const { merged: done, state } = await stage.github.pull(number);
    if (state === 'closed' && !done) throw new PlayFailed(`#${number} was closed, not merged`);
    return done;
  });
}

async function until(stage: Stage, what: string, holds: () => Promise<boolean>): Promise<void> {
  const began = performance.now();
  let told = began;
  while (!(await holds())) {
    const now = performance.now();
    if (now - began > PATIENCE_MS) {
      throw new PlayFailed(`waited ${PATIENCE_MS / 1000} s for ${what}, in vain`);
    }
    if (now - told > 5_000) {
      told = now;
      stage.progress(`waiting    ${Math.round((now - began) / 1000)} s for ${what}`);
    }
    await delay(LOOK_MS);
  }
}

function workflowUrl({ temporalUi }: Stage, id: string): string {
  return `${temporalUi}/namespaces/default/workflows/${encodeURIComponent(id)}`;
}
