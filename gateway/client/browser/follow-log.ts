import { styleAnsi } from '../ansi.ts';

const POLL_MS = 1_000;
const RETRY_MS = 5_000;
/** The page keeps this much of a log that it follows; the whole of it is a link away. */
const KEEP_NODES = 20_000;

/** Follows every log on the page that is not followed yet. Log text becomes text nodes, never HTML. */
export function followLogs(): void {
  for (const log of document.querySelectorAll<HTMLElement>('[data-log]:not([data-followed])')) {
    log.dataset['followed'] = 'true';
    void follow(log);
  }
}

async function follow(log: HTMLElement): Promise<void> {
  const url = log.dataset['log'] ?? '';
  const decoder = new TextDecoder();
  let offset = Number(log.dataset['offset'] ?? 0);
  let styles: readonly string[] = [];
  while (log.isConnected) {
    const part = await readFrom(url, offset);
    offset += part.bytes.length;
    styles = append(log, decoder.decode(part.bytes, { stream: true }), styles);
    if (part.bytes.length > 0) continue;
    if (part.complete) break;
    await pause(part.failed ? RETRY_MS : POLL_MS);
  }
  log.dataset['state'] = 'complete';
}

interface Part {
  readonly bytes: Uint8Array;
  readonly complete: boolean;
  readonly failed: boolean;
}

async function readFrom(url: string, offset: number): Promise<Part> {
  const nothing = { bytes: new Uint8Array(), complete: false, failed: true };
  try {
    const [path = '', query = ''] = url.split('?');
    const response = await fetch(`${path}/after?from=${offset}&${query}`);
    if (!response.ok) return nothing;
    const complete = response.headers.get('x-run-complete') === 'true';
    return { bytes: new Uint8Array(await response.arrayBuffer()), complete, failed: false };
  } catch {
    return nothing;
  }
}

function append(log: HTMLElement, text: string, styles: readonly string[]): readonly string[] {
  if (text === '') return styles;
  const stick = log.scrollTop + log.clientHeight >= log.scrollHeight - 40;
  const parts = styleAnsi(text, styles);
  for (const part of parts) log.append(nodeFor(part.text, part.styles));
  while (log.childNodes.length > KEEP_NODES) log.firstChild?.remove();
  if (stick) log.scrollTop = log.scrollHeight;
  return parts.at(-1)?.styles ?? [];
}

function nodeFor(text: string, styles: readonly string[]): Node {
  const node = document.createTextNode(text);
  if (styles.length === 0) return node;
  const span = document.createElement('span');
  span.classList.add(...styles);
  span.append(node);
  return span;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
