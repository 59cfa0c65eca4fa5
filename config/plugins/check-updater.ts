import { posix } from 'node:path';
import type { PluginsFile } from '../plugins-file.ts';
import type { Mistake } from './mistake.ts';

type Target = PluginsFile['config_updater']['maps'][string];

/** What Prow refuses in `config_updater` (W§1): two names, unknown groups, a key that two files would write. */
export function updaterMistakes({ config_updater: updater }: PluginsFile): readonly Mistake[] {
  const written = new Set<string>();
  return Object.entries(updater.maps).flatMap(([pattern, target]) => {
    const path = ['config_updater', 'maps', pattern];
    const groups = Object.keys(updater.cluster_groups);
    const why = targetMistake(target, groups) ?? repeated(pattern, target, written);
    return why === undefined ? [] : [{ path, why }];
  });
}

function targetMistake(target: Target, groups: readonly string[]): string | undefined {
  const { name, partitioned_names: parts, clusters, cluster_groups: named } = target;
  if (name !== '' && parts.length > 0) return 'it has both a name and partitioned_names';
  if (Object.keys(clusters).length > 0 && named.length > 0) {
    return 'it has both clusters and cluster_groups';
  }
  const unknown = named.find((group) => !groups.includes(group));
  return unknown === undefined ? undefined : `there is no group ${unknown} in cluster_groups`;
}

function repeated(pattern: string, target: Target, written: Set<string>): string | undefined {
  const name = target.name || target.partitioned_names.join(',');
  const key = target.key || posix.basename(pattern);
  const places = Object.entries(target.clusters).flatMap(([cluster, namespaces]) =>
    namespaces.map((namespace) => JSON.stringify([cluster, namespace, name, key])),
  );
  const again = places.find((place) => written.has(place));
  for (const place of places) written.add(place);
  return again === undefined
    ? undefined
    : `key ${key} of ConfigMap ${name} is written by two files`;
}
