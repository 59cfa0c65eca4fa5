import { type ComponentChildren, h } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** A piece of a page. */
export type Html = ComponentChildren;

/** A whole page. */
export interface Page {
  readonly title: string;
  readonly body: Html;
}

/** A link. */
export function link(href: string, text: Html): Html {
  return h('a', { href }, text);
}

/** Only web addresses become links; anything else stays text. */
export function outsideLink(href: string | null, text: string): Html {
  return href && /^https?:\/\//.test(href)
    ? h('a', { href, rel: 'noreferrer noopener' }, text)
    : h('span', null, text);
}

/** A coloured word. */
export function badge(kind: string, text: string): Html {
  return h('span', { class: `badge ${kind}` }, text);
}

/** Renders a page to HTML; every text in it is escaped by the renderer. */
export function renderPage(page: Page): string {
  const document = h(
    'html',
    { lang: 'en' },
    h(
      'head',
      null,
      h('meta', { charset: 'utf-8' }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('title', null, page.title),
      h('link', { rel: 'stylesheet', href: '/assets/style.css' }),
      // Browsers ask for one in any case.
      h('link', { rel: 'icon', type: 'image/svg+xml', href: '/assets/avatar.svg' }),
    ),
    h(
      'body',
      null,
      h('header', null, link('/', 'Practice GitHub'), ' ', link('/deliveries', 'deliveries')),
      h('main', null, h('h1', null, page.title), page.body),
    ),
  );
  return `<!doctype html>${renderToString(document)}`;
}

/** What cannot be done, in GitHub's words, and the way back. */
export function refusalPage(words: string, back: string): Page {
  return {
    title: 'GitHub refuses that',
    body: [h('p', { class: 'text' }, words), h('p', null, link(back, 'Back'))],
  };
}
