import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it, test } from 'vitest';
import { freshDatabase, type TestDatabase } from '../environment.ts';
import {
  type PracticeSite,
  practiceSite,
  publishPool,
  publishPull,
  publishRun,
  uuidOf,
  writeLog,
} from '../gateway/practice-site.ts';
import { chromiumPath, describeWith } from '../tools.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 900 };

describeWith(['chromium', 'postgres'], 'pages in a browser', () => {
  let database: TestDatabase;
  let site: PracticeSite;
  let address: string;
  let browser: Browser;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    database = await freshDatabase();
    site = await practiceSite(database.db);
    await publishRun(database.db, site, 1);
    await publishRun(database.db, site, 2, {
      state: 'failure',
      completedAt: '2026-11-23T10:05:00Z',
    });
    await publishPool(database.db);
    await publishPull(database.db);
    await writeLog(site, 1, `first line\n${HOSTILE}\n\u001b[31mred\u001b[0m\n`);
    await writeLog(site, 2, 'it failed\n');
    address = await site.app.listen({ host: '127.0.0.1', port: 0 });
    browser = await chromium.launch({
      executablePath: (await chromiumPath()) ?? '',
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.app.close();
    await database?.drop();
  });

  /** A page that notes everything that should not happen. */
  async function visit(
    path: string,
    options: object = {},
  ): Promise<{ page: Page; faults: string[] }> {
    const context = await browser.newContext({ viewport: DESKTOP, ...options });
    contexts.push(context);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address) && !url.startsWith('data:')) faults.push(`request to ${url}`);
    });
    await page.goto(`${address}${path}`);
    return { page, faults };
  }

  const PAGES = [
    '/',
    `/runs/${uuidOf(1)}`,
    '/tide',
    '/pull/Acme/widgets/7',
    '/pulls',
    '/command-help',
    '/plugins',
  ];
  const VIEWS = [
    { view: 'a phone', viewport: PHONE, colorScheme: 'light' },
    { view: 'a phone in the dark', viewport: PHONE, colorScheme: 'dark' },
    { view: 'a desk', viewport: DESKTOP, colorScheme: 'light' },
    { view: 'a desk in the dark', viewport: DESKTOP, colorScheme: 'dark' },
  ] as const;

  test.for(VIEWS.flatMap((view) => PAGES.map((path) => ({ path, ...view }))))(
    '$path on $view: fits, can be read, is silent, asks nobody else',
    async ({ path, view: _, ...options }) => {
      const { page, faults } = await visit(path, options);

      await page.getByRole('navigation', { name: 'Main' }).waitFor();
      const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      const poor = await page.evaluate(POOR_CONTRAST);

      expect(wide).toBeLessThanOrEqual(0);
      expect(poor).toEqual([]);
      expect(await page.getByRole('navigation').isVisible()).toBe(true);
      expect(faults).toEqual([]);
    },
  );

  it('is dark where the reader wants it dark', async () => {
    const { page } = await visit('/', { colorScheme: 'dark' });

    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      'rgb(20, 23, 28)',
    );
  });

  it('shows a log as text, in colours, and follows it to its end', async () => {
    const { page, faults } = await visit(`/runs/${uuidOf(1)}`);
    const log = page.locator('#log');

    expect(await log.textContent()).toBe(`first line\n${HOSTILE}\nred\n`);
    await writeLog(site, 1, `\u001b[1;32mmore\u001b[0m ${HOSTILE}\nä`);
    await log.getByText('more').waitFor();
    await writeLog(site, 1, 'nd the end\n');
    await log.getByText('änd the end').waitFor();

    expect(await log.textContent()).toBe(
      `first line\n${HOSTILE}\nred\nmore ${HOSTILE}\nänd the end\n`,
    );
    expect(await log.locator('img').count()).toBe(0);
    expect(await log.locator('.ansi-bold.ansi-fg-green').textContent()).toBe('more');
    expect(faults).toEqual([]);
  });

  it('shows a log and everything else without JavaScript', async () => {
    const { page } = await visit(`/runs/${uuidOf(2)}`, { javaScriptEnabled: false });

    expect(await page.locator('#log').textContent()).toBe('it failed\n');
  });

  it('shows a new run by itself, and keeps what the reader is doing', async () => {
    const { page, faults } = await visit('/');
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByLabel('Author').fill('half-typed');

    await publishRun(database.db, site, 3, { job: 'brand-new' });
    await page.getByRole('link', { name: 'brand-new' }).waitFor();

    expect(await page.getByLabel('Author').inputValue()).toBe('half-typed');
    expect(faults).toEqual([]);
  });

  it('shows a run that ends, while its log stays as it is', async () => {
    const run = await publishRun(database.db, site, 4);
    await writeLog(site, 4, 'running\n');
    const { page } = await visit(`/runs/${uuidOf(4)}`);
    await page.getByText('live', { exact: true }).waitFor();
    await page.evaluate("document.getElementById('log').dataset.mine = 'yes'");

    await publishRun(database.db, site, 4, {
      ...run,
      version: 2,
      state: 'success',
      completedAt: '2026-11-23T10:09:00.000Z',
    });
    await page.locator('h1 .state-success').waitFor();
    await page.locator('#log[data-state=complete]').waitFor();

    expect(await page.locator('#log').getAttribute('data-mine')).toBe('yes');
  });

  it('shows a pull request that changes', async () => {
    const { page } = await visit('/pull/acme/Widgets/7');
    await page.getByText('live', { exact: true }).waitFor();

    await publishPull(database.db, 2, 'Make it best');

    await page.getByRole('heading', { name: '#7 Make it best' }).waitFor();
  });

  it('comes back after the gateway was away', async () => {
    const own = await practiceSite(database.db);
    const place = await own.app.listen({ host: '127.0.0.1', port: 0 });
    const context = await browser.newContext();
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(place);
    await page.getByText('live', { exact: true }).waitFor();
    await own.app.close();
    await page.getByText('not live').waitFor();

    await publishRun(database.db, site, 5, { job: 'while-away' });
    const next = await practiceSite(database.db);
    await next.app.listen({ host: '127.0.0.1', port: Number(new URL(place).port) });
    await page.getByRole('link', { name: 'while-away' }).waitFor();

    await context.close();
    await next.app.close();
  });
});

/** Elements whose text has less contrast than WCAG AA asks for, by a canvas that knows every colour. */
const POOR_CONTRAST = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const channels = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const backOf = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const back = channels(getComputedStyle(e).backgroundColor);
      if (back[3] === 255) return back.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    const [a, b] = [luminance(channels(getComputedStyle(element).color).slice(0, 3)), luminance(backOf(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(element.tagName + '.' + element.className + ' ' + ratio.toFixed(2));
  }
  return poor;
})()`;
