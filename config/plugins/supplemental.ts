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

const LISTS = ['approve', 'lgtm', 'triggers', 'welcome'];
const ALLOWED = ['plugins', 'external_plugins', 'bugzilla', 'label', ...LISTS];
/**
 * Merges supplemental files (`*_pluginconfig.yaml`) into `plugins.yaml`: lists are joined, and a key of `plugins`,
 * `external_plugins`, `bugzilla` or `label.restricted_labels` may be set by one file only.
 */
export function mergeSupplementalPlugins(
  main: Source,
  others: readonly Source[],
  report: Report,
): Merged {
  return mergeEach({ main, others }, report, (value, added, merging) => {
    refuseOthers(added, merging);
    return mergeFields(value, added, merging);
  });
}

function refuseOthers(fields: Fields, { file, report }: Merging): void {
  const inLabel = Object.keys(recordOf(fields['label']) ?? {}).filter(
    (key) => key !== 'restricted_labels',
  );
  const paths = [
    ...Object.keys(fields)
      .filter((key) => !ALLOWED.includes(key))
      .map((key) => [key]),
    ...inLabel.map((key) => ['label', key]),
  ];
  for (const path of paths) {
    const why = `${path.join('.')} may not stand in a supplemental file`;
    const allowed = ALLOWED.map((key) => (key === 'label' ? 'label.restricted_labels' : key));
    report({ file, path, key: true }, why, 'Move it to plugins.yaml.', {
      allowed: allowed.join(', '),
    });
  }
}

function mergeFields(main: Fields, added: Fields, merging: Merging): Fields {
  const merged: Record<string, unknown> = { ...main };
  for (const key of LISTS) join(merged, added, { ...merging, path: [key] });
  for (const key of ['plugins', 'external_plugins']) {
    const both = mergeOnce(merged, added, { ...merging, path: [key] });
    if (both !== undefined) merged[key] = both;
  }
  mergeLabels(merged, added, merging);
  mergeBugzilla(merged, added, merging);
  return merged;
}

function join(merged: Record<string, unknown>, added: Fields, at: At): void {
  const key = at.path.at(-1) ?? '';
  const more = listOf(added[key]);
  if (more.length === 0) return;
  const known = listOf(merged[key]);
  more.forEach((_, index) => {
    const from = { file: at.file, path: [...at.path, index] };
    at.moved.push({ to: [...at.path, known.length + index], from });
  });
  merged[key] = [...known, ...more];
}

function mergeLabels(merged: Record<string, unknown>, added: Fields, merging: Merging): void {
  const theirs = recordOf(recordOf(added['label'])?.['restricted_labels']);
  if (theirs === undefined) return;
  const label = { ...recordOf(merged['label']) };
  const mine: Record<string, unknown> = { ...recordOf(label['restricted_labels']) };
  for (const [key, list] of Object.entries(theirs)) {
    const path = ['label', 'restricted_labels', key];
    const known = listOf(mine[key]).map((one) => recordOf(one)?.['label']);
    for (const name of listOf(list).map((one) => recordOf(one)?.['label'])) {
      if (known.includes(name)) setTwice(`label ${String(name)}`, { ...merging, path });
    }
    join(mine, theirs, { ...merging, path });
  }
  merged['label'] = { ...label, restricted_labels: mine };
}

function mergeBugzilla(merged: Record<string, unknown>, added: Fields, merging: Merging): void {
  const theirs = recordOf(added['bugzilla']);
  if (theirs === undefined) return;
  merged['bugzilla'] = mergeOptions(recordOf(merged['bugzilla']) ?? {}, theirs, {
    ...merging,
    path: ['bugzilla'],
  });
}

// `default` may be set once at each level, a repository once at all.
function mergeOptions(mine: Fields, theirs: Fields, at: At): Fields {
  const merged: Record<string, unknown> = { ...mine };
  if (theirs['default'] !== undefined) {
    const path = [...at.path, 'default'];
    if (mine['default'] !== undefined) setTwice(path.join('.'), { ...at, path });
    else {
      merged['default'] = theirs['default'];
      takeOver({ ...at, path });
    }
  }
  const repos = mergeOnce(merged, theirs, { ...at, path: [...at.path, 'repos'] });
  if (repos !== undefined) merged['repos'] = repos;
  const orgs = recordOf(theirs['orgs']);
  if (orgs === undefined) return merged;
  const known: Record<string, unknown> = { ...recordOf(mine['orgs']) };
  for (const [org, options] of Object.entries(orgs)) {
    const path = [...at.path, 'orgs', org];
    known[org] = mergeOptions(recordOf(known[org]) ?? {}, recordOf(options) ?? {}, { ...at, path });
  }
  return { ...merged, orgs: known };
}
