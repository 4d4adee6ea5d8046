/** Finds the installed browsers, and starts Chromium for the tests and the screenshots. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

export type BrowserName = 'chromium' | 'firefox' | 'webkit';

const programs: Readonly<Record<BrowserName, { variable: string; names: readonly string[]; mac: string }>> = {
  chromium: {
    variable: 'CHROMIUM_PATH',
    names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'],
    mac: '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  },
  firefox: {
    variable: 'FIREFOX_PATH',
    names: ['firefox-esr', 'firefox'],
    mac: '/Applications/Firefox.app/Contents/MacOS/firefox',
  },
  webkit: { variable: 'WEBKIT_DRIVER_PATH', names: ['WebKitWebDriver'], mac: '' },
};

/**
 * The path of a browser, or of WebKit's driver: from the variable, such as `CHROMIUM_PATH`, else from the PATH.
 * @returns undefined if there is none, after a line on the screen says so
 * @throws Error if there is none and `CI` is set: no test may be skipped there
 */
export function findBrowser(browser: BrowserName): string | undefined {
  const { variable, names, mac } = programs[browser];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const path = process.env[variable] ?? [...files, mac].find((file) => existsSync(file));
  if (path !== undefined) return path;
  const message = `No ${browser}: install one or set ${variable}`;
  if (process.env['CI']) throw new Error(message);
  console.warn(`${message}. Its tests are skipped.`);
  return undefined;
}

/** The path of Chromium: see `findBrowser`. */
export function findChromium(): string | undefined {
  return findBrowser('chromium');
}

/**
 * Starts Chromium without a window and without traffic of its own.
 * @param hosts the addresses of hostnames, in the form of --host-resolver-rules
 * @param secureOrigin an http: origin that Chromium treats like https:
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

/** A page in a new browser profile. */
export interface OpenedPage {
  readonly page: Page;
  /** The URLs of all requests that the page has made. */
  readonly requests: readonly string[];
  /** The errors on the page so far: exceptions, and errors on its console such as CSP violations. */
  readonly problems: readonly string[];
}

/** Opens an empty page. `locale` also sets the Accept-Language that the page sends. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    // Chromium also reports the error status of the page itself.
    const isOwnStatus =
      message.text().startsWith('Failed to load resource') && message.location().url === page.url();
    if (message.type() === 'error' && !isOwnStatus) problems.push(message.text());
  });
  return { page, requests, problems };
}
