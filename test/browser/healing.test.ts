/**
 * Headers of a failed answer still work in a browser: they heal a corrupt session and keep the page out of frames.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findChromium, launchChromium, openPage } from '../support/browser.ts';
import { listen, type Listener } from '../../src/cli/dev/origin/listener.ts';
import { startWorkerd, type RunningWorker } from '../support/workerd.ts';

const chromium = findChromium();

/** An application with corrupt sessions. It fails, and deletes the cookie that made it fail. */
function answer(path: string, cookies: string, response: ServerResponse): void {
  response.setHeader('Content-Type', 'text/html');
  if (path === '/sign-in') {
    response.setHeader('Set-Cookie', [
      'sid=corrupt; Path=/; HttpOnly; SameSite=Lax',
      'cart=kept; Path=/',
      'token=corrupt; Path=/shop',
    ]);
    response.end('<link rel="icon" href="data:,">signed in');
  } else if (cookies.includes('corrupt')) {
    response.writeHead(500, {
      'Set-Cookie': [
        'sid=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/; HttpOnly',
        'token=; Max-Age=0; Path=/shop',
        'cart=changed; Path=/',
      ],
      'Content-Security-Policy': "default-src 'self'; frame-ancestors 'none'",
    });
    response.end('the session is corrupt');
  } else {
    response.end(`<link rel="icon" href="data:,">welcome, ${cookies}`);
  }
}

describe.skipIf(chromium === undefined)('a failed answer', () => {
  let browser: Browser;
  let origin: Listener;
  let worker: RunningWorker;

  beforeAll(async () => {
    origin = await listen(
      createServer(({ url = '', headers }, response) => answer(url, headers.cookie ?? '', response)),
    );
    worker = await startWorkerd({ bundle: inject('bundle'), vars: { ORIGIN_URL: `http://${origin.host}` } });
    browser = await launchChromium(chromium ?? '');
  });
  afterAll(async () => {
    await browser.close();
    await worker.stop();
    await origin.stop();
  });

  it('that deletes the cookies which made it fail heals the visitor, and leaves the others alone', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${worker.url}/sign-in`);
    await page.goto(`${worker.url}/shop/tea`);
    expect(await page.textContent('h1')).toBe('Something went wrong');
    await page.click('#retry');
    await page.waitForFunction(`!document.querySelector('h1')`);
    expect(await page.textContent('body')).toBe('welcome, cart=kept');
  });

  it('of a site that no one may frame is framed by no one either', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${worker.url}/sign-in`);
    /** True if a page of the site can be seen in a frame of the site. */
    const isShown = (path: string) =>
      page.evaluate<boolean>(`new Promise((tell) => {
        const frame = document.createElement('iframe');
        frame.src = '${path}';
        frame.onload = () => tell(frame.contentDocument !== null);
        document.body.replaceChildren(frame);
      })`);
    expect(await isShown('/shop/tea')).toBe(false);
    // The session is healed now, and the origin no longer restricts frames.
    expect(await isShown('/shop/tea')).toBe(true);
  });
});
