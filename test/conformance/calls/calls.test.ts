import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmulator } from './emulator.ts';
import { loadCases } from './load-cases.ts';
import { type Place, sceneAt } from './place.ts';
import { usedCalls } from './used-calls.ts';

const cases = await loadCases();

describe('the calls of GitHub that Bowsprit makes', () => {
  let place: Place;
  const made = new Set<string>();

  beforeAll(async () => {
    place = await startEmulator();
  });
  afterAll(() => place?.close());

  test.for(cases.map((one) => [one.call, one.title, one] as const))(
    '%s: %s',
    async ([, , { run, answer, call }]) => {
      const heard: string[] = [];
      const scene = await sceneAt(place, (template) => {
        heard.push(template);
        made.add(template);
      });

      expect(await run(scene)).toEqual(answer);
      expect(heard).toContain(call);
    },
  );

  test('are all among these', async () => {
    const { calls, madeUp } = await usedCalls();

    // A call that is missing here needs a case in test/conformance/calls/cases.
    expect(calls.filter((call) => !made.has(call))).toEqual([]);
    expect(madeUp).toEqual([]);
  });
});
