/** The page of `npm run dev` links to every failure. It is readable in dark colours and on a telephone. */
import axe, { type AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium, openPage, type OpenedPage } from '../support/browser.ts';
import { type Origin, startOrigin } from '../support/origin.ts';

const chromium = findChromium();

describe.skipIf(chromium === undefined)('the page of npm run dev', () => {
  let browser: Browser;
  let origin: Origin;
  let opened: OpenedPage;
  beforeAll(async () => {
    [browser, origin] = await Promise.all([launchChromium(chromium ?? ''), startOrigin()]);
    opened = await openPage(browser);
  });
  afterAll(() => Promise.all([browser.close(), origin.stop()]));

  it.each([
    ['light', 1280],
    ['light', 320],
    ['dark', 1280],
    ['dark', 320],
  ] as const)('in %s, %i px wide, is readable and nothing is cut off', async (colorScheme, width) => {
    const { page, problems } = opened;
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 640 });
    await page.goto(origin.url);
    await page.evaluate(axe.source);
    const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(passes.map(({ id }) => id)).toContain('color-contrast');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const background = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe(colorScheme === 'dark' ? 'rgb(22, 24, 28)' : 'rgb(255, 255, 255)');
    expect(problems).toEqual([]);
  });
});
