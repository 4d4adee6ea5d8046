import type { BrowserContext } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunningWorker } from '../support/workerd.ts';
import { recordAt, recordOfSeen, requestIdPattern, startBehind } from './support/behind.ts';
import { startChromium, textOn } from './support/chromium.ts';
import type { Daemon } from './support/daemon.ts';
import { startServer } from './support/server.ts';
import { witness } from './support/witness.ts';

/** The parts of an answer, or of a failed fetch, that a script can see. */
interface Fetched {
  readonly error?: string;
  readonly status?: number;
  readonly id?: string | null;
  readonly body?: string;
}

const calls = [
  { name: 'a simple request', path: '/simple', init: {} },
  { name: 'a request with cookies', path: '/cookies', init: { credentials: 'include' } },
  {
    name: 'a request after a preflight',
    path: '/preflighted',
    init: { method: 'PUT', headers: { 'Content-Type': 'application/json', 'X-App': '1' }, body: '{}' },
  },
  {
    name: 'a request with cookies after a preflight',
    path: '/preflighted-cookies',
    init: { method: 'DELETE', credentials: 'include', headers: { Authorization: 'Bearer token' } },
  },
] as const;

describe('Sites in Chromium', () => {
  let context: BrowserContext;
  let version: string;
  let site: Daemon;
  let worker: RunningWorker;

  beforeAll(async () => {
    const browser = await startChromium();
    version = browser.version();
    context = await browser.newContext();
    site = await startServer('pages');
    worker = await startBehind(site);
  });

  it('a cross-origin isolated site shows our page in its frame', async (test) => {
    const page = await context.newPage();
    await page.goto(`${worker.url}/frames`);
    await expect.poll(() => textOn(page)).toContain('Isolated true');
    await expect
      .poll(() => textOn(page))
      .toMatch(new RegExp(`Something went wrong.*${requestIdPattern.source}`));
    const dead = await textOn(page);
    expect(await recordOfSeen(worker, dead)).toMatchObject({
      message: 'Origin answered 503',
      answer: { format: 'html' },
    });
    await page.goto(`${site.url}/frames`);
    const without = await textOn(page);
    await page.close();
    witness(test, {
      software: 'Chromium',
      version,
      done: 'a cross-origin isolated site with a frame whose URL answers 503',
      without,
      through: dead,
      dead: 'see Turbo Drive',
    });
  });

  it('a service worker passes navigations on: pages, forms, and the page of ours when the site is killed', async (test) => {
    const dying = await startServer('pages');
    const front = await startBehind(dying);
    const page = await context.newPage();
    await page.goto(`${front.url}/service-worker`);
    await page.evaluate('navigator.serviceWorker.ready');
    await page.goto(`${front.url}/service-worker`);
    const isControlled = () => page.evaluate<boolean>('navigator.serviceWorker.controller !== null');
    await expect.poll(isControlled).toBe(true);
    await page.click('#form button');
    await expect.poll(() => textOn(page)).toBe('Next page');
    const good = await textOn(page);

    await dying.kill();
    // The service worker shows a page of which it has a copy.
    await page.goto(`${front.url}/service-worker`);
    expect(await textOn(page)).toContain('Installed');
    // The visitor gets our page for an address of which there is no copy.
    await page.goto(`${front.url}/part`);
    const dead = await textOn(page);
    expect(await recordOfSeen(front, dead)).toMatchObject({
      message: 'Origin did not answer',
      answer: { format: 'html' },
    });
    await page.close();
    witness(test, {
      software: 'Chromium',
      version,
      done: 'pages and forms through a service worker that keeps copies',
      without: good,
      through: good,
      dead,
    });
  });

  describe('an app on another origin whose API is dead', () => {
    let app: Daemon;
    let listed: RunningWorker;
    let everybody: RunningWorker;
    let unlisted: RunningWorker;

    beforeAll(async () => {
      app = await startServer('pages');
      const api = await startServer('pages');
      listed = await startBehind(api, { CORS_ORIGINS: `https://shop.example ${app.url}` });
      everybody = await startBehind(api, { CORS_ORIGINS: '*' });
      unlisted = await startBehind(api, { CORS_ORIGINS: 'https://shop.example' });
      await api.kill();
    });

    async function fetchFrom(base: string, path: string, init: object): Promise<Fetched> {
      const page = await context.newPage();
      await page.goto(`${app.url}/next`);
      const fetched = await page.evaluate<Fetched>(
        `fetch(${JSON.stringify(base + path)}, ${JSON.stringify(init)}).then(
          async (answer) => ({ status: answer.status, id: answer.headers.get('X-Request-Id'), body: await answer.text() }),
          (error) => ({ error: String(error) }),
        )`,
      );
      await page.close();
      return fetched;
    }

    it.for(calls)(
      'listed: reads status, ID and problem details of $name',
      async ({ name, path, init }, test) => {
        const fetched = await fetchFrom(listed.url, path, init);
        expect(fetched.status).toBe(500);
        expect(fetched.id).toMatch(requestIdPattern);
        expect(JSON.parse(fetched.body ?? '')).toMatchObject({ status: 500, request_id: fetched.id });
        const record = await recordOfSeen(listed, fetched.id ?? '');
        expect(record).toMatchObject({ message: 'Origin did not answer', answer: { format: 'json' } });
        witness(test, {
          software: 'Chromium',
          version,
          done: `${name} from an app on another origin, listed in CORS_ORIGINS`,
          without: 'what the API allows',
          through: 'what the API allows',
          dead: `${fetched.status}: ${fetched.body}`,
        });
      },
    );

    it('a preflight that was let through is in the record as such', async () => {
      await fetchFrom(listed.url, '/asked-before', { method: 'PATCH' });
      expect(await recordAt(listed, '/asked-before')).toMatchObject({
        answer: { format: 'preflight' },
        http: { request: { method: 'OPTIONS' }, response: { status_code: 204 } },
      });
    });

    it('with "*": reads a simple request without cookies, and nothing else', async () => {
      for (const { path, init } of calls) {
        const fetched = await fetchFrom(everybody.url, path, init);
        if (path === '/simple') expect(fetched).toMatchObject({ status: 500, id: expect.any(String) });
        else expect(fetched.error).toContain('Failed to fetch');
      }
    });

    it('not listed: sees what it sees today', async () => {
      for (const { path, init } of calls) {
        expect((await fetchFrom(unlisted.url, path, init)).error).toContain('Failed to fetch');
      }
    });
  });
});
