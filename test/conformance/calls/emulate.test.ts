import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DISAGREEMENTS } from './disagreements.ts';
import { startEmulate } from './emulate.ts';
import { loadCases } from './load-cases.ts';
import { type Place, sceneAt } from './place.ts';

const PAGE = join(import.meta.dirname, '../../../docs/decisions/0002-github-emulator.md');
const cases = await loadCases();

describe('the same calls on emulate@0.12.2', () => {
  let place: Place;

  beforeAll(async () => {
    place = await startEmulate();
  });
  afterAll(() => place?.close());

  test.for(cases.map((one) => [one.call, one.title, one] as const))(
    '%s: %s',
    async ([call, title, one]) => {
      const known = DISAGREEMENTS.find((each) => each.call === call && each.title === title);
      if (!place.serves(call)) return expect(known).toBeUndefined();
      const scene = await sceneAt(place, () => {});

      const answer = await one.run(scene).catch((error: unknown) => `fails: ${String(error)}`);

      // Where it answers otherwise, the table must say so, and which answer GitHub's documentation asks for.
      if (known === undefined) expect(answer).toEqual(one.answer);
      else expect(answer).toEqual(known.emulate);
    },
  );

  test('each disagreement has its note', async () => {
    const page = await readFile(PAGE, 'utf8');

    expect(DISAGREEMENTS.map(({ note }) => note).filter((note) => !page.includes(note))).toEqual(
      [],
    );
  });

  test('the table is of cases that there are', () => {
    const names = cases.map(({ call, title }) => `${call}: ${title}`);

    const lost = DISAGREEMENTS.map(({ call, title }) => `${call}: ${title}`).filter(
      (name) => !names.includes(name),
    );
    expect(lost).toEqual([]);
  });
});
