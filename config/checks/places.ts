import { z } from 'zod';
import type { Place } from '../problem.ts';
import type { Source } from '../source.ts';
import type { CheckSubject } from './subject.ts';

const names = z.array(z.string()).catch([]).default([]);
const queries = z.array(z.looseObject({ orgs: names, repos: names })).catch([]);
const record = z.record(z.string(), z.unknown());

/** Where `config.yaml`, or the supplemental file that has it, says something. */
export function inConfig(subject: CheckSubject, ...path: readonly PropertyKey[]): Place {
  return holding(configSources(subject), path);
}

/** Where `plugins.yaml`, or the supplemental file that has it, says something. */
export function inPlugins(subject: CheckSubject, ...path: readonly PropertyKey[]): Place {
  return holding(pluginSources(subject), path);
}

/** The first of `tide.queries` that names an organisation or a repository. */
export function queryFor(subject: CheckSubject, name: string): Place {
  const owner = name.split('/')[0] ?? '';
  for (const wanted of [name, owner]) {
    for (const { name: file, value } of configSources(subject)) {
      const list = queries.parse(at(value, ['tide', 'queries']));
      const index = list.findIndex(({ orgs, repos }) => [...orgs, ...repos].includes(wanted));
      if (index >= 0) return { file, path: ['tide', 'queries', index] };
    }
  }
  return inConfig(subject, 'tide', 'queries');
}

/** The files that `config.yaml` consists of. */
export function configSources({ sources }: CheckSubject): readonly Source[] {
  return [sources.config, ...sources.supplemental];
}

/** The files that `plugins.yaml` consists of; none if there is none. */
export function pluginSources({ sources }: CheckSubject): readonly Source[] {
  return [...(sources.plugins ? [sources.plugins] : []), ...sources.supplementalPlugins];
}

/** The value at a path, undefined where the path leads nowhere. */
export function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return typeof key === 'number' ? inner[key] : undefined;
    const fields = record.safeParse(inner);
    return fields.success && Object.hasOwn(fields.data, key) ? fields.data[String(key)] : undefined;
  }, value);
}

function holding(sources: readonly Source[], path: readonly PropertyKey[]): Place {
  const file = sources.find(({ value }) => at(value, path) !== undefined) ?? sources[0];
  return { file: file?.name ?? '', path };
}
