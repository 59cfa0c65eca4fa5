import { z } from 'zod';
import { own } from './own.ts';
import type { ApproveSettings } from './plugins/approve.ts';
import { approveEntry } from './plugins/approve.ts';
import { blockadeEntry } from './plugins/blockade.ts';
import { reviewersSection } from './plugins/blunderbuss.ts';
import { branchCleanerSection } from './plugins/branch-cleaner.ts';
import { bugzillaSection } from './plugins/bugzilla.ts';
import { cherryPickApprovedEntry, cherryPickUnapprovedSection } from './plugins/cherry-pick.ts';
import { configUpdaterSection } from './plugins/config-updater.ts';
import { dcoEntry } from './plugins/dco.ts';
import { heartSection } from './plugins/heart.ts';
import { helpSection } from './plugins/help.ts';
import { labelSection } from './plugins/label.ts';
import type { LgtmSettings } from './plugins/lgtm.ts';
import { lgtmEntry } from './plugins/lgtm.ts';
import { entryFor, listedTwice } from './plugins/lookup.ts';
import { milestoneApplierSection, repoMilestoneEntry } from './plugins/milestone.ts';
import type { OwnersSettings } from './plugins/owners.ts';
import { ownersSection, ownersSettings } from './plugins/owners.ts';
import { pictureSection } from './plugins/pictures.ts';
import { projectManagerSection, projectSection } from './plugins/project.ts';
import { requireMatchingLabelEntry } from './plugins/require-matching-label.ts';
import type { SizeSettings } from './plugins/size.ts';
import { sizeSettings } from './plugins/size.ts';
import { slackSection } from './plugins/slack.ts';
import {
  golintSection,
  invalidCommitMessageEntry,
  jiraSection,
  overrideSection,
  releaseNoteSection,
  retitleSection,
  sigmentionSection,
} from './plugins/small-sections.ts';
import type { TriggerSettings } from './plugins/trigger.ts';
import { triggerEntry } from './plugins/trigger.ts';
import { welcomeEntry } from './plugins/welcome.ts';
import type { Report } from './problem.ts';
import type { DeepReadonly } from './prow/fields.ts';
import { text, texts } from './prow/fields.ts';

const enabled = z.union(
  [
    // The old format: a plain list of plugins.
    z.array(text).transform((plugins) => ({ plugins, excluded_repos: [] as string[] })),
    z.object({ plugins: texts, excluded_repos: texts }),
  ],
  { error: 'this must be a list of plugins, or plugins and excluded_repos' },
);

const externalPlugin = z
  .object({ name: text, endpoint: text.default(''), events: texts })
  .transform(({ name, endpoint, events }) => ({
    name,
    endpoint: endpoint === '' ? `http://${name}` : endpoint,
    events,
  }));

// Sections of plugins that are not there yet are declared all the same: they load, and their typos are found.
const plainSections = {
  blockades: z.array(blockadeEntry).default([]),
  blunderbuss: reviewersSection.prefault({}),
  branch_cleaner: branchCleanerSection.prefault({}),
  bugzilla: bugzillaSection.prefault({}),
  cat: pictureSection.prefault({}),
  cherry_pick_approved: z.array(cherryPickApprovedEntry).default([]),
  cherry_pick_unapproved: cherryPickUnapprovedSection.prefault({}),
  config_updater: configUpdaterSection.prefault({}),
  dco: z.record(z.string(), dcoEntry).default({}),
  golint: golintSection.prefault({}),
  goose: pictureSection.prefault({}),
  heart: heartSection.prefault({}),
  help: helpSection.prefault({}),
  invalid_commit_msg: z.array(invalidCommitMessageEntry).default([]),
  jira: jiraSection.optional(),
  label: labelSection.prefault({}),
  milestone_applier: milestoneApplierSection.default({}),
  override: overrideSection.prefault({}),
  project_config: projectSection.prefault({}),
  project_manager: projectManagerSection.prefault({}),
  release_note: releaseNoteSection.prefault({}),
  repo_milestone: z.record(z.string(), repoMilestoneEntry).default({}),
  require_matching_label: z.array(requireMatchingLabelEntry).default([]),
  retitle: retitleSection.prefault({}),
  rifle: reviewersSection.prefault({}),
  sigmention: sigmentionSection.prefault({}),
  slack: slackSection.prefault({}),
  welcome: z.array(welcomeEntry).default([]),
};

/** `plugins.yaml` (W§1, W§2.4, W§2.5). */
export const pluginsFile = z.object({
  plugins: z.record(z.string(), enabled).default({}),
  external_plugins: z.record(z.string(), z.array(externalPlugin)).default({}),
  triggers: z.array(triggerEntry).default([]),
  lgtm: z.array(lgtmEntry).default([]),
  approve: z.array(approveEntry).default([]),
  size: sizeSettings.prefault({}),
  owners: ownersSection.prefault({}),
  ...plainSections,
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
