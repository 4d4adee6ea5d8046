/** `npm run check` and Chromium refuse the same additions to the page. */
import { createServer } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPage } from '../../src/page/create-page.ts';
import { languages } from '../../src/page/languages.ts';
import { findChromium, launchChromium, openPage } from '../support/browser.ts';
import { allowed, forbidden } from '../support/markup-cases.ts';
import { listen, type Listener } from '../../src/cli/dev/origin/listener.ts';
import { sampleFacts, template } from '../support/sample-page.ts';

const chromium = findChromium();

describe.skipIf(chromium === undefined)('a page with an addition', () => {
  let browser: Browser;
  let server: Listener;
  let addition = '';
  /** All tests share one tab: opening a new one takes longer than a test. */
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '');
    ({ page } = await openPage(browser));
    await page.addInitScript(
      `refused = [];
       document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
         refused.push(effectiveDirective + ' ' + blockedURI))`,
    );
    server = await listen(
      createServer((_request, response) => {
        const place = /^<(?:link|meta|base|style)/.test(addition) ? '</head>' : '</main>';
        const page = createPage(
          template.replace(place, () => `${addition}\n${place}`),
          languages,
        );
        void page.policy().then((policy) => {
          response.setHeader('Content-Security-Policy', policy);
          response.setHeader('Content-Type', 'text/html; charset=utf-8');
          response.end(page.render(sampleFacts));
        });
      }),
    );
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  /** Everything that Chromium refuses on the page with this addition, after it has loaded and been clicked. */
  async function refusedOf(html: string): Promise<readonly string[]> {
    addition = html;
    await page.goto(`http://${server.host}/`, { waitUntil: 'load' });
    for (const clickable of await page.locator('form button, a[href^=java]').all()) {
      await clickable.dispatchEvent('click');
    }
    if (html.includes('rel="manifest"')) {
      // A browser without a window does not load the manifest by itself.
      const session = await page.context().newCDPSession(page);
      await session.send('Page.getAppManifest');
    }
    // Errors before this line belong to the addition.
    await page.evaluate(`document.body.append(Object.assign(new Image(), { src: '/the-end' }))`);
    await page.waitForFunction(`refused.some((what) => what.includes('/the-end'))`);
    return page.evaluate<string[]>(`refused.filter((what) => !what.includes('/the-end'))`);
  }

  it.each(forbidden)('that the check refuses is refused by the browser: %s', async (_, html) => {
    expect(await refusedOf(html)).not.toEqual([]);
  });

  it.each(allowed)('that the check lets be works in the browser: %s', async (_, html) => {
    expect(await refusedOf(html)).toEqual([]);
  });
});
