/** A Worker that is on no route and has no origin must not ask itself without end. */
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { ask } from '../support/ask.ts';
import { type Origin, startListener, startOrigin } from '../support/origin.ts';
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

it.each(['localhost:8787', '127.0.0.1', '[::1]:8787', 'edge-error-interceptor.me.workers.dev'])(
  'a request that the Worker sent to itself, at %s, ends in the page and says what to set',
  async (host) => {
    const headers = { Host: host, 'CF-Worker': 'edge-error-interceptor.example.com' };
    const answer = await ask(worker, { path: '/ok', headers });
    expect(answer.status).toBe(500);
    expect(await worker.recordsOf(answer.header('X-Request-Id') ?? '')).toMatchObject([
      {
        error: { type: 'proxy_loop_detected', source: 'interceptor' },
        exception: { message: expect.stringContaining('Set ORIGIN_URL or ORIGIN, or deploy to a route') },
      },
    ]);
  },
);

it('a Worker that asked itself says so under the ID that the visitor has', async () => {
  const inner = await startWorkerd({ bundle: inject('bundle') });
  const outer = await startWorkerd({ bundle: inject('bundle'), vars: { ORIGIN_URL: inner.url } });
  onTestFinished(async () => {
    await outer.stop();
    await inner.stop();
  });
  const headers = { Host: 'shop.example', 'CF-Worker': 'edge-error-interceptor.example.com' };
  const answer = await ask(outer, { path: '/ok', headers });
  expect(answer.status).toBe(500);
  expect(answer.header('Proxy-Status')).toBe('edge-error-interceptor; error=proxy_loop_detected');
  expect(await outer.recordsOf(answer.header('X-Request-Id') ?? '')).toMatchObject([
    { message: 'Worker asked itself', error: { type: 'proxy_loop_detected', source: 'interceptor' } },
  ]);
});

it('an origin that only speaks of a loop is no loop', async () => {
  let status = 200;
  let said = 'edge-error-interceptor; error=proxy_loop_detected';
  const speaking = await startListener((socket) => {
    socket.once('data', () =>
      socket.end(
        `HTTP/1.1 ${status} Said\r\nProxy-Status: ${said}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      ),
    );
  });
  const own = await startWorkerd({ bundle: inject('bundle'), route: speaking.host });
  onTestFinished(async () => {
    await own.stop();
    await speaking.stop();
  });
  expect((await ask(own)).status).toBe(200);
  status = 503;
  for (said of [
    'other; error=proxy_loop_detected',
    'my-edge-error-interceptor; error=proxy_loop_detected',
    'edge-error-interceptor; error=http_response_timeout',
  ]) {
    const answer = await ask(own);
    expect(await own.recordsOf(answer.header('X-Request-Id') ?? '')).toMatchObject([
      { message: 'Origin answered 503', origin: { proxy_status: said } },
    ]);
  }
});

it('a bound Worker is asked on workers.dev, too', async () => {
  const originWorker = `export default { fetch: () => new Response('bound') };`;
  const own = await startWorkerd({ bundle: inject('bundle'), originWorker });
  onTestFinished(() => own.stop());
  const headers = { Host: 'interceptor.me.workers.dev', 'CF-Worker': 'partner.example' };
  expect(await ask(own, { path: '/', headers })).toMatchObject({ status: 200, text: 'bound' });
});

it.each([
  [
    'ProxyError: dns_error',
    { message: 'Origin did not answer', error: { type: 'dns_error', source: 'network' } },
  ],
  ['ProxyError: made_up', { message: 'Origin threw', error: { type: 'Error', source: 'origin' } }],
  ['dns_error', { message: 'Origin threw', error: { type: 'Error', source: 'origin' } }],
])('a binding that throws "%s" is told apart from a Worker that throws', async (message, expected) => {
  const originWorker = `export default { fetch() { throw new Error(${JSON.stringify(message)}); } };`;
  const own = await startWorkerd({ bundle: inject('bundle'), originWorker });
  onTestFinished(() => own.stop());
  const answer = await ask(own, { headers: { Host: 'shop.example' } });
  expect(await own.recordsOf(answer.header('X-Request-Id') ?? '')).toMatchObject([expected]);
});

it.each([
  ['a visitor', { Host: 'localhost:8787' }],
  ['another Worker, on a route', { Host: 'shop.example', 'CF-Worker': 'partner.example' }],
  [
    'another Worker, at a name that starts alike',
    { Host: 'localhost.example', 'CF-Worker': 'partner.example' },
  ],
])('a request of %s passes', async (_title, headers) => {
  expect(await ask(worker, { path: '/ok', headers })).toMatchObject({ status: 200 });
});

it.each([
  ['ORIGIN_URL is the address that was asked', 'http://localhost:8787', 500],
  ['ORIGIN_URL is another', () => origin.url, 200],
])('where %s, a request that a Worker sent to it ends as it should', async (_title, url, status) => {
  const vars = { ORIGIN_URL: typeof url === 'string' ? url : url() };
  const own = await startWorkerd({ bundle: inject('bundle'), vars });
  onTestFinished(() => own.stop());
  const headers = { Host: 'localhost:8787', 'CF-Worker': 'edge-error-interceptor.example.com' };
  const answer = await ask(own, { path: '/ok', headers });
  expect(answer.status).toBe(status);
  if (status === 500) {
    const [record] = await own.recordsOf(answer.header('X-Request-Id') ?? '');
    expect(record).toMatchObject({ error: { source: 'interceptor' } });
  }
});

it("`OPTIONS *`, whose URL workerd cannot ask for, ends in the page, not in Hono's own 404", async () => {
  const answer = await ask(worker, { path: '*', method: 'OPTIONS', headers: { Host: 'shop.example' } });
  expect(answer.status).toBe(500);
  expect(await worker.recordsOf(answer.header('X-Request-Id') ?? '')).toHaveLength(1);
});
