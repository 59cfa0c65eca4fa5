import { parseDuration } from './duration.ts';

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');

const FIELDS: readonly Field[] = [
  { name: 'seconds', least: 0, most: 59 },
  { name: 'minutes', least: 0, most: 59 },
  { name: 'hours', least: 0, most: 23 },
  { name: 'day of the month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  { name: 'day of the week', least: 0, most: 6, names: DAYS },
];

const NAMED = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** Why a text is no schedule for Prow: five fields, or six with seconds first, or `@daily`, or `@every 2h`. */
export function cronProblem(text: string): string | undefined {
  const spec = text.replace(/^TZ=\S+\s+/, '').trim();
  if (spec.startsWith('@')) return namedProblem(spec);
  const fields = spec.split(/\s+/).filter((part) => part !== '');
  if (fields.length !== 5 && fields.length !== 6) {
    return `a schedule has five fields, or six with seconds, and this has ${fields.length}`;
  }
  const meant = fields.length === 5 ? FIELDS.slice(1) : FIELDS;
  const wrong = meant.flatMap((field, index) => fieldProblem(fields[index] ?? '', field) ?? []);
  return wrong[0];
}

function namedProblem(spec: string): string | undefined {
  if (NAMED.includes(spec)) return undefined;
  const [, every] = /^@every (.+)$/.exec(spec) ?? [];
  if (every !== undefined && parseDuration(every) !== undefined) return undefined;
  return `${spec} is no schedule`;
}

function fieldProblem(text: string, field: Field): string | undefined {
  return text.split(',').some((part) => !isPart(part, field))
    ? `${JSON.stringify(text)} is no ${field.name} (${field.least} to ${field.most})`
    : undefined;
}

function isPart(part: string, field: Field): boolean {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === '*' || range === '?') return true;
  const [from = '', to, ...rest] = range.split('-');
  const [low, high] = [numberOf(from, field), to === undefined ? field.most : numberOf(to, field)];
  if (rest.length > 0 || low === undefined || high === undefined) return false;
  return low >= field.least && high <= field.most && low <= high;
}

function numberOf(text: string, { names = [], least }: Field): number | undefined {
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return index + least;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
