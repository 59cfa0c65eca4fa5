import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Assets } from '../http/assets.ts';

/** What a page says of itself. */
export interface PageHead {
  readonly title: string;
  /** Which entry of the navigation is the current one. */
  readonly section?: Section;
  /** What the page shows, for live updates. */
  readonly topics?: readonly string[];
}

type Section = 'runs' | 'pulls' | 'tide' | 'commands' | 'plugins' | 'configuration';

const NAVIGATION: readonly {
  readonly section: Section;
  readonly href: string;
  readonly text: string;
}[] = [
  { section: 'runs', href: '/', text: 'Runs' },
  { section: 'pulls', href: '/pulls', text: 'Pull requests' },
  { section: 'tide', href: '/tide', text: 'Merge pools' },
  { section: 'commands', href: '/command-help', text: 'Commands' },
  { section: 'plugins', href: '/plugins', text: 'Plugins' },
  { section: 'configuration', href: '/configuration', text: 'Configuration' },
];

/** Turns a page's content into the whole document. */
export type RenderPage = (head: PageHead, content: ComponentChildren) => string;

/** Makes the renderer; `lastChange` says what a page that is made now holds. */
export function createRenderer(assets: Assets, lastChange: () => string): RenderPage {
  return (head, content) =>
    `<!doctype html>${renderToString(
      <Document head={head} assets={assets} after={lastChange()}>
        {content}
      </Document>,
    )}`;
}

interface DocumentProps {
  readonly head: PageHead;
  readonly assets: Assets;
  readonly after: string;
  readonly children: ComponentChildren;
}

function Document({ head, assets, after, children }: DocumentProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${head.title} · Bowsprit`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={assets.style} />
        <script type="module" src={assets.script} />
      </head>
      <body data-topics={head.topics?.join(' ')} data-after={after}>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <header>
          <nav aria-label="Main">
            <a class="brand" href="/">
              Bowsprit
            </a>
            {NAVIGATION.map(({ section, href, text }) => (
              <a href={href} aria-current={section === head.section ? 'page' : undefined}>
                {text}
              </a>
            ))}
          </nav>
        </header>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <footer>{head.topics ? <span id="live" role="status" /> : null}</footer>
      </body>
    </html>
  );
}
