import type { Report } from '../problem.ts';
import type { Merged } from '../relocate.ts';
import { listOf, recordOf } from '../relocate.ts';
import type { Source } from '../source.ts';
import {
  type At,
  type Fields,
  type Merging,
  mergeEach,
  mergeOnce,
  setTwice,
  takeOver,
} from '../supplemental.ts';

const ALLOWED: ReadonlyMap<string, ReadonlySet<string> | undefined> = new Map([
  ['branch-protection', undefined],
  ['slack_reporter_configs', undefined],
  ['tide', new Set(['merge_method', 'queries'])],
]);
const SWITCHES = [
  'protect-tested-repos',
  'allow_disabled_policies',
  'allow_disabled_job_policies',
  'protect_repos_with_optional_jobs',
];
const LEVELS = ['orgs', 'repos', 'branches'];
/**
 * Merges supplemental files (`*_prowconfig.yaml`) into `config.yaml` (J§4.1): they may set branch protection, Slack
 * reports, merge methods and tide queries, and nothing that another file sets.
 */
export function mergeSupplemental(main: Source, others: readonly Source[], report: Report): Merged {
  return mergeEach({ main, others }, report, (value, added, merging) => {
    refuseOthers(added, merging);
    return mergeFields(value, added, merging);
  });
}

function refuseOthers(fields: Fields, { file, report }: Merging): void {
  const why = 'only branch-protection, slack_reporter_configs, tide.merge_method and tide.queries';
  for (const path of Object.entries(fields).flatMap(([key, value]) => othersIn(key, value))) {
    report({ file, path, key: true }, `${why} may stand in a supplemental file`, 'Move it.');
  }
}

function othersIn(key: string, value: unknown): readonly (readonly string[])[] {
  const inner = ALLOWED.get(key);
  if (!ALLOWED.has(key)) return [[key]];
  if (inner === undefined) return [];
  const names = Object.keys(recordOf(value) ?? {});
  return names.filter((name) => !inner.has(name)).map((name) => [key, name]);
}

function mergeFields(main: Fields, added: Fields, merging: Merging): Fields {
  const slack = mergeOnce(main, added, { ...merging, path: ['slack_reporter_configs'] });
  return {
    ...main,
    ...(slack && { slack_reporter_configs: slack }),
    ...mergeTide(main, added, merging),
    ...mergeProtection(main, added, merging),
  };
}

function mergeTide(main: Fields, added: Fields, merging: Merging): Fields {
  const [mine, theirs] = [recordOf(main['tide']) ?? {}, recordOf(added['tide'])];
  if (theirs === undefined) return {};
  const method = mergeOnce(mine, theirs, { ...merging, path: ['tide', 'merge_method'] });
  const queries = listOf(mine['queries']);
  const more = listOf(theirs['queries']);
  more.forEach((_, index) => {
    const to = ['tide', 'queries', queries.length + index];
    const from = { file: merging.file, path: ['tide', 'queries', index] };
    merging.moved.push({ to, from });
  });
  const all = more.length > 0 ? { queries: [...queries, ...more] } : {};
  return { tide: { ...mine, ...all, ...(method && { merge_method: method }) } };
}

function mergeProtection(main: Fields, added: Fields, merging: Merging): Fields {
  const key = 'branch-protection';
  const [mine, theirs] = [recordOf(main[key]) ?? {}, recordOf(added[key])];
  if (theirs === undefined) return {};
  const at = { ...merging, path: [key] };
  const merged = mergeLevel(mine, theirs, { at, depth: 0 });
  const switches: Record<string, unknown> = {};
  for (const name of SWITCHES.filter((name) => theirs[name] !== undefined)) {
    if (mine[name] !== undefined) setTwice(name, { ...at, path: [key, name] });
    else {
      switches[name] = theirs[name];
      takeOver({ ...at, path: [key, name] });
    }
  }
  return { [key]: { ...merged, ...switches } };
}

interface Level {
  readonly at: At;
  readonly depth: number;
}

// One level of branch protection: its own policy may be set by one file only; what lies below is merged key by key.
function mergeLevel(mine: Fields, theirs: Fields, { at, depth }: Level): Fields {
  const below = LEVELS[depth] ?? '';
  const [own, other] = [policyOf(mine, below), policyOf(theirs, below)];
  const name = at.path.at(-1) ?? '';
  if (Object.keys(own).length > 0 && Object.keys(other).length > 0) setTwice(name, at);
  for (const key of Object.keys(other)) takeOver({ ...at, path: [...at.path, key] });
  const deeper = below === '' ? undefined : recordOf(theirs[below]);
  if (deeper === undefined) return { ...other, ...mine };
  const children: Record<string, unknown> = { ...recordOf(mine[below]) };
  for (const [key, value] of Object.entries(deeper)) {
    const path = [...at.path, below, key];
    const known = recordOf(children[key]);
    if (known === undefined) takeOver({ ...at, path });
    children[key] = mergeLevel(known ?? {}, recordOf(value) ?? {}, {
      at: { ...at, path },
      depth: depth + 1,
    });
  }
  return { ...other, ...mine, [below]: children };
}

function policyOf(level: Fields, below: string): Fields {
  const rest = Object.entries(level).filter(
    ([key]) => key !== below && !SWITCHES.includes(key) && key !== 'orgs',
  );
  return Object.fromEntries(rest);
}
