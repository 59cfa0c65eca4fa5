import { listOf, recordOf } from '../relocate.ts';

/** What a part of a configuration is for. */
export interface Scope {
  /** Some of it is for everything. */
  readonly global: boolean;
  /** Organisations and repositories that it names, sorted. */
  readonly names: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

const LEVELS = new Set(['orgs', 'repos', 'branches']);

/** What the sections of a supplemental file of `config.yaml` are for. */
export function scopeOfConfig(fields: Fields): Scope {
  const tide = recordOf(fields['tide']) ?? {};
  const queries = listOf(tide['queries']).map((query) => recordOf(query) ?? {});
  const protection = recordOf(fields['branch-protection']) ?? {};
  const slack = keysOf(fields['slack_reporter_configs']);
  const known = ['branch-protection', 'slack_reporter_configs', 'tide'];
  return scope(
    [
      ...Object.keys(fields).filter((key) => !known.includes(key)),
      ...Object.keys(tide).filter((key) => key !== 'queries' && key !== 'merge_method'),
      ...Object.keys(protection).filter((key) => !LEVELS.has(key)),
    ].length > 0,
    [
      ...protectedNames(protection),
      ...slack,
      ...keysOf(tide['merge_method']),
      ...queries.flatMap((query) => [...texts(query['orgs']), ...texts(query['repos'])]),
    ],
  );
}

/** What the sections of a supplemental file of `plugins.yaml` are for. */
export function scopeOfPlugins(fields: Fields): Scope {
  const lists = ['approve', 'lgtm', 'triggers', 'welcome'];
  const known = ['plugins', 'external_plugins', 'bugzilla', 'label', ...lists];
  const label = recordOf(fields['label']) ?? {};
  const bugzilla = recordOf(fields['bugzilla']) ?? {};
  const entries = lists.flatMap((key) => listOf(fields[key])).map((entry) => recordOf(entry) ?? {});
  return scope(
    [
      ...Object.keys(fields).filter((key) => !known.includes(key)),
      ...Object.keys(label).filter((key) => key !== 'restricted_labels'),
      ...Object.keys(bugzilla).filter((key) => key === 'default'),
    ].length > 0,
    [
      ...keysOf(fields['plugins']),
      ...keysOf(fields['external_plugins']),
      ...keysOf(label['restricted_labels']),
      ...entries.flatMap((entry) => texts(entry['repos'])),
      ...belowOrgs(bugzilla, (org) => org['default'] !== undefined),
    ],
  );
}

function protectedNames(protection: Fields): readonly string[] {
  return belowOrgs(protection, (org) => Object.keys(org).some((key) => !LEVELS.has(key)));
}

/** Organisations that say something themselves, and all repositories below them. */
function belowOrgs(section: Fields, speaks: (org: Fields) => boolean): readonly string[] {
  return Object.entries(recordOf(section['orgs']) ?? {}).flatMap(([org, value]) => {
    const fields = recordOf(value) ?? {};
    const repos = keysOf(fields['repos']).map((repo) => `${org}/${repo}`);
    return speaks(fields) ? [org, ...repos] : repos;
  });
}

function scope(global: boolean, names: readonly string[]): Scope {
  const distinct = [...new Set(names)].sort();
  return {
    global: global || distinct.includes('*'),
    names: distinct.filter((name) => name !== '*'),
  };
}

function keysOf(value: unknown): readonly string[] {
  return Object.keys(recordOf(value) ?? {});
}

function texts(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}
