/** A Worker that is on no route and has no origin: it must not ask itself without end. */
import { request } from 'node:http';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type Origin, startOrigin } from '../support/origin.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

let origin: Origin;
let worker: RunningWorker;

beforeAll(async () => {
  origin = await startOrigin();
  worker = await startWorkerd({ bundle: inject('bundle'), route: origin.host });
});

afterAll(async () => {
  await worker.stop();
  await origin.stop();
});

function ask(
  headers: Record<string, string>,
  path = '/ok',
  method = 'GET',
): Promise<{ status: number; requestId: string }> {
  return new Promise((resolve, reject) => {
    request({ port: worker.port, path, method, headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, requestId: String(response.headers['x-request-id']) });
    })
      .on('error', reject)
      .end();
  });
}

it.each(['localhost:8787', '127.0.0.1', '[::1]:8787', 'edge-error-interceptor.me.workers.dev'])(
  'a request that the Worker sent to itself, at %s, ends in the page and says what to set',
  async (host) => {
    const { status, requestId } = await ask({
      Host: host,
      'CF-Worker': 'edge-error-interceptor.example.com',
    });
    expect(status).toBe(500);
    expect(await worker.recordsOf(requestId)).toMatchObject([
      {
        error: { type: 'proxy_internal_error', source: 'interceptor' },
        exception: { message: expect.stringContaining('Set ORIGIN_URL or ORIGIN, or deploy to a route') },
      },
    ]);
  },
);

it.each([
  ['a visitor', { Host: 'localhost:8787' }],
  ['another Worker, on a route', { Host: 'shop.example', 'CF-Worker': 'partner.example' }],
  [
    'another Worker, at a name that starts alike',
    { Host: 'localhost.example', 'CF-Worker': 'partner.example' },
  ],
])('a request of %s passes', async (_title, headers) => {
  expect(await ask(headers)).toMatchObject({ status: 200 });
});

it("`OPTIONS *`, whose URL workerd cannot ask for, ends in the page, not in Hono's own 404", async () => {
  const { status, requestId } = await ask({ Host: 'shop.example' }, '*', 'OPTIONS');
  expect(status).toBe(500);
  expect(await worker.recordsOf(requestId)).toHaveLength(1);
});
