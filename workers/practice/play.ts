import { setTimeout as delay } from 'node:timers/promises';
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

/** Plays one pull request to its merge, and two more as one batch; every line has a link to look at. */
export async function play(stage: Stage): Promise<void> {
  const { github, say } = stage;
  const began = performance.now();
  const tag = Date.now().toString(36);

  const first = await open(stage, `Add ${tag}-a`, `${tag}-a`);
  await tested(stage, first);
  const second = await open(stage, `Add ${tag}-b`, `${tag}-b`);
  const third = await open(stage, `Add ${tag}-c`, `${tag}-c`);
  for (const number of [second, third]) await started(stage, number);
  await speak(stage, first, '/lgtm');
  await speak(stage, first, '/approve');
  await merged(stage, first);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(`merged     #${first}, ${seconds} s after the play began   ${github.pageOf(first)}`);

  for (const number of [second, third]) await tested(stage, number);
  say(
    `stale      #${second} and #${third} were tested on a base that has moved: the pool tests both together`,
  );
  await Promise.all([second, third].map((number) => speak(stage, number, '/lgtm')));
  await Promise.all([second, third].map((number) => speak(stage, number, '/approve')));
  for (const number of [second, third]) await merged(stage, number);
  say(`merged     #${second} and #${third} as one batch   ${stage.gatewayUrl}/tide`);
}

async function open(stage: Stage, title: string, name: string): Promise<number> {
  const { github, say } = stage;
  const number = await github.openPull(title, change(name));
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
