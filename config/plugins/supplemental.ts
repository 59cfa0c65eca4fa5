import type { Report } from '../problem.ts';
import type { Merged, Moved } from '../relocate.ts';
import { listOf, recordOf } from '../relocate.ts';
import type { Source } from '../source.ts';

type Fields = Readonly<Record<string, unknown>>;

const LISTS = ['approve', 'lgtm', 'triggers', 'welcome'];
const ALLOWED = ['plugins', 'external_plugins', 'bugzilla', 'label', ...LISTS];
const ONCE = 'Keep it in one of the files.';

interface Merging {
  readonly file: string;
  readonly report: Report;
  readonly moved: Moved[];
}

interface At extends Merging {
  readonly path: readonly string[];
}

/**
 * Merges supplemental files (`*_pluginconfig.yaml`) into `plugins.yaml`: lists are joined, and a key of `plugins`,
 * `external_plugins`, `bugzilla` or `label.restricted_labels` may be set by one file only.
 */
export function mergeSupplementalPlugins(
  main: Source,
  others: readonly Source[],
  report: Report,
): Merged {
  const moved: Moved[] = [];
  let value: unknown = main.value;
  for (const { name, value: added } of others) {
    const fields = recordOf(added) ?? {};
    if (added !== undefined && recordOf(added) === undefined) {
      report({ file: name, path: [] }, 'this is no mapping', 'Write keys and values.');
    }
    const merging = { file: name, report, moved };
    refuseOthers(fields, merging);
    value = mergeFields(recordOf(value) ?? {}, fields, merging);
  }
  return { value, moved };
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
  once(merged, added, { ...merging, path: ['plugins'] });
  once(merged, added, { ...merging, path: ['external_plugins'] });
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

function once(merged: Record<string, unknown>, added: Fields, at: At): void {
  const section = at.path.at(-1) ?? '';
  const [mine, theirs] = [recordOf(merged[section]) ?? {}, recordOf(added[section])];
  if (theirs === undefined) return;
  for (const key of Object.keys(theirs)) {
    const path = [...at.path, key];
    if (Object.hasOwn(mine, key)) twice(`${at.path.join('.')}.${key}`, { ...at, path });
    else at.moved.push({ to: path, from: { file: at.file, path } });
  }
  merged[section] = { ...theirs, ...mine };
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
      if (known.includes(name)) twice(`label ${String(name)}`, { ...merging, path });
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
    if (mine['default'] !== undefined) twice(path.join('.'), { ...at, path });
    else {
      merged['default'] = theirs['default'];
      at.moved.push({ to: path, from: { file: at.file, path } });
    }
  }
  once(merged, theirs, { ...at, path: [...at.path, 'repos'] });
  const orgs = recordOf(theirs['orgs']);
  if (orgs === undefined) return merged;
  const known: Record<string, unknown> = { ...recordOf(mine['orgs']) };
  for (const [org, options] of Object.entries(orgs)) {
    const path = [...at.path, 'orgs', org];
    known[org] = mergeOptions(recordOf(known[org]) ?? {}, recordOf(options) ?? {}, { ...at, path });
  }
  return { ...merged, orgs: known };
}

function twice(name: string, { file, path, report }: At): void {
  report({ file, path, key: true }, `${name} is set by another file too`, ONCE);
}
