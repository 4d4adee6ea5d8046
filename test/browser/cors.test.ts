/** A browser app on another origin, whose API fails behind the Worker. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findChromium, launchChromium, openPage } from '../support/browser.ts';
import { startOrigin, unusedPort, type Origin } from '../support/origin.ts';
import { startWorkers, type RunningWorker } from '../support/workerd.ts';

const chromium = findChromium();

/** The parts of a response, or of a failed fetch, that a script can see. */
interface Seen {
  readonly error?: string;
  readonly status: number;
  readonly requestId: string | null;
  readonly contentType: string | null;
  readonly body: { readonly status: number; readonly request_id: string };
}

describe.skipIf(chromium === undefined)('a browser app on another origin', () => {
  let browser: Browser;
  /** The app. Its page is on the origin's own port, which is another origin to the browser. */
  let app: Page;
  let origin: Origin;
  let worker: RunningWorker;
  /** Lists the app in CORS_ORIGINS, and sets a short time limit for the origin. */
  let trusting: RunningWorker;
  let withoutOrigin: RunningWorker;

  beforeAll(async () => {
    origin = await startOrigin();
    const bundle = inject('bundle');
    const nobody = `http://127.0.0.1:${await unusedPort()}`;
    const listed = { CORS_ORIGINS: origin.url, ORIGIN_TIMEOUT_MS: 300 };
    ({ worker, trusting, withoutOrigin } = await startWorkers({
      worker: { bundle, vars: { ORIGIN_URL: origin.url } },
      trusting: { bundle, vars: { ORIGIN_URL: origin.url, ...listed } },
      withoutOrigin: { bundle, vars: { ORIGIN_URL: nobody, ...listed } },
    }));
    browser = await launchChromium(chromium ?? '');
    ({ page: app } = await openPage(browser));
    await app.goto(`${origin.url}/ok`);
  });

  afterAll(async () => {
    await browser.close();
    // The Workers share one process.
    await worker.stop();
    await origin.stop();
  });

  /** Sends a fetch from the app through the Worker. */
  function fetchFromApp(path: string, init: object, from = worker): Promise<Seen> {
    return app.evaluate<Seen>(
      `fetch('${from.url}${path}', ${JSON.stringify(init)}).then(
        async (response) => ({
          status: response.status,
          requestId: response.headers.get('X-Request-Id'),
          contentType: response.headers.get('Content-Type'),
          body: await response.json(),
        }),
        (error) => ({ error: String(error) }),
      )`,
    );
  }

  const calls = [
    { name: 'a plain fetch', init: {} },
    { name: 'a fetch with cookies', init: { credentials: 'include' } },
    { name: 'a fetch after a preflight', init: { method: 'PUT', headers: { 'X-App': '1' }, body: '{}' } },
  ] as const;

  it.each(calls)('$name sees status 500, the request ID and problem details', async ({ init }) => {
    const seen = await fetchFromApp('/cors-503', init);
    expect(seen.status).toBe(500);
    expect(seen.requestId).toMatch(/^[\da-f-]{36}$/);
    expect(seen.contentType).toBe('application/problem+json; charset=utf-8');
    expect(seen.body).toMatchObject({ status: 500, request_id: seen.requestId });
  });

  it('sees no more of an API without CORS headers than without the Worker', async () => {
    const seen = await fetchFromApp('/problem-503', {});
    expect(seen.error).toContain('Failed to fetch');
  });

  describe.each(calls)('listed in CORS_ORIGINS: $name reads 500 and the ID', ({ init }) => {
    it.each([
      ['refuses', '/ok', () => withoutOrigin],
      ['resets', '/reset', () => trusting],
      ['is silent', '/silent', () => trusting],
      ['answers 503 without CORS headers', '/problem-503', () => trusting],
    ])('where the origin %s', async (_, path, from) => {
      const seen = await fetchFromApp(path, init, from());
      expect(seen.error).toBeUndefined();
      expect(seen.status).toBe(500);
      expect(seen.requestId).toMatch(/^[\da-f-]{36}$/);
      expect(seen.body).toMatchObject({ status: 500, request_id: seen.requestId });
    });
  });
});
