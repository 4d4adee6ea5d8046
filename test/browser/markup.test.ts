/** What `npm run check` says of a changed page, against what Chromium says of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findChromium, launchChromium, openPage } from '../support/browser.ts';
import { allowed, forbidden } from '../support/markup-cases.ts';
import { startWorkerd } from '../support/workerd.ts';

const chromium = findChromium();
const template = await readFile(join(import.meta.dirname, '../../src/page/page.html'), 'utf8');

describe.skipIf(chromium === undefined)('a page with an addition', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '');
  });
  afterAll(async () => {
    await browser.close();
  });

  /** What Chromium reports of the page with this addition, once it has loaded and been clicked at. */
  async function reportsOf(addition: string): Promise<readonly string[]> {
    const place = /^<(?:link|meta|base|style)/.test(addition) ? '</head>' : '</main>';
    const worker = await startWorkerd({
      bundle: inject('bundle'),
      texts: { 'page.html': template.replace(place, `${addition}\n${place}`) },
      originWorker: 'export default { fetch: () => new Response(null, { status: 500 }) };',
    });
    const { page, problems } = await openPage(browser);
    await page.goto(worker.url, { waitUntil: 'load' });
    for (const clickable of await page.locator('form button, a[href^=javascript]').all()) {
      await clickable.dispatchEvent('click');
    }
    // Chromium reports a moment later.
    await page.waitForTimeout(200);
    await page.context().close();
    await worker.stop();
    return problems;
  }

  it.each(forbidden)('that the check refuses is refused by the browser: %s', async (_, addition) => {
    expect((await reportsOf(addition)).join('\n')).toMatch(/Content Security Policy/);
  });

  it.each(allowed)('that the check lets be works in the browser: %s', async (_, addition) => {
    expect(await reportsOf(addition)).toEqual([]);
  });
});
