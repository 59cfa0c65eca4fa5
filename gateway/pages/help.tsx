import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { enabledPlugins } from '../../config/snapshot.ts';
import type { PageDependencies, PluginDeclaration } from '../dependencies.ts';
import type { RenderPage } from './layout.tsx';
import { Prose } from './parts.tsx';

const schema = z.object({
  repo: z.string().trim().max(200).catch(''),
  q: z.string().trim().max(200).catch(''),
});

type Asked = z.output<typeof schema>;

/** `/command-help` and `/plugins`: what one can say, and who answers. */
export function serveHelp(app: FastifyInstance, deps: PageDependencies, render: RenderPage) {
  app.get('/command-help', async (request, reply) => {
    const asked = schema.parse(request.query ?? {});
    const commands = listCommands(pluginsFor(deps, asked.repo)).filter(matching(asked.q));
    const content = <Commands asked={asked} commands={commands} />;
    const head = { title: 'Commands', section: 'commands' } as const;
    return reply.type('text/html; charset=utf-8').send(render(head, content));
  });
  app.get('/plugins', async (request, reply) => {
    const asked = schema.parse(request.query ?? {});
    const content = <Plugins asked={asked} plugins={pluginsFor(deps, asked.repo)} deps={deps} />;
    const head = { title: 'Plugins', section: 'plugins' } as const;
    return reply.type('text/html; charset=utf-8').send(render(head, content));
  });
}

/** The plugins that are on for a repository, or all of them. */
function pluginsFor(deps: PageDependencies, repository: string): readonly PluginDeclaration[] {
  const snapshot = deps.snapshot();
  const [org = '', repo = ''] = repository.split('/');
  if (snapshot === undefined || repo === '') return deps.plugins;
  const enabled = new Set(enabledPlugins(snapshot, org, repo));
  return deps.plugins.filter(({ name }) => enabled.has(name));
}

interface CommandRow {
  readonly plugin: string;
  readonly anchor: string;
  readonly help: PluginDeclaration['help'][number];
}

function listCommands(plugins: readonly PluginDeclaration[]): readonly CommandRow[] {
  return plugins.flatMap(({ name, help }) =>
    help.map((each) => ({
      plugin: name,
      anchor: (/\/(?:\[remove-\])?([\w-]+)/.exec(each.usage)?.[1] ?? name).toLowerCase(),
      help: each,
    })),
  );
}

function matching(text: string): (row: CommandRow) => boolean {
  const words = text.toLowerCase().split(/\s+/);
  return ({ plugin, help }) => {
    const haystack =
      `${plugin} ${help.usage} ${help.does} ${help.whoCanUse} ${(help.examples ?? []).join(' ')}`.toLowerCase();
    return words.every((word) => haystack.includes(word));
  };
}

function Search({ asked, action }: { readonly asked: Asked; readonly action: string }) {
  return (
    <search>
      <form class="filter" action={action} method="get">
        <label>
          Repository
          <input name="repo" value={asked.repo} placeholder="org/repo" autocomplete="off" />
        </label>
        {action === '/command-help' ? (
          <label>
            Words
            <input name="q" type="search" value={asked.q} />
          </label>
        ) : null}
        <button type="submit">Show</button>
      </form>
    </search>
  );
}

interface CommandsProps {
  readonly asked: Asked;
  readonly commands: readonly CommandRow[];
}

function Commands({ asked, commands }: CommandsProps) {
  return (
    <>
      <h1>Commands</h1>
      <p>
        Write a command on a line of its own in a comment, a review, or the text of a new pull
        request. In code blocks, quotes and HTML comments it does not count.
      </p>
      <Search asked={asked} action="/command-help" />
      {commands.length === 0 ? <p class="none">No command matches.</p> : null}
      <dl class="commands">
        {commands.map(({ plugin, anchor, help }) => (
          <div id={anchor}>
            <dt>
              <code>{help.usage}</code>{' '}
              <a href={`#${anchor}`} aria-label={`Link to ${anchor}`}>
                #
              </a>
            </dt>
            <dd>
              <Prose text={help.does} />{' '}
              <em>
                <Prose text={help.whoCanUse} />
              </em>
              <ul class="examples">
                {(help.examples ?? []).map((example) => (
                  <li>
                    <code>{example}</code>
                  </li>
                ))}
              </ul>
              <small>
                Plugin <a href={`/plugins#${plugin}`}>{plugin}</a>
              </small>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

interface PluginsProps {
  readonly asked: Asked;
  readonly plugins: readonly PluginDeclaration[];
  readonly deps: PageDependencies;
}

function Plugins({ asked, plugins, deps }: PluginsProps) {
  return (
    <>
      <h1>Plugins</h1>
      <Search asked={asked} action="/plugins" />
      {plugins.map(({ name, description, help }) => (
        <section id={name} class="plugin">
          <h2>{name}</h2>
          <p>
            <Prose text={description} />
          </p>
          <ul class="examples">
            {help.map(({ usage }) => (
              <li>
                <code>{usage}</code>
              </li>
            ))}
          </ul>
          <p>
            <small>On for: {placesOf(deps, name).join(', ') || 'nowhere'}</small>
          </p>
        </section>
      ))}
    </>
  );
}

function placesOf({ snapshot }: PageDependencies, plugin: string): readonly string[] {
  return Object.entries(snapshot()?.plugins.plugins ?? {})
    .filter(([, { plugins }]) => plugins.includes(plugin))
    .map(([place]) => place);
}
