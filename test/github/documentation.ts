import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { restDescription, shapeOf } from './contract/description.ts';
import { routes } from './routes/table.ts';

/** What stands before the generated part of `docs/emulator.md`. */
export const GENERATED =
  '<!-- From here on made of the table of routes: npx vitest run test/emulator/documentation.test.ts --update -->';

interface Operation {
  readonly method: string;
  readonly path: string;
  /** GitHub's name of it: `issues/add-labels`. */
  readonly id: string;
  readonly served: boolean;
}

/** Of enterprises and of products that the emulator is no stand-in for. */
const ELSEWHERE =
  /^(enterprise|billing|codespaces|copilot|code-scanning|code-security|codes-of-conduct|dependabot|dependency-graph|secret-scanning|security-advisories|gists|migrations|packages|hosted-compute|classroom|campaigns|credentials|private-registries|oidc|api-insights|interactions|activity|emojis|gitignore|licenses|markdown|meta|models|agent|agents|projects)/;

function operationsIn(folder: string): readonly Operation[] {
  const text = readFileSync(join(folder, 'rest.json'), 'utf8');
  const { operations } = restDescription.parse(JSON.parse(text));
  const served = new Set(routes.map(({ method, path }) => shapeOf(method, path)));
  return Object.entries(operations).map(([shape, { path, id }]) => ({
    method: shape.split(' ')[0] ?? '',
    path,
    id,
    served: served.has(shape),
  }));
}

function areaOf({ id }: Operation): string {
  return id.split('/')[0] ?? id;
}

function byArea(
  operations: readonly Operation[],
): readonly (readonly [string, readonly Operation[]])[] {
  const areas = [...new Set(operations.map(areaOf))].sort();
  return areas.map((area) => [area, operations.filter((one) => areaOf(one) === area)]);
}

function lineOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return `- \`${method} ${path}\``;
}

function servedPart(operations: readonly Operation[]): readonly string[] {
  const served = operations.filter((one) => one.served);
  return byArea(served).flatMap(([area, found]) => [
    '',
    `### ${area}`,
    '',
    ...found.map(lineOf).sort(),
  ]);
}

function missingPart(operations: readonly Operation[]): readonly string[] {
  const missing = operations.filter((one) => !one.served);
  const [beside, within] = [
    missing.filter(({ id }) => ELSEWHERE.test(id)),
    missing.filter(({ id }) => !ELSEWHERE.test(id)),
  ];
  const namesOf = (found: readonly Operation[]): string =>
    found
      .map(({ id }) => `\`${id.slice(id.indexOf('/') + 1)}\``)
      .sort()
      .join(', ');
  return [
    ...byArea(within).map(([area, found]) => `- **${area}**: ${namesOf(found)}`),
    '',
    `And nothing of: ${byArea(beside)
      .map(([area, found]) => `${area} (${found.length})`)
      .join(', ')}.`,
  ];
}

/** Rows that GitHub serves, or served, and does not describe now; `former` chooses what it once described. */
function undescribed(shapes: ReadonlySet<string>, former: boolean, gone: ReadonlySet<string>) {
  return routes
    .map(({ method, path }) => ({ method, path, shape: shapeOf(method, path) }))
    .filter(({ shape }) => !shapes.has(shape) && gone.has(shape) === former)
    .map(({ method, path }) =>
      lineOf({ method, path: path.replace(/:(\w+)\+?/g, (_, name: string) => `{${name}}`) }),
    )
    .sort();
}

function shapesIn(folder: string, file: string): ReadonlySet<string> {
  const { operations } = restDescription.parse(
    JSON.parse(readFileSync(join(folder, file), 'utf8')),
  );
  return new Set(Object.keys(operations));
}

/** The generated part of `docs/emulator.md`: which routes are served, and which are not. */
export function routesDocument(contractFolder: string): string {
  const operations = operationsIn(contractFolder);
  const described = shapesIn(contractFolder, 'rest.json');
  const gone = shapesIn(contractFolder, 'former.json');
  const count = operations.filter(({ served }) => served).length;
  return [
    GENERATED,
    '',
    '## Routes served',
    '',
    `${count} of the ${operations.length} operations that GitHub describes, by GitHub's areas.`,
    ...servedPart(operations),
    '',
    '### Classic projects, which GitHub has taken away',
    '',
    'Held to what GitHub published last of them, in `@octokit/openapi` 18.2.0.',
    '',
    ...undescribed(described, true, gone),
    '',
    '### Served, though GitHub does not describe it',
    '',
    ...undescribed(described, false, gone),
    '',
    '## Routes not served',
    '',
    'A request for one of these is answered 501 with its name, and counted at `/control/missing`. By the names of GitHub’s operations:',
    '',
    ...missingPart(operations),
    '',
  ].join('\n');
}
