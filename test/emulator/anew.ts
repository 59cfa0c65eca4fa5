import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { GitHub } from '../github/server.ts';
import { seedPractice, startPractice } from './practice.ts';
import { listenTo, type Receiver } from './receiver.ts';

/** One emulator for a file; before each test the practice organisation is as new, and somebody hears its webhooks. */
export function anewForEachTest(take: (github: GitHub, receiver: Receiver) => void): void {
  let github: GitHub;
  beforeAll(async () => {
    github = await startPractice();
  });
  beforeEach(async () => {
    await github.control.reset();
    await seedPractice(github);
    const receiver = await listenTo(github);
    take(github, receiver);
    return () => receiver.close();
  });
  afterAll(() => github.close());
}
