/** Your own routes and middleware in src/index.ts change neither answers nor failures of the origin. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { WebSocket } from 'ws';
import { ask, askRaw } from '../support/ask.ts';
import { buildSource } from '../support/library-bundle.ts';
import { type Origin, startOrigin, unusedPort } from '../support/origin.ts';
import { type RunningWorker, startWorkerd, startWorkers } from '../support/workerd.ts';

const own = `
import { HTTPException } from 'hono/http-exception';
app.get('/health', (c) => c.text('healthy', 200, { 'X-Own': 'yes' }));
app.get('/throws', () => { throw new TypeError('my own'); });
app.get('/login', () => { throw new HTTPException(401, { message: 'who are you' }); });
app.get('/answers-503', (c) => c.text('SECRET', 503));
`;
const middleware = `
app.use(async (c, next) => {
  await next();
  if (c.req.query('fallback') && c.res.status >= 500) return (c.res = undefined, c.res = c.text('fallback'));
  if (c.req.query('reads')) await c.res.text();
  if (c.req.query('throws-text')) throw 'a text';
  if (c.req.query('throws')) throw new TypeError('in middleware');
  if (c.req.query('gone')) return (c.res = new Response(c.res.body, { status: 410, headers: c.res.headers }));
  if (c.res.status < 600 && c.res.status > 199 && !c.res.bodyUsed) c.header('X-Middleware', 'yes');
});
`;

let origin: Origin;
let routed: RunningWorker;
let behind: RunningWorker;
let dead: RunningWorker;
const bundles: string[] = [];

async function bundleWith(source: string): Promise<string> {
  const index = await readFile(join(import.meta.dirname, '../../src/index.ts'), 'utf8');
  const bundle = await buildSource(index.replace(/^app\.notFound/m, `${source}\n$&`));
  bundles.push(bundle);
  return bundle;
}

beforeAll(async () => {
  origin = await startOrigin();
  const ORIGIN_URL = `http://127.0.0.1:${await unusedPort()}`;
  routed = await startWorkerd({ bundle: await bundleWith(own), route: origin.host });
  const bundle = await bundleWith(own + middleware);
  behind = await startWorkerd({ bundle, route: origin.host });
  dead = (await startWorkers({ dead: { bundle, vars: { ORIGIN_URL } } })).dead;
});

afterAll(async () => {
  for (const worker of [routed, behind, dead]) await worker.stop();
  await origin.stop();
  for (const bundle of bundles) await rm(bundle, { recursive: true });
});

const failureAt = async (worker: RunningWorker, path: string, method = 'GET') => {
  const answer = await ask(worker, { method, path, headers: { Accept: 'text/html' } });
  expect(answer.status).toBe(500);
  const [record] = await worker.recordsOf(answer.header('X-Request-Id') ?? '');
  return { answer, record };
};

describe('a route of one’s own', () => {
  test.each(['GET', 'HEAD'])('answers %s itself', async (method) => {
    origin.clear();
    const answer = await ask(routed, { method, path: '/health' });
    expect(answer.status).toBe(200);
    expect(answer.header('X-Own')).toBe('yes');
    expect(answer.text).toBe(method === 'GET' ? 'healthy' : '');
    expect(origin.seen).toEqual([]);
  });

  test('that throws is an application’s failure, with its exception', async () => {
    expect((await failureAt(routed, '/throws')).record).toMatchObject({
      message: 'Application threw',
      exception: { type: 'TypeError', message: 'my own' },
    });
    expect((await failureAt(routed, '/answers-503')).record).toMatchObject({
      message: 'Application answered 503',
      error: { source: 'application' },
    });
  });

  test('that throws a login prompt shows it', async () => {
    expect(await ask(routed, { path: '/login' })).toMatchObject({ status: 401, text: 'who are you' });
  });

  test.each(['GET', 'HEAD'])(
    'leaves %s of other paths to the origin, whatever the status',
    async (method) => {
      expect((await ask(routed, { method, path: '/status/999' })).status).toBe(999);
      const { record } = await failureAt(routed, '/status/503', method);
      expect(record).toMatchObject({ message: 'Origin answered 503', error: { source: 'origin' } });
    },
  );
});

describe.each([
  ['without a route', () => inject('bundle')],
  ['behind middleware of one’s own', async () => bundleWith(middleware)],
] as const)('%s', (_, bundle) => {
  let worker: RunningWorker;
  beforeAll(async () => {
    worker = await startWorkerd({ bundle: await bundle(), vars: { ORIGIN_URL: origin.url } });
  });
  afterAll(() => worker.stop());

  test.each([600, 601, 799, 999])('HEAD and GET of %i pass', async (status) => {
    for (const method of ['GET', 'HEAD']) {
      expect((await ask(worker, { method, path: `/status/${status}` })).status).toBe(status);
    }
  });

  test('OPTIONS * reaches the origin', async () => {
    origin.clear();
    const head = 'OPTIONS * HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n';
    expect(String(await askRaw(worker, head))).toMatch(/^HTTP\/1\.1 /);
    expect(origin.seen.map(({ method }) => method)).toEqual(['OPTIONS']);
  });

  test.each(['/%', '/%zz', '/a%2fb//c', '/?a=%', '/a/../b', '//shop'])(
    '%s reaches the origin',
    async (target) => {
      origin.clear();
      await askRaw(
        worker,
        Buffer.from(`GET ${target} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n`),
      );
      expect(origin.seen).toHaveLength(1);
    },
  );

  test('a WebSocket opens', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${worker.port}/websocket`);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.close();
  });
});

describe('behind middleware', () => {
  test('a failure of the origin is the origin’s', async () => {
    const { answer, record } = await failureAt(behind, '/status/503');
    expect(record).toMatchObject({
      message: 'Origin answered 503',
      error: { type: '503', source: 'origin' },
    });
    expect(answer.header('Proxy-Status')).toBe('edge-error-interceptor; received-status=503');
  });

  test('an origin that is down did not answer', async () => {
    expect((await failureAt(dead, '/page')).record).toMatchObject({
      message: 'Origin did not answer',
      error: { type: 'destination_unavailable', source: 'network' },
    });
  });

  test('a good answer has what the middleware adds', async () => {
    const answer = await ask(behind, { path: '/ok' });
    expect([answer.status, answer.header('X-Middleware')]).toEqual([200, 'yes']);
    expect((await ask(behind, { method: 'HEAD', path: '/ok' })).header('X-Middleware')).toBe('yes');
  });

  test.each(['GET', 'HEAD'])('a status that the middleware chose passes: %s', async (method) => {
    expect((await ask(behind, { method, path: '/ok?gone=1' })).status).toBe(410);
  });

  test.each(['GET', 'HEAD'])('a text that the middleware throws is an application’s: %s', async (method) => {
    expect((await failureAt(behind, '/ok?throws-text=1', method)).record).toMatchObject({
      message: 'Application threw',
      exception: { type: 'string', message: 'a text' },
    });
  });

  test('an answer whose body the middleware has read is a failure, with its record', async () => {
    expect((await failureAt(behind, '/ok?reads=1')).record).toMatchObject({
      exception: { message: 'The handler returned a Response whose body was already read' },
    });
  });

  test('a fallback of its own passes', async () => {
    expect(await ask(behind, { path: '/status/503?fallback=1' })).toMatchObject({
      status: 200,
      text: 'fallback',
    });
    expect(await ask(dead, { path: '/page?fallback=1' })).toMatchObject({ status: 200, text: 'fallback' });
  });

  test('an exception of its own is an application’s', async () => {
    expect((await failureAt(behind, '/ok?throws=1')).record).toMatchObject({
      message: 'Application threw',
      exception: { message: 'in middleware' },
    });
  });
});
