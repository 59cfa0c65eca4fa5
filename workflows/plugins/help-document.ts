import type { CommandHelp, Handlers, Plugin } from './plugin.ts';

/** One plugin in `/plugin-help.js`; names as in Prow's JSON (S§2). */
export interface PluginHelp {
  readonly Description: string;
  /** By repository or organisation, '' for what holds everywhere. */
  readonly Config: Readonly<Record<string, string>>;
  readonly Events: readonly string[];
  readonly Commands: readonly {
    readonly Usage: string;
    readonly Featured: boolean;
    readonly Description: string;
    readonly Examples: readonly string[];
    readonly WhoCanUse: string;
  }[];
}

/** The whole of `/plugin-help.js` (S§2). */
export interface PluginHelpDocument {
  readonly AllRepos: readonly string[];
  /** By repository or organisation; '' has all plugins. */
  readonly RepoPlugins: Readonly<Record<string, readonly string[]>>;
  readonly RepoExternalPlugins: Readonly<Record<string, readonly string[]>>;
  readonly PluginHelp: Readonly<Record<string, PluginHelp>>;
  readonly ExternalPluginHelp: Readonly<Record<string, PluginHelp>>;
}

/** How a plugin is configured in words, for one repository or organisation; '' if there is nothing to say. */
export type SettingsText = (plugin: string, scope: string) => string;

/**
 * Builds the help from the plugins' declarations. `enabledByRepo` is keyed by `org/repo` or `org`, as in
 * plugins.yaml. Readers take the texts for HTML, so they are escaped here.
 */
export function pluginHelp(
  plugins: readonly Plugin[],
  enabledByRepo: Readonly<Record<string, readonly string[]>>,
  settingsText: SettingsText,
): PluginHelpDocument {
  const known = new Set(plugins.map(({ name }) => name));
  const enabled = Object.entries(enabledByRepo).map(
    ([scope, names]) => [scope, names.filter((name) => known.has(name))] as const,
  );
  return {
    AllRepos: Object.keys(enabledByRepo)
      .filter((scope) => scope.includes('/'))
      .sort(),
    RepoPlugins: Object.fromEntries([['', [...known].sort()], ...enabled]),
    RepoExternalPlugins: {},
    PluginHelp: Object.fromEntries(
      plugins.map((plugin) => [
        plugin.name,
        {
          Description: escapeHtml(plugin.description),
          Config: configOf(plugin.name, enabled, settingsText),
          Events: eventsOf(plugin.on),
          Commands: plugin.help.map(commandOf),
        },
      ]),
    ),
    ExternalPluginHelp: {},
  };
}

function configOf(
  plugin: string,
  enabled: readonly (readonly [string, readonly string[]])[],
  settingsText: SettingsText,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    enabled
      .filter(([, names]) => names.includes(plugin))
      .map(([scope]) => [scope, escapeHtml(settingsText(plugin, scope))] as const)
      .filter(([, text]) => text !== ''),
  );
}

function commandOf(help: CommandHelp) {
  return {
    Usage: help.usage,
    Featured: help.featured ?? false,
    Description: escapeHtml(help.does),
    Examples: help.examples ?? [],
    WhoCanUse: escapeHtml(help.whoCanUse),
  };
}

/** Prow's names of what a plugin listens to. */
const EVENT_NAMES: readonly (readonly [keyof Handlers, string])[] = [
  ['issue', 'issue'],
  ['pullRequest', 'pull_request'],
  ['push', 'push'],
  ['review', 'pull_request_review'],
  ['status', 'status'],
  ['comment', 'GenericCommentEvent (any event for user text)'],
  ['command', 'GenericCommentEvent (any event for user text)'],
];

function eventsOf(on: Handlers): readonly string[] {
  const names = EVENT_NAMES.filter(([handler]) => on[handler] !== undefined);
  return [...new Set(names.map(([, name]) => name))];
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
