const PAUSE_MS = 400;

/** Fetches the page again when something that it shows has changed, and swaps the parts that differ. */
export function keepLive(afterSwap: () => void): void {
  const topics = document.body.dataset['topics'];
  if (!topics) return;
  const query = topics.split(' ').map((topic) => `topic=${encodeURIComponent(topic)}`);
  const after = encodeURIComponent(document.body.dataset['after'] ?? '');
  const source = new EventSource(`/events?${query.join('&')}&after=${after}`);
  const refresh = paced(async () => {
    await swapPage();
    afterSwap();
  });
  source.addEventListener('change', refresh);
  source.addEventListener('open', () => showLive(true));
  source.addEventListener('error', () => showLive(false));
  // A hidden page waits until somebody looks.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && document.body.dataset['stale']) refresh();
  });
}

/** At most one run at a time, and one more for whatever came meanwhile. */
function paced(work: () => Promise<void>): () => void {
  let timer = 0;
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    running = true;
    again = false;
    await work().catch(() => showLive(false));
    running = false;
    if (again) start();
  };
  const start = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), PAUSE_MS);
  };
  return () => {
    if (document.hidden) {
      document.body.dataset['stale'] = 'true';
      return;
    }
    delete document.body.dataset['stale'];
    again = true;
    if (!running) start();
  };
}

async function swapPage(): Promise<void> {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (!response.ok) throw new Error(String(response.status));
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const old of document.querySelectorAll<HTMLElement>('[data-live]')) {
    const next = fresh.getElementById(old.id);
    if (next && next.outerHTML !== old.dataset['shown']) swap(old, next);
  }
}

/** The focus stays on what it was on, as far as that is still there. */
function swap(old: HTMLElement, next: HTMLElement): void {
  const focused = old.contains(document.activeElement) ? focusPath(document.activeElement) : '';
  const shown = next.outerHTML;
  const open = [...old.querySelectorAll('details[open][id]')].map(({ id }) => id);
  const scroll = [old.scrollLeft, old.scrollTop] as const;
  old.replaceWith(next);
  next.dataset['shown'] = shown;
  next.scrollTo(...scroll);
  for (const id of open) document.getElementById(id)?.setAttribute('open', '');
  if (focused) next.querySelector<HTMLElement>(focused)?.focus({ preventScroll: true });
}

function focusPath(element: Element | null): string {
  if (element?.id) return `#${CSS.escape(element.id)}`;
  const href = element?.getAttribute('href');
  return href ? `[href="${CSS.escape(href)}"]` : '';
}

function showLive(live: boolean): void {
  const sign = document.getElementById('live');
  if (!sign) return;
  sign.textContent = live ? 'live' : 'not live: connection lost, trying again';
  sign.dataset['state'] = live ? 'live' : 'lost';
}
