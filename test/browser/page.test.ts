/**
 * The page in Chromium, through the whole Worker: the promises that not every engine can be tested for.
 * engines.test.ts has the others.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { findChromium, launchChromium, openPage } from '../support/browser.ts';
import { startOrigin, type Origin } from '../support/origin.ts';
import { languageTags, samplePage } from '../support/sample-page.ts';
import { startWorkerd, type RunningWorker } from '../support/workerd.ts';

/** Settings of the browser for one look at the page. */
type Media = NonNullable<Parameters<Page['emulateMedia']>[0]>;

const chromium = findChromium();
describe.skipIf(chromium === undefined)('the page in a browser', () => {
  let browser: Browser;
  /** The tests that only look at the page share this tab: opening a profile for each takes longer than the test. */
  let shared: Page;
  let origin: Origin;
  let worker: RunningWorker;

  beforeAll(async () => {
    origin = await startOrigin();
    const vars = {
      ORIGIN_URL: origin.url,
      SUPPORT_URL: 'mailto:support@shop.example',
      STATUS_PAGE_URL: 'https://status.shop.example',
    };
    worker = await startWorkerd({ bundle: inject('bundle'), vars });
    browser = await launchChromium(chromium ?? '');
    ({ page: shared } = await openPage(browser));
  });

  afterEach(async () => {
    const own = browser.contexts().filter((context) => context !== shared.context());
    await Promise.all(own.map((context) => context.close()));
  });

  afterAll(async () => {
    await browser.close();
    await worker.stop();
    await origin.stop();
  });

  async function visit(path: string, options?: BrowserContextOptions) {
    const opened = await openPage(browser, options);
    const response = await opened.page.goto(worker.url + path);
    const requestId = response?.headers()['x-request-id'] ?? '';
    return { ...opened, response, requestId, id: opened.page.locator('#id') };
  }

  /** Opens the page of a failure, by default in light colours and on a screen. */
  async function look(media: Media = {}, width = 1280, height = 720) {
    await shared.emulateMedia({ media: null, colorScheme: 'light', contrast: null, forcedColors: null });
    await shared.emulateMedia(media);
    await shared.setViewportSize({ width, height });
    const response = await shared.goto(`${worker.url}/status/503`);
    return { page: shared, requestId: response?.headers()['x-request-id'] ?? '', id: shared.locator('#id') };
  }

  // engines.test.ts has the same in light colours, and in more languages.
  it('is right in ar, dark, 320 px wide', async () => {
    const { page, requests, problems, response, requestId, id } = await visit('/status/503', {
      locale: 'ar',
      colorScheme: 'dark',
      viewport: { width: 320, height: 720 },
    });

    expect(response?.status()).toBe(500);
    expect(await page.locator('html').getAttribute('lang')).toBe('ar');
    expect(await id.textContent()).toBe(requestId);
    expect(await overflow(page)).toBe(0);
    expect(problems).toEqual([]);
    expect(requests).toEqual([`${worker.url}/status/503`]);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it.each([
    ['the way on, on a small telephone', 320, 640],
    ['the way on, in a small frame', 300, 200],
  ])('shows %s, without scrolling and in every language', async (_what, width, height) => {
    const { page } = await look({}, width, height);
    const hidden: string[] = [];
    for (const language of languageTags) {
      for (const isUnsafe of [false, true]) {
        await page.setContent(samplePage({ language, isUnsafe }));
        const bottom = await page.evaluate<number>(
          `document.querySelector('a.button').getBoundingClientRect().bottom`,
        );
        if (bottom > height || (await overflow(page)) > 0) hidden.push(`${language} ${isUnsafe} ${bottom}`);
      }
    }
    expect(hidden).toEqual([]);
  });

  it('says when to try again, and never asks again by itself', async () => {
    const { page, requests } = await openPage(browser);
    await page.clock.install();
    await page.goto(`${worker.url}/retry-after`);
    expect(await page.locator('main').innerText()).toContain('Please try again in 2 minutes.');
    await page.clock.runFor('01:00:00');
    // By now the page has sent every request that it sends. On a busy machine one may come later and be missed.
    await sleep(1000);
    expect(requests).toEqual([`${worker.url}/retry-after`]);
    expect(await page.content()).not.toMatch(/http-equiv/i);
  });

  it.each([
    ['de-AT', 'Asia/Tokyo', /^\d{1,2}\.\d{1,2}\.\d{4}, \d\d:\d\d$/],
    ['en-GB', 'Europe/London', /^\d{1,2} [A-Z][a-z]{2,3} \d{4}, \d\d:\d\d$/],
    ['en-US', 'America/New_York', /^[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d\s[AP]M$/],
    // Chromium has no names of months in Azerbaijani.
    ['az', 'Asia/Baku', /^(?!.*M\d)/],
    // There is no page in Welsh, so the page and the format of the time are English.
    ['cy', 'Etc/UTC', /^[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d\s[AP]M$/],
  ])(
    'says the time as the visitor of %s in %s would write it, and then in UTC',
    async (locale, timezoneId, form) => {
      const { page } = await visit('/status/503', { timezoneId, locale });
      const [own, utc] = await page.locator('#local, time').allTextContents();
      expect(own).toMatch(form);
      expect(utc).toMatch(/^[\d-]{10} [\d:]{8} UTC$/);
      const minutes = await page.evaluate<number>(
        '-new Date(document.querySelector("time").dateTime).getTimezoneOffset()',
      );
      const there = new Date(Date.parse(utc?.replace(' UTC', 'Z') ?? '') + minutes * 60_000);
      expect(own).toContain(`:${String(there.getUTCMinutes()).padStart(2, '0')}`);
    },
  );

  it('is light or dark as the visitor prefers', async () => {
    const background = async (colorScheme: 'light' | 'dark') => {
      const { page } = await look({ colorScheme });
      return page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    };
    expect(await background('light')).toBe('rgb(255, 255, 255)');
    expect(await background('dark')).toBe('rgb(19, 22, 28)');
  });

  it('lets the whole ID be selected with one click', async () => {
    const { page, id, requestId } = await look();
    await id.click();
    expect(await selection(page)).toBe(requestId);
  });

  describe('the button that copies the ID', () => {
    it('fills the clipboard, says so, and says it to screen readers', async () => {
      const { page, requestId, problems } = await visit('/status/503', {
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const status = page.getByRole('status');
      expect(await status.textContent()).toBe('');

      await page.getByRole('button', { name: 'Copy ID' }).click();
      await status.getByText('Copied').waitFor();
      expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(requestId);
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(problems).toEqual([]);
    });

    it('works where the browser has no clipboard for the page, as on http:', async () => {
      const { page, problems } = await openPage(browser, { permissions: ['clipboard-read'] });
      await page.addInitScript(
        'readText = navigator.clipboard.readText.bind(navigator.clipboard);' +
          'Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined })',
      );
      await page.goto(`${worker.url}/status/503`);
      await page.locator('#copy').click();
      await page.getByRole('status').getByText('Copied').waitFor();
      expect(await page.evaluate<string>('readText()')).toBe(await page.locator('#id').textContent());
      expect(problems).toEqual([]);
    });

    it('is hidden without JavaScript', async () => {
      const { page, id, requestId } = await visit('/status/503', { javaScriptEnabled: false });
      expect(await page.locator('#copy').isVisible()).toBe(false);
      expect(await id.textContent()).toBe(requestId);
    });
  });

  describe('"Try again"', () => {
    it("shows the origin's page once the origin is back, at the same address", async () => {
      origin.broken = true;
      const { page, problems } = await visit('/flaky?from=here#there');
      expect(problems).toEqual([]);
      origin.broken = false;
      await page.getByRole('link', { name: 'Try again' }).click();
      await page.getByRole('heading', { name: 'Back again' }).waitFor();
      expect(page.url()).toBe(`${worker.url}/flaky?from=here#there`);
    });

    it('works without JavaScript', async () => {
      origin.broken = true;
      const { page } = await visit('/flaky?from=here#there', { javaScriptEnabled: false });
      origin.broken = false;
      await page.getByRole('link', { name: 'Try again' }).click();
      await page.getByRole('heading', { name: 'Back again' }).waitFor();
    });
  });

  describe('keeps its form', () => {
    it('with the default font at twice its size', async () => {
      const { page } = await visit('/status/503', { viewport: { width: 1280, height: 720 } });
      const session = await page.context().newCDPSession(page);
      await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
      expect(await page.evaluate<string>('getComputedStyle(document.documentElement).fontSize')).toBe('32px');
      expect(await overflow(page)).toBe(0);
    });

    it('on a 4K screen, with larger text', async () => {
      const size = async (width: number, height: number) => {
        const { page } = await look({}, width, height);
        expect(await overflow(page)).toBe(0);
        return Number.parseFloat(await page.evaluate<string>('getComputedStyle(document.body).fontSize'));
      };
      expect(await size(3840, 2160)).toBeGreaterThan(1.2 * (await size(1280, 720)));
    });

    it('with names of 100 characters, at 320 px', async () => {
      const { page } = await look({}, 320, 640);
      for (const siteName of [
        'Donaudampfschifffahrtsgesellschaft'.repeat(3).slice(0, 100),
        'A shop '.repeat(14),
      ]) {
        const supportUrl = `mailto:${'a'.repeat(60)}@${'b'.repeat(60)}.example`;
        await page.setContent(samplePage({ siteName, supportUrl }));
        expect(await overflow(page)).toBe(0);
      }
    });

    it('with a client’s own ID of 200 characters', async () => {
      const trusting = await startWorkerd({
        bundle: inject('bundle'),
        vars: { ORIGIN_URL: origin.url, TRUST_REQUEST_ID: true },
      });
      const { page } = await openPage(browser, {
        viewport: { width: 320, height: 720 },
        extraHTTPHeaders: { 'X-Request-Id': 'x'.repeat(200) },
      });
      await page.goto(`${trusting.url}/status/503`);
      expect(await page.locator('#id').textContent()).toBe('x'.repeat(200));
      expect(await overflow(page)).toBe(0);
      await trusting.stop();
    });

    it('on paper: the ID in dark ink, links with their addresses, and no buttons', async () => {
      const { page, id } = await look({ media: 'print', colorScheme: 'dark' });
      expect(await id.isVisible()).toBe(true);
      expect(await page.locator('#copy').isVisible()).toBe(false);
      expect(await page.getByRole('link', { name: 'Try again' }).isVisible()).toBe(false);
      expect(await page.evaluate<string>('getComputedStyle(document.body).color')).toBe('rgb(28, 34, 48)');
      const behind = (link: string) =>
        page.evaluate<string>(`getComputedStyle(document.querySelector('${link}'), '::after').content`);
      expect(await page.locator('main').innerText()).toContain('contact support (support@shop.example)');
      expect(await behind('[href^="https:"]')).toContain('https://status.shop.example');
      expect(await behind('.site a')).toBe('none');
    });

    it('with more contrast, for who prefers that: no muted text', async () => {
      const { page } = await look();
      const color = () => page.evaluate<string>('getComputedStyle(document.querySelector(".muted")).color');
      expect(await color()).toBe('rgb(84, 93, 112)');
      await page.emulateMedia({ contrast: 'more' });
      expect(await color()).toBe('rgb(28, 34, 48)');
    });

    it('in forced colours: links, buttons and the box keep an edge', async () => {
      const { page } = await look({ forcedColors: 'active' });
      for (const selector of ['a.button', '#copy', '.box']) {
        const edge = await page.evaluate<{ color: string; page: string; width: string }>(
          `({ width: getComputedStyle(document.querySelector('${selector}')).borderTopWidth,
              color: getComputedStyle(document.querySelector('${selector}')).borderTopColor,
              page: getComputedStyle(document.body).backgroundColor })`,
        );
        expect(edge.width).toBe('1px');
        expect(edge.color).not.toBe(edge.page);
      }
    });

    it('without motion: nothing on it moves', async () => {
      const { page } = await look();
      expect(await page.evaluate<number>('document.getAnimations().length')).toBe(0);
      const moving = `[...document.querySelectorAll('*')].filter((element) => {
        const { transitionDuration, animationName } = getComputedStyle(element);
        return transitionDuration !== '0s' || animationName !== 'none';
      }).length`;
      expect(await page.evaluate<number>(moving)).toBe(0);
    });
  });

  it('would report a style that the Content-Security-Policy forbids', async () => {
    const { page, problems } = await visit('/status/503');
    await page.evaluate(
      'document.body.append(Object.assign(document.createElement("style"), { textContent: "p{}" }))',
    );
    await expect.poll(() => problems.join(), { timeout: 30_000 }).toContain('Content Security Policy');
  });
});

/** The number of pixels by which the page is wider than the window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

function selection(page: Page): Promise<string> {
  return page.evaluate<string>('getSelection().toString().trim()');
}

/** The violations that axe finds, by all its rules for WCAG 2.2 AA and its best practices. */
async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate<AxeResults>(`axe.run({ rules: { 'target-size': { enabled: true } } })`);
  expect(results.passes.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['color-contrast', 'target-size', 'html-has-lang', 'link-name', 'button-name']),
  );
  return [...results.violations, ...results.incomplete].map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  );
}
