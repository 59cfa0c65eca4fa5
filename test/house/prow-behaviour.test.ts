import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const SCENARIO = /(?<![\w§/#-])(?:[PDRTCKSBOAG]\d\d|H0[1-8]|H[1-9][0-2]?|W[1-9]\d?)(?![\w-])/g;
const CHAPTER = /(?:[WJST]|DESIGN |STYLE )§\d[\w.]*\w|(?:[WJST]|DESIGN |STYLE )§\d/g;
/** In these tests a row's name begins with the number of its scenario. */
const NUMBERED = 'W§6: id in front';

test('every id that is cited has an entry', () => {
  const entries = new Set([...documented().keys(), ...designed()]);

  const unknown = [...cited().keys()].filter(
    (id) => !entries.has(id) && !entries.has(chapterOf(id)),
  );

  expect(unknown).toEqual([]);
});

test('every test that an entry names is there, and cites it unless it stands in brackets', () => {
  const citations = cited();

  const wrong = [...documented()].flatMap(([id, tests]) =>
    tests
      .filter(({ path, inBrackets }) =>
        inBrackets ? !existsSync(join(ROOT, path)) : !citations.get(id)?.has(path),
      )
      .map(({ path }) => `${id}: ${path}`),
  );

  expect(wrong).toEqual([]);
});

interface NamedTest {
  readonly path: string;
  readonly inBrackets: boolean;
}

/** Rows of `docs/prow-behaviour.md`: the tests that each id's last column names. */
function documented(): ReadonlyMap<string, readonly NamedTest[]> {
  const rows = readFileSync(join(ROOT, 'docs/prow-behaviour.md'), 'utf8').split('\n');
  return new Map(
    rows.flatMap((row): [string, readonly NamedTest[]][] => {
      const [, id, , tests] = row.split(/ ?(?<!\\)\| ?/);
      return id === undefined || tests === undefined || !/\d/.test(id)
        ? []
        : [[id, [...tests.matchAll(/(\(?)`([^`]+)`/g)].map(namedTest)]];
    }),
  );
}

function namedTest([, bracket, name]: RegExpMatchArray): NamedTest {
  return { path: `test/${name}.test.ts`, inBrackets: bracket !== '' };
}

/** Sections of the design, as `docs/architecture.md` lists them. */
function designed(): readonly string[] {
  const text = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  return [...text.matchAll(/^\| ((?:DESIGN |STYLE |T)§[\w.]+) \|/gm)].flatMap(([, id]) => id ?? []);
}

/** `DESIGN §2.6` is a part of `DESIGN §2`. */
function chapterOf(id: string): string {
  return id.startsWith('DESIGN') ? id.replace(/\..*/, '') : id;
}

/** What comments and tests cite, and where. */
function cited(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const path of sources()) {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const numbers = text.includes(NUMBERED) ? [...text.matchAll(/'(\d{1,2})(?: [^']*)?',/g)] : [];
    const ids = [
      ...[...text.matchAll(SCENARIO)].map(([id]) => id),
      ...[...text.matchAll(CHAPTER)].map(([id]) => id),
      ...numbers.map(([, number]) => `W${number}`),
    ];
    for (const id of ids) found.set(id, (found.get(id) ?? new Set()).add(path));
  }
  return found;
}

function sources(): readonly string[] {
  const folders = ['workflows', 'activities', 'gateway', 'config', 'workers', 'test'];
  return folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
        join(folder, path),
      ),
    )
    .filter((path) => /\.tsx?$/.test(path) && !/^test\/(github|house)\//.test(path));
}
