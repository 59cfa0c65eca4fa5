import type { Comparison, JobChange, JobName } from './compare.ts';
import type { FieldChange } from './field-changes.ts';

const NAMES_SHOWN = 5;
const LONGEST_VALUE = 160;

/** A comparison in words; jobs to which the same happens are told once. */
export function comparisonWords({ added, removed, changed, same }: Comparison): string {
  const head = `${count(added.length, 'job')} added, ${removed.length} removed, ${changed.length} changed, ${same} the same.`;
  const sections = [section('Added', added), section('Removed', removed), changes(changed)];
  return `${[head, ...sections.filter((text) => text !== '')].join('\n\n')}\n`;
}

function section(title: string, jobs: readonly JobName[]): string {
  if (jobs.length === 0) return '';
  return [title, ...jobs.map((job) => `  ${jobName(job)}`)].join('\n');
}

function changes(changed: readonly JobChange[]): string {
  if (changed.length === 0) return '';
  const groups = new Map<string, { readonly lines: readonly string[]; readonly jobs: JobName[] }>();
  for (const change of changed) {
    const lines = [
      ...change.fields.map((field) => fieldWords('', field)),
      ...change.pod.map((field) => fieldWords('pod.', field)),
    ];
    const group = groups.get(lines.join('\n'));
    if (group === undefined) groups.set(lines.join('\n'), { lines, jobs: [change] });
    else group.jobs.push(change);
  }
  const texts = [...groups.values()].map(({ lines, jobs }) =>
    [`  ${jobNames(jobs)}`, ...lines.map((line) => `    ${line}`)].join('\n'),
  );
  return `Changed\n${texts.join('\n')}`;
}

function jobNames(jobs: readonly JobName[]): string {
  const shown = jobs.slice(0, NAMES_SHOWN).map(jobName).join(', ');
  if (jobs.length === 1) return shown;
  const more = jobs.length - NAMES_SHOWN;
  return `${jobs.length} jobs: ${shown}${more > 0 ? `, and ${more} more` : ''}`;
}

function jobName({ type, repo, job }: JobName): string {
  return [type, repo, job].filter((part) => part !== '').join(' ');
}

function fieldWords(prefix: string, change: FieldChange): string {
  const name = `${prefix}${change.path}`;
  if (!('before' in change)) return `${name}: new, ${shown(change.after)}`;
  if (!('after' in change)) return `${name}: gone, was ${shown(change.before)}`;
  return `${name}: ${shown(change.before)} → ${shown(change.after)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
