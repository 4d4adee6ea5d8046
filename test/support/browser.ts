/** Chromium for the tests and the screenshots. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const macPath = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * Where Chromium is: `CHROMIUM_PATH`, else the first one on the PATH.
 * @returns undefined where there is none, and says so
 * @throws Error where there is none and `CI` is set: there, no test may be skipped
 */
export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const installed = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const path = process.env['CHROMIUM_PATH'] ?? [...installed, macPath].find((file) => existsSync(file));
  if (path !== undefined) return path;
  const message = 'No Chromium: install one or set CHROMIUM_PATH';
  if (process.env['CI']) throw new Error(message);
  console.warn(`${message}. The browser tests are skipped.`);
  return undefined;
}

/**
 * Starts Chromium without a window and without traffic of its own.
 * @param hosts where hostnames lead, in the words of --host-resolver-rules
 * @param secureOrigin an http: origin to treat as if it were https:
 */
export function launchChromium(executablePath: string, hosts = '', secureOrigin = ''): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      `--host-resolver-rules=${hosts}`,
      `--unsafely-treat-insecure-origin-as-secure=${secureOrigin}`,
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page in a profile of its own. */
export interface OpenedPage {
  readonly page: Page;
  /** The URLs of the requests that the page made so far. */
  readonly requests: readonly string[];
  /** What went wrong on the page so far: exceptions, and errors on its console such as CSP violations. */
  readonly problems: readonly string[];
}

/** Opens an empty page; `locale` also decides what it sends as Accept-Language. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    // Chromium reports the error status of the page itself, too.
    const isOwnStatus =
      message.text().startsWith('Failed to load resource') && message.location().url === page.url();
    if (message.type() === 'error' && !isOwnStatus) problems.push(message.text());
  });
  return { page, requests, problems };
}
