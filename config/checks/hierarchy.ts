import { recordOf } from '../relocate.ts';
import type { Source } from '../source.ts';
import type { Finding } from './finding.ts';
import type { Scope } from './scope.ts';
import { scopeOfConfig, scopeOfPlugins } from './scope.ts';
import type { CheckSubject } from './subject.ts';

/** The folders that supplemental files were read from. */
export interface SupplementalFolders {
  readonly prow: readonly string[];
  readonly plugins: readonly string[];
}

/** `validate-supplemental-prow-config-hierarchy`: FOLDER/ORG/file is for an organisation, FOLDER/ORG/REPO/file for a repository. */
export function hierarchy(
  { sources }: CheckSubject,
  folders: SupplementalFolders,
): readonly Finding[] {
  return [
    ...sources.supplemental.flatMap((file) => misplaced(file, folders.prow, scopeOfConfig)),
    ...sources.supplementalPlugins.flatMap((file) =>
      misplaced(file, folders.plugins, scopeOfPlugins),
    ),
  ];
}

function misplaced(
  { name, value }: Source,
  folders: readonly string[],
  scopeOf: (fields: Readonly<Record<string, unknown>>) => Scope,
): readonly Finding[] {
  const warning = 'validate-supplemental-prow-config-hierarchy';
  const place = { file: name, path: [] };
  const inside = withoutFolder(name, folders).split('/').slice(0, -1);
  if (inside.length === 0) return [];
  if (inside.length > 2) {
    const why = 'a supplemental file lies deeper than ORG/REPO';
    return [{ warning, place, why, next: 'Move it into the folder of its repository.' }];
  }
  const owner = inside.join('/');
  const others = foreign(scopeOf(recordOf(value) ?? {}), owner);
  if (others.length === 0) return [];
  const why = `the file lies in the folder of ${owner}, and ${others.join(', and ')}`;
  return [{ warning, place, why, next: `Keep in it what is for ${owner} alone.` }];
}

function foreign({ global, names }: Scope, owner: string): readonly string[] {
  return [
    ...(global ? ['holds what is for everything'] : []),
    ...names.filter((name) => name !== owner).map((name) => `holds what is for ${name}`),
    ...(names.includes(owner) ? [] : [`holds nothing for ${owner}`]),
  ];
}

function withoutFolder(path: string, folders: readonly string[]): string {
  const folder = folders.find((one) => path.startsWith(one)) ?? '';
  return path.slice(folder.length).replace(/^\/+/, '');
}
