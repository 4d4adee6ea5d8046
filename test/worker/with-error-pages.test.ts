/** `withErrorPages(handler, settings?)` gives a site that is itself a Worker the same protection. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ask as askFor } from '../support/ask.ts';
import { buildBundle } from '../support/bundle.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

let bundle: string;
let worker: RunningWorker;

beforeAll(async () => {
  bundle = await buildBundle(join(import.meta.dirname, '../fixtures/applications/index.ts'));
  worker = await startWorkerd({ bundle, vars: { SITE_NAME: 'The Shop' } });
});

afterAll(async () => {
  await worker.stop();
  await rm(bundle, { recursive: true });
});

async function ask(path: string) {
  const response = await fetch(worker.url + path, { headers: { Accept: 'text/html' } });
  return { response, body: await response.text(), requestId: response.headers.get('X-Request-Id') ?? '' };
}

describe('an answer of the application', () => {
  it('passes as it is, and the application knows the request ID', async () => {
    const { response, body } = await ask('/');
    expect(response.status).toBe(200);
    expect(body).toMatch(/^hello, request [\da-f-]{36}$/);
    expect(response.headers.has('X-Request-Id')).toBe(false);
  });

  it('of 404 passes too', async () => {
    expect((await ask('/not-found')).body).toBe('404 Not Found');
  });
});

describe('a failure of the application becomes the page, and a record with the same ID', () => {
  it.each([
    [
      'a Hono app that throws',
      '/throws',
      { message: 'Application threw', exception: { type: 'TypeError', message: 'cart is undefined' } },
    ],
    [
      'a Hono app that throws a text',
      '/throws-text',
      { message: 'Application threw', exception: { type: 'string', message: 'out of stock' } },
    ],
    [
      'a Hono app that returns 503',
      '/answers-503',
      { message: 'Application answered 503', error: { type: '503', source: 'application' } },
    ],
    [
      "a Hono app that throws and leaves it to Hono's own error handler",
      '/hono-default',
      { message: 'Application answered 500', error: { type: '500', source: 'application' } },
    ],
    [
      'a plain handler that throws',
      '/plain',
      {
        error: { type: 'RangeError', source: 'application' },
        exception: { type: 'RangeError', message: 'plain The Shop' },
      },
    ],
    [
      'a handler that returns nothing',
      '/plain/nothing',
      { exception: { message: 'The handler returned no Response' } },
    ],
    [
      'a handler that returns Response.error()',
      '/plain/error',
      { exception: { message: 'The handler returned Response.error()' } },
    ],
    [
      'a handler that returns a body which was read',
      '/plain/read',
      { exception: { message: 'The handler returned a Response whose body was already read' } },
    ],
    [
      'a handler that returns a body which is being read',
      '/plain/locked',
      { exception: { message: 'The handler returned a Response whose body was already read' } },
    ],
  ])('%s', async (_title, path, expected) => {
    const { response, body, requestId } = await ask(path);
    expect(response.status).toBe(500);
    expect(body).toContain(`>${requestId}</code>`);
    expect(body).not.toContain('SECRET');
    expect(await worker.recordsOf(requestId)).toEqual([expect.objectContaining({ request_id: requestId })]);
    expect((await worker.recordsOf(requestId))[0]).toMatchObject(expected);
  });
});

describe('settings', () => {
  it('come from the second argument and, where it has none, from env', async () => {
    const { body, requestId } = await ask('/throws');
    expect(body).toContain(`href="https://shop.example/help?ref=${requestId}"`);
    expect(body).toContain('The Shop');
  });

  it('in the second argument win', async () => {
    const { body } = await askWith({ SUPPORT_URL: 'https://other.example/' });
    expect(body).toContain('href="https://shop.example/help?ref=');
  });

  it('about the origin are none of its business: they may be variables of the application', async () => {
    const { logs } = await askWith({
      ORIGIN: 'https://shop.example',
      ORIGIN_URL: 'https://api.shop.example/v1',
      ORIGIN_TIMEOUT_MS: 'soon',
      ERROR_STATUS: '404',
    });
    const warnings = logs.filter(({ level }) => level === 'warn').map(({ message }) => message);
    expect(warnings).toEqual([
      [expect.stringMatching(/^Settings not used: ERROR_STATUS is "404", [^:]*: [^:]*: 500\.$/)],
    ]);
  });

  /** Sends a failing request with other variables. Returns the page and the log. */
  async function askWith(vars: Readonly<Record<string, string>>) {
    const other = await startWorkerd({ bundle, vars });
    onTestFinished(() => other.stop());
    const answer = await askFor(other, { path: '/throws', headers: { Accept: 'text/html' } });
    await other.recordsOf(answer.header('X-Request-Id') ?? '');
    return { body: answer.text, logs: other.logs };
  }
});

describe('other handlers of the Worker', () => {
  it('stay what they were', async () => {
    expect(JSON.parse((await ask('/handlers')).body)).toEqual(['fetch', 'scheduled']);
  });
});
