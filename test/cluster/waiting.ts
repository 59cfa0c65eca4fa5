import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { OwnedProcess } from '../../workers/provision/process.ts';

const STEP_MS = 50;

/** What is waited for, and who must live on meanwhile. */
export interface Expectation {
  readonly what: string;
  readonly limitMs: number;
  readonly processes: readonly OwnedProcess[];
}

/** Looks until it holds; says at once which program died, with the end of its log. */
export async function waitUntil(
  holds: () => Promise<boolean>,
  { what, limitMs, processes }: Expectation,
): Promise<void> {
  const died = new AbortController();
  for (const one of processes) one.onExit(() => died.abort(one));
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    const dead = processes.find((one) => died.signal.reason === one);
    if (dead !== undefined)
      throw new Error(`${dead.name} ended before ${what}:\n${tail(dead.log)}`);
    if (Date.now() > end) {
      const logs = processes.map((one) => `${one.name}:\n${tail(one.log)}`).join('\n');
      throw new Error(`waited ${limitMs / 1000} s in vain: ${what}\n${logs}`);
    }
    await delay(STEP_MS);
  }
}

/** Asks the API; the status and the text of the answer, or nothing if nobody answers. */
export async function askApi(question: {
  readonly url: string;
  readonly authority: string;
  readonly token?: string;
}): Promise<{ readonly status: number; readonly text: string } | undefined> {
  const { url, authority, token } = question;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve) => {
    const asked = request(
      url,
      { ca: authority, headers, agent: false, timeout: 2_000 },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => {
          text += piece;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on('error', () => resolve(undefined));
      },
    );
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}

function tail(log: string): string {
  return readFileSync(log, 'utf8').split('\n').slice(-15).join('\n');
}
