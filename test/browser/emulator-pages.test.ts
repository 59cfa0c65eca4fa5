import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { seedPractice } from '../emulator/practice.ts';
import { type GitHub, startGitHub } from '../github/server.ts';
import { chromiumPath, describeWith } from '../tools.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const VIEWS = [
  { view: 'a phone', viewport: { width: 360, height: 740 } },
  { view: 'a desk', viewport: { width: 1280, height: 900 } },
] as const;

describeWith(['chromium'], 'the pages of the emulator in a browser', () => {
  let github: GitHub;
  let browser: Browser;
  let number: number;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    github = await startGitHub();
    await seedPractice(github);
    ({ number } = await github.control.openPull('acme/shop', {
      author: 'eve',
      title: HOSTILE,
      body: HOSTILE,
      files: { 'b.txt': `${HOSTILE}\n` },
    }));
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
    await github?.close();
  });

  /** A page that notes everything that should not happen. */
  async function visit(path: string, options: object): Promise<{ page: Page; faults: string[] }> {
    const context = await browser.newContext(options);
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const faults: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('dialog', (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(github.url)) faults.push(`request to ${request.url()}`);
    });
    await page.goto(`${github.url}${path}`);
    return { page, faults };
  }

  test.for(
    VIEWS.flatMap(({ view, ...options }) =>
      ['/', '/acme/shop', '/acme/shop/pull/1', '/deliveries'].map(
        (path) => [path, view, options] as const,
      ),
    ),
  )('%s fits %s, runs no script and asks nobody else', async ([path, , options]) => {
    const { page, faults } = await visit(path, options);
    const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');

    expect([wide, faults]).toEqual([0, []]);
  });

  test('a person comments, approves, labels and merges, and sees each of them', async () => {
    const { page, faults } = await visit(`/acme/shop/pull/${number}`, {});
    const form = (act: string) => page.locator(`form[action$="/${act}"]`);
    const as = (act: string, login: string) =>
      form(act).locator('select[name=author]').selectOption(login);

    await as('comment', 'bob');
    await form('comment').locator('textarea').fill('/lgtm');
    await form('comment').getByRole('button', { name: 'Comment' }).click();
    await page.getByText('bob commented').waitFor();

    await page.getByText('Review', { exact: true }).click();
    await as('review', 'bob');
    await form('review').getByRole('button', { name: 'Approve' }).click();
    await page.getByText('bob reviewed: approved').waitFor();

    await page.getByText('Labels', { exact: true }).click();
    await as('label', 'bot');
    await form('label').getByRole('button', { name: 'Add' }).click();
    await page.getByText('bot labeled lgtm').waitFor();

    await page.getByText('Merge', { exact: true }).first().click();
    await as('merge', 'bot');
    await form('merge').getByRole('button', { name: 'Merge' }).click();
    await page.getByText(/^Merged as .* by bot\.$/).waitFor();

    expect(faults).toEqual([]);
    expect(github.control.state('acme/shop').issues[number]).toMatchObject({
      merged: true,
      labels: ['lgtm'],
    });
  });

  test('what is refused says why, and leads back', async () => {
    const { number: other } = await github.control.openPull('acme/shop', {
      author: 'eve',
      title: 'C',
      files: { c: 'c\n' },
    });
    const { page } = await visit(`/acme/shop/pull/${other}`, {});
    const merge = page.locator('form[action$="/merge"]');

    await page.getByText('Merge', { exact: true }).first().click();
    await merge.locator('select[name=author]').selectOption('eve');
    await merge.getByRole('button', { name: 'Merge' }).click();

    await page.getByText('eve may not do that here').waitFor();
    await page.getByRole('link', { name: 'Back' }).click();
    await page.waitForURL(`${github.url}/acme/shop/pull/${other}`);
  });
});
