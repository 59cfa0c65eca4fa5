import { z } from 'zod';
import { own } from './own.ts';
import type { ApproveSettings } from './plugins/approve.ts';
import { approveEntry } from './plugins/approve.ts';
import type { LgtmSettings } from './plugins/lgtm.ts';
import { lgtmEntry } from './plugins/lgtm.ts';
import { entryFor, listedTwice } from './plugins/lookup.ts';
import type { OwnersSettings } from './plugins/owners.ts';
import { ownersSection, ownersSettings } from './plugins/owners.ts';
import type { SizeSettings } from './plugins/size.ts';
import { sizeSettings } from './plugins/size.ts';
import type { TriggerSettings } from './plugins/trigger.ts';
import { triggerEntry } from './plugins/trigger.ts';
import type { Report } from './problem.ts';
import type { DeepReadonly } from './prow/fields.ts';
import { text, texts } from './prow/fields.ts';

const enabled = z.union([
  // The old format: a plain list of plugins.
  z.array(text).transform((plugins) => ({ plugins, excluded_repos: [] as string[] })),
  z.object({ plugins: texts, excluded_repos: texts }),
]);

const externalPlugin = z
  .object({ name: text, endpoint: text.default(''), events: texts })
  .transform(({ name, endpoint, events }) => ({
    name,
    endpoint: endpoint === '' ? `http://${name}` : endpoint,
    events,
  }));

/** `plugins.yaml` (W§1, W§2.4, W§2.5), as far as it is read today; other keys are tolerated. */
export const pluginsFile = z.object({
  plugins: z.record(z.string(), enabled).default({}),
  external_plugins: z.record(z.string(), z.array(externalPlugin)).default({}),
  triggers: z.array(triggerEntry).default([]),
  lgtm: z.array(lgtmEntry).default([]),
  approve: z.array(approveEntry).default([]),
  size: sizeSettings.prefault({}),
  owners: ownersSection.prefault({}),
});

/** See `pluginsFile`. */
export type PluginsFile = DeepReadonly<z.infer<typeof pluginsFile>>;

/** A service that is sent the repository's webhooks (W§2.5); no events means all of them. */
export type ExternalPlugin = DeepReadonly<z.infer<typeof externalPlugin>>;

/** The settings of every plugin that has any, for one repository, defaults applied. */
export interface PluginSettings {
  readonly trigger: TriggerSettings;
  readonly lgtm: LgtmSettings;
  readonly approve: ApproveSettings;
  readonly size: SizeSettings;
  readonly owners: OwnersSettings;
}

/** Plugins of the organisation, unless it excludes the repository, and those of the repository (W§2.4). */
export function enabledIn(file: PluginsFile, org: string, repo: string): readonly string[] {
  const ofOrg = own(file.plugins, org);
  const excluded = ofOrg?.excluded_repos.includes(repo) ?? false;
  return [
    ...(excluded ? [] : (ofOrg?.plugins ?? [])),
    ...(own(file.plugins, `${org}/${repo}`)?.plugins ?? []),
  ];
}

/** External plugins of the repository and of its organisation. */
export function externalIn(
  file: PluginsFile,
  org: string,
  repo: string,
): readonly ExternalPlugin[] {
  const { external_plugins: external } = file;
  return [...(own(external, org) ?? []), ...(own(external, `${org}/${repo}`) ?? [])];
}

/** Settings for one repository: its own entry, else its organisation's, else the defaults. */
export function settingsIn(file: PluginsFile, org: string, repo: string): PluginSettings {
  return {
    trigger: entryFor(file.triggers, org, repo) ?? triggerEntry.parse({}),
    lgtm: entryFor(file.lgtm, org, repo) ?? lgtmEntry.parse({}),
    approve: entryFor(file.approve, org, repo) ?? approveEntry.parse({}),
    size: file.size,
    owners: ownersSettings(file.owners, org, repo),
  };
}

/** Reports what no single field shows: things that are written twice. */
export function checkPlugins(file: PluginsFile, name: string, report: Report): void {
  const once = 'Keep one of the two.';
  for (const { entry, name: listed } of listedTwice(file.approve)) {
    report({ file: name, path: ['approve', entry, 'repos'] }, `${listed} is listed twice`, once);
  }
  for (const [key, { plugins }] of Object.entries(file.plugins)) {
    for (const plugin of repeated(allPlugins(file, key, plugins))) {
      report({ file: name, path: ['plugins', key] }, `${plugin} is enabled twice for ${key}`, once);
    }
  }
  for (const [key, plugins] of Object.entries(file.external_plugins)) {
    const [org = '', repo] = key.split('/');
    const names = (repo === undefined ? plugins : externalIn(file, org, repo)).map(
      (one) => one.name,
    );
    for (const plugin of repeated(names)) {
      const why = `external plugin ${plugin} is enabled twice for ${key}`;
      report({ file: name, path: ['external_plugins', key] }, why, once);
    }
  }
}

function allPlugins(file: PluginsFile, key: string, own: readonly string[]): readonly string[] {
  const [org = '', repo] = key.split('/');
  return repo === undefined ? own : enabledIn(file, org, repo);
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
