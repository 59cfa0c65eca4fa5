import { z } from 'zod';
import {
  configDeclaration,
  inRepoDeclaration,
  jobsDeclaration,
  pluginsDeclaration,
} from './checks/declarations.ts';
import { WARNINGS, warningNames } from './checks/warnings.ts';
import { unwrapped } from './declared/marks.ts';
import { decorationConfig } from './prow/decoration.ts';
import { periodic, postsubmit, presubmit } from './prow/jobs.ts';
import { podSpec } from './prow/pod-spec.ts';

type Schema = z.core.$ZodType;

/** Declarations that stand in several places and have a chapter of their own, or none. */
const ELSEWHERE: ReadonlyMap<Schema, string> = new Map<Schema, string>([
  [presubmit, '[a presubmit](#presubmits)'],
  [postsubmit, '[a postsubmit](#postsubmits)'],
  [periodic, '[a periodic](#periodics)'],
  [decorationConfig, '[a decoration](#decoration)'],
  [podSpec, 'a PodSpec of Kubernetes'],
]);

/** One key, as the document shows it. */
interface Row {
  readonly path: string;
  readonly type: string;
  readonly byDefault: string;
  readonly says: string;
}

const HEAD = `# Configuration

Every key that the configuration may have: written by the declarations in \`config/\` that read it.
\`[]\` stands for each item of a list, \`*\` for each key of a mapping. A key that is not here is a warning of \`bowsprit checkconfig\`.
`;

/** The text of \`docs/configuration.md\`, made of the declarations. */
export function configurationDocument(): string {
  const chapters: readonly (readonly [string, string, z.ZodObject])[] = [
    ['config.yaml', 'Also holds what a job file holds.', configDeclaration],
    ['Job files', 'The files and folders of `--job-config-path`.', jobsDeclaration],
    ['.prow.yaml', "A repository's own jobs; or the files of `.prow/`.", inRepoDeclaration],
    ['Presubmits', 'Jobs of pull requests.', presubmit],
    ['Postsubmits', 'Jobs of pushes.', postsubmit],
    ['Periodics', 'Jobs of the clock.', periodic],
    ['Decoration', 'How the pod utilities are put around a job.', decorationConfig],
    ['plugins.yaml', 'Which plugins are enabled where, and how they are set.', pluginsDeclaration],
  ];
  const texts = chapters.map(([title, says, schema]) => chapter(title, says, schema));
  return `${[HEAD, ...texts, warningsChapter()].join('\n')}`;
}

function chapter(title: string, says: string, schema: z.ZodObject): string {
  const rows = Object.entries(schema.shape).flatMap(([key, field]) => rowsOf(field, key));
  const lines = rows.map(
    ({ path, type, byDefault, says: what }) =>
      `| \`${path}\` | ${type} | ${byDefault} | ${inCell(what)} |`,
  );
  const head = '| Key | Type | Default | What |\n|---|---|---|---|';
  return `## ${title}\n\n${says}\n\n${[head, ...lines].join('\n')}\n`;
}

function warningsChapter(): string {
  const lines = warningNames().map((name) => {
    const { group, finds } = WARNINGS[name];
    return `| \`${name}\` | ${group} | ${finds} |`;
  });
  const head = '| Warning | Looked for | What it finds |\n|---|---|---|';
  const says =
    '`default`: unless `--warnings` names others; `expensive`: with `--expensive-checks`, as the `optional` ones are.';
  return `## Warnings of checkconfig\n\n${says}\n\n${[head, ...lines].join('\n')}\n`;
}

function rowsOf(schema: Schema, path: string): readonly Row[] {
  const row = { path, type: typeOf(schema), byDefault: defaultOf(schema), says: saysOf(schema) };
  return [row, ...inside(schema, path)];
}

function inside(schema: Schema, path: string): readonly Row[] {
  const inner = unwrapped(schema);
  if (ELSEWHERE.has(inner)) return [];
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape).flatMap(([key, field]) => rowsOf(field, `${path}.${key}`));
  }
  if (inner instanceof z.ZodArray) return inside(inner.element, `${path}[]`);
  if (inner instanceof z.ZodRecord) return inside(inner.valueType, `${path}.*`);
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => inside(option, path));
  return [];
}

function typeOf(schema: Schema): string {
  const inner = unwrapped(schema);
  const elsewhere = ELSEWHERE.get(inner);
  if (elsewhere !== undefined) return elsewhere;
  if (inner instanceof z.ZodObject) return 'section';
  if (inner instanceof z.ZodArray) return `list of ${typeOf(inner.element)}`;
  if (inner instanceof z.ZodRecord) return `mapping to ${typeOf(inner.valueType)}`;
  if (inner instanceof z.ZodUnion) return unionType(inner);
  return plainType(inner);
}

function unionType(schema: z.ZodUnion): string {
  const types = [...new Set(schema.options.map((option) => typeOf(option)))];
  // Text also takes a bare number or boolean; a duration also takes nanoseconds.
  if (types.includes('null')) return 'text';
  return types.join() === 'text,number' ? 'duration' : types.join(' or ');
}

function plainType(schema: Schema): string {
  if (schema instanceof z.ZodBoolean) return 'true or false';
  if (schema instanceof z.ZodNumber) return schema.isInt ? 'whole number' : 'number';
  if (schema instanceof z.ZodString) return 'text';
  if (schema instanceof z.ZodNull) return 'null';
  if (schema instanceof z.ZodEnum) return schema.options.map((one) => `\`${one}\``).join(', ');
  return 'anything';
}

function defaultOf(schema: Schema): string {
  if (schema instanceof z.ZodPipe) return defaultOf(schema.in);
  if (!(schema instanceof z.ZodDefault)) return '';
  const value: unknown = schema.def.defaultValue;
  const empty = typeof value === 'object' && value !== null;
  if (value === '' || (empty && !Array.isArray(value))) return '';
  if (Array.isArray(value) && value.length === 0) return '';
  return `\`${JSON.stringify(value).replaceAll('|', '\\|')}\``;
}

function saysOf(schema: Schema): string {
  const own = schema instanceof z.ZodType ? schema.description : undefined;
  if (own !== undefined) return own;
  const inner = unwrapped(schema);
  return inner === schema ? '' : saysOf(inner);
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
