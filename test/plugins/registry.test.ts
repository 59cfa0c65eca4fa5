import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { pluginHelp, plugins } from '../../workflows/plugins/index.ts';

const FOLDER = new URL('../../workflows/plugins/', import.meta.url);
const NOT_PLUGINS = ['index.ts', 'plugin.ts', 'help-document.ts'];

describe('the list of plugins', () => {
  test('has every file of the folder, and names are those of the files', () => {
    const files = readdirSync(FOLDER).filter(
      (file) => file.endsWith('.ts') && !NOT_PLUGINS.includes(file),
    );

    expect(plugins.map(({ name }) => `${name}.ts`).sort()).toEqual(files.sort());
  });

  test('gives every command one owner', () => {
    const owned = plugins.flatMap(({ commands }) => commands);

    expect([...new Set(owned)]).toEqual(owned);
    expect(owned).toEqual(owned.map((command) => command.toLowerCase()));
  });

  test('explains every command', () => {
    for (const { commands, help } of plugins) {
      const usages = help.map(({ usage }) => usage).join(' | ');

      for (const command of commands) expect(usages).toContain(`/${command}`);
    }
  });
});

describe('/plugin-help.js', () => {
  const enabled = { org: ['size', 'unknown'], 'org/repo': ['lgtm'], 'org/a': [] };
  const document = pluginHelp(plugins, enabled, (plugin, scope) => `${plugin} in <${scope}>`);

  test('lists repositories and their plugins', () => {
    expect(document.AllRepos).toEqual(['org/a', 'org/repo']);
    expect(document.RepoPlugins).toEqual({
      '': ['approve', 'hold', 'lgtm', 'size', 'trigger'],
      org: ['size'],
      'org/repo': ['lgtm'],
      'org/a': [],
    });
  });

  test('tells what plugins hear, with Prow’s names', () => {
    const comments = 'GenericCommentEvent (any event for user text)';

    expect(document.PluginHelp['trigger']?.Events).toEqual(['pull_request', 'push', comments]);
    expect(document.PluginHelp['lgtm']?.Events).toEqual([
      'pull_request',
      'pull_request_review',
      comments,
    ]);
  });

  test('has commands and settings, fit for HTML', () => {
    expect(document.PluginHelp['lgtm']?.Config).toEqual({ 'org/repo': 'lgtm in &lt;org/repo&gt;' });
    expect(document.PluginHelp['hold']?.Commands).toEqual([
      {
        Usage: '/hold [reason] | /hold cancel | /unhold | /remove-hold',
        Featured: false,
        Description: 'Adds or removes the `do-not-merge/hold` label.',
        Examples: ['/hold', '/hold until the release is out', '/hold cancel', '/unhold'],
        WhoCanUse: 'Anyone.',
      },
    ]);
  });
});
