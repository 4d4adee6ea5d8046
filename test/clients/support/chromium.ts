/** One Chromium for all tests of a file. */
import type { Browser, Page } from 'playwright-core';
import { findChromium, launchChromium } from '../../support/browser.ts';
import { atEnd } from './at-end.ts';

/**
 * Starts Chromium. It runs until the tests of the file have ended.
 * @param hosts the addresses of hostnames, in the form of --host-resolver-rules
 */
export async function startChromium(hosts = ''): Promise<Browser> {
  const browser = await launchChromium(findChromium() ?? '', hosts);
  atEnd(() => browser.close());
  return browser;
}

/** All text that a user sees in a tab, in its frames too. */
export async function textOn(page: Page): Promise<string> {
  const texts = await Promise.all(
    page.frames().map((frame) => frame.evaluate<string>('document.body?.innerText ?? ""').catch(() => '')),
  );
  return texts.join(' ').replace(/\s+/g, ' ').trim();
}
