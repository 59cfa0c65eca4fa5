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
import { scalar, scalars } from './prow/fields.ts';

const enabled = z.union(
  [
    // The old format: a plain list of plugins.
    z.array(scalar).transform((plugins) => ({ plugins, excluded_repos: [] as string[] })),
    z.object({
      plugins: scalars.describe('Names of plugins.'),
      excluded_repos: scalars.describe(
        'Repositories of the organisation that are left out, without it.',
      ),
    }),
  ],
  { error: 'this must be a list of plugins, or plugins and excluded_repos' },
);

const externalPlugin = z
  .object({
    name: scalar.default('').describe('Its name.'),
    endpoint: scalar.default('').describe('Where it listens; http://NAME unless given.'),
    events: scalars.describe('Kinds of webhooks it is sent; all unless given.'),
  })
  .transform(({ name, endpoint, events }) => ({
    name,
    endpoint: endpoint === '' ? `http://${name}` : endpoint,
    events,
  }));

// Sections of plugins that are not there yet are declared all the same: they load, and their typos are found.
const plainSections = {
  blockades: z.array(blockadeEntry).default([]).describe('Paths that must not change.'),
  blunderbuss: reviewersSection.prefault({}).describe('Whom to ask for a review.'),
  branch_cleaner: branchCleanerSection.prefault({}).describe('Branches of merged pull requests.'),
  bugzilla: bugzillaSection.prefault({}).describe('What a valid bug is, by branch.'),
  cat: pictureSection.prefault({}).describe('Pictures of cats.'),
  cherry_pick_approved: z
    .array(cherryPickApprovedEntry)
    .default([])
    .describe('Who may approve cherry-picks.'),
  cherry_pick_unapproved: cherryPickUnapprovedSection
    .prefault({})
    .describe('What is said of cherry-picks.'),
  config_updater: configUpdaterSection
    .prefault({})
    .describe('Which merged files become which ConfigMaps.'),
  dco: z
    .record(z.string(), dcoEntry)
    .default({})
    .describe('Who need not sign off, by repository, organisation or `*`.'),
  golint: golintSection.prefault({}).describe('The linter of Go.'),
  goose: pictureSection.prefault({}).describe('Pictures of geese.'),
  heart: heartSection.prefault({}).describe('Whose comments are liked.'),
  help: helpSection.prefault({}).describe('What /help links to.'),
  invalid_commit_msg: z
    .array(invalidCommitMessageEntry)
    .default([])
    .describe('Checks of commit messages.'),
  jira: jiraSection.optional().describe('Links to Jira.'),
  label: labelSection.prefault({}).describe('Labels beyond those with a command of their own.'),
  milestone_applier: milestoneApplierSection
    .default({})
    .describe('Milestone by branch, by repository.'),
  override: overrideSection.prefault({}).describe('Who may override contexts.'),
  project_config: projectSection.prefault({}).describe('Classic projects of GitHub.'),
  project_manager: projectManagerSection
    .prefault({})
    .describe('Which issues go into which columns.'),
  release_note: releaseNoteSection.prefault({}).describe('Release notes.'),
  repo_milestone: z
    .record(z.string(), repoMilestoneEntry)
    .default({})
    .describe('Who may set milestones, by repository.'),
  require_matching_label: z
    .array(requireMatchingLabelEntry)
    .default([])
    .describe('Labels that issues and pull requests must have.'),
  retitle: retitleSection.prefault({}).describe('Who may retitle what.'),
  rifle: reviewersSection
    .prefault({})
    .describe('Whom to ask for a review, by who wrote the lines.'),
  sigmention: sigmentionSection.prefault({}).describe('Mentions of teams.'),
  slack: slackSection.prefault({}).describe('What Slack hears.'),
  welcome: z.array(welcomeEntry).default([]).describe('Greetings of newcomers.'),
};

/** `plugins.yaml` (W§1, W§2.4, W§2.5). */
export const pluginsFile = z.object({
  plugins: z
    .record(z.string(), enabled)
    .default({})
    .describe('Which plugins are enabled, by organisation or repository.'),
  external_plugins: z
    .record(z.string(), z.array(externalPlugin))
    .default({})
    .describe('Services that are sent webhooks, by organisation or repository.'),
  triggers: z
    .array(triggerEntry)
    .default([])
    .describe('Whom a repository trusts, and what it says to strangers.'),
  lgtm: z.array(lgtmEntry).default([]).describe('What counts as lgtm.'),
  approve: z.array(approveEntry).default([]).describe('What counts as approval.'),
  size: sizeSettings.prefault({}).describe('Sizes of pull requests.'),
  owners: ownersSection.prefault({}).describe('How OWNERS files are found and read.'),
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
  for (const section of ['approve', 'welcome'] as const) {
    for (const { entry, name: listed } of listedTwice(file[section])) {
      report({ file: name, path: [section, entry, 'repos'] }, `${listed} is listed twice`, once);
    }
  }
  for (const [key, { plugins }] of Object.entries(file.plugins)) {
    for (const plugin of ofBoth(key, plugins, (org, repo) => enabledIn(file, org, repo))) {
      report({ file: name, path: ['plugins', key] }, `${plugin} is enabled twice for ${key}`, once);
    }
  }
  for (const [key, plugins] of Object.entries(file.external_plugins)) {
    const names = plugins.map((one) => one.name);
    const all = (org: string, repo: string) => externalIn(file, org, repo).map((one) => one.name);
    for (const plugin of ofBoth(key, names, all)) {
      const why = `external plugin ${plugin} is enabled twice for ${key}`;
      report({ file: name, path: ['external_plugins', key] }, why, once);
    }
  }
}

// What a repository and its organisation both name; a list that names something twice does not matter.
function ofBoth(
  key: string,
  own: readonly string[],
  allOf: (org: string, repo: string) => readonly string[],
): readonly string[] {
  const [org = '', repo] = key.split('/');
  if (repo === undefined) return [];
  const all = allOf(org, repo);
  const ofOrg = all.slice(0, all.length - own.length);
  return [...new Set(own.filter((name) => ofOrg.includes(name)))];
}
