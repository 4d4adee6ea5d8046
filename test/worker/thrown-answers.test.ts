/**
 * An answer that an application throws stays an answer. Any other thrown value is a failure, logged by its own name.
 */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { buildLibraryBundle } from '../support/library-bundle.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

const applications = `
  import { Hono } from 'hono';
  import { HTTPException } from 'hono/http-exception';
  import { onError } from './with-error-pages.ts';
  import { WorkerEntrypoint } from 'cloudflare:workers';

  const plain = withErrorPages({
    fetch(request) {
      switch (new URL(request.url).pathname) {
        case '/plain/thrown-401': throw new Response('log in', { status: 401, headers: { 'WWW-Authenticate': 'Basic' } });
        case '/plain/thrown-503': throw new Response('SECRET', { status: 503, headers: { 'Retry-After': '60' } });
        case '/plain/http-404': throw new HTTPException(404, { message: 'no such cart' });
        case '/plain/http-503': throw new HTTPException(503, { message: 'SECRET' });
        case '/plain/websocket': return new Response(null, { status: 101, webSocket: new WebSocketPair()[0] });
        case '/plain/read-200': return readBefore(200);
        case '/plain/no-answer': return Response.error();
        case '/plain/suppressed': throw new SuppressedError(new TypeError('inner'), new RangeError('hidden'), 'both');
        case '/plain/flags': throw Object.assign(new Error('reset'), { durableObjectReset: true, retryable: true, code: 'E_DO' });
      }
      return readBefore(503);
    },
  });
  async function readBefore(status) {
    const response = new Response('SECRET', { status, headers: { 'Retry-After': '30' } });
    await response.text();
    return response;
  }

  const sub = new Hono();
  sub.get('/throws', () => { throw new TypeError('sub-app'); });
  const app = new Hono();
  app.onError(onError);
  app.get('/hono/login', () => { throw new HTTPException(401, { message: 'who are you' }); });
  app.get('/hono/throws', () => { throw new TypeError('cart is undefined'); });
  app.use('/hono/busy/*', async (c, next) => {
    await next();
    c.header('Retry-After', '600');
  });
  app.get('/hono/busy/throws', () => { throw new TypeError('too many'); });
  app.get('/hono/busy/http', () => { throw new HTTPException(503); });
  app.use('/hono/chosen/*', async (c, next) => {
    await next();
    if (c.res.status === 500) c.res = new Response('SECRET', { status: 503 });
  });
  app.get('/hono/chosen/throws', () => { throw new TypeError('busy'); });
  app.route('/hono/sub', sub);
  const hono = withErrorPages(app);

  class Site extends WorkerEntrypoint {
    fetch(request) {
      if (request.url.endsWith('/throws')) throw new RangeError('in a class ' + this.env.NAME);
      if (request.url.endsWith('/busy')) return new Response('', { status: 503, headers: { 'Retry-After': '120' } });
      return new Response('a class, ' + this.other());
    }
    other() { return 'with another method'; }
  }
  const Wrapped = withErrorPages(Site, {}, {
    template: '<!doctype html><title>{{heading}}</title><code id="id">{{request_id}}</code>{{explanation}}',
    languages: { en: { heading: 'Oh dear', tryIn: 'We expect you {when}.' } },
  });

  export default {
    fetch(request, env, ctx) {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith('/hono')) return hono.fetch(request, env, ctx);
      if (pathname.startsWith('/class')) return new Wrapped(ctx, env).fetch(request);
      return plain.fetch(request, env, ctx);
    },
  };
`;

let bundle: string;
let worker: RunningWorker;

beforeAll(async () => {
  bundle = await buildLibraryBundle(applications);
  worker = await startWorkerd({ bundle, vars: { NAME: 'Shop' } });
});

afterAll(async () => {
  await worker.stop();
  await rm(bundle, { recursive: true });
});

const visit = (path: string, accept = 'text/html') => ask(worker, { path, headers: { Accept: accept } });

describe('below 500', () => {
  it.each([
    ['a Response', '/plain/thrown-401', 401, 'log in'],
    ['an HTTPException', '/plain/http-404', 404, 'no such cart'],
    ["an HTTPException through Hono's onError", '/hono/login', 401, 'who are you'],
  ])('%s that is thrown passes as it is, and nothing is logged', async (_, path, status, text) => {
    const answer = await visit(path);
    expect([answer.status, answer.text]).toEqual([status, text]);
    expect(answer.header('Proxy-Status')).toBeUndefined();
    expect(JSON.stringify(worker.logs)).not.toContain(path);
  });

  it('a login prompt keeps its header', async () => {
    expect((await visit('/plain/thrown-401')).header('WWW-Authenticate')).toBe('Basic');
  });
});

describe('a failure', () => {
  it.each([
    [
      'a Response of 503 that is thrown',
      '/plain/thrown-503',
      { message: 'Application answered 503', error: { type: '503', source: 'application' } },
      '60',
    ],
    [
      'an HTTPException of 503',
      '/plain/http-503',
      { message: 'Application answered 503', exception: { type: 'Error' } },
      undefined,
    ],
    [
      'an answer whose body was read',
      '/plain/read',
      { message: 'Application answered 503', error: { type: '503' } },
      '30',
    ],
    [
      'a WebSocket for who asked for none',
      '/plain/websocket',
      {
        message: 'Application threw',
        exception: { type: 'TypeError', message: expect.stringContaining('returned a WebSocket') },
      },
      undefined,
    ],
    [
      'a good answer whose body was read',
      '/plain/read-200',
      { exception: { message: 'The handler returned a Response whose body was already read' } },
      undefined,
    ],
    [
      'what stands for no answer',
      '/plain/no-answer',
      { exception: { message: 'The handler returned Response.error()' } },
      undefined,
    ],
    [
      'an exception in Hono',
      '/hono/throws',
      {
        message: 'Application threw',
        error: { type: 'TypeError', source: 'application' },
        exception: { message: 'cart is undefined' },
      },
      undefined,
    ],
    [
      'an exception that middleware answers with 503',
      '/hono/chosen/throws',
      {
        message: 'Application answered 503',
        error: { type: '503', source: 'application' },
        exception: { type: 'TypeError', message: 'busy' },
      },
      undefined,
    ],
    [
      'an exception in a sub-app',
      '/hono/sub/throws',
      { message: 'Application threw', exception: { message: 'sub-app' } },
      undefined,
    ],
    [
      'an exception in a class',
      '/class/throws',
      { error: { type: 'RangeError' }, exception: { message: 'in a class Shop' } },
      undefined,
    ],
    [
      'a SuppressedError',
      '/plain/suppressed',
      { exception: { cause: expect.stringMatching(/inner[^]*hidden/) } },
      undefined,
    ],
    [
      'an error with flags',
      '/plain/flags',
      { exception: { code: 'E_DO', flags: ['retryable', 'durableObjectReset'] } },
      undefined,
    ],
  ])('%s is the page and one record that says so', async (_, path, expected, retryAfter) => {
    const answer = await visit(path);
    expect(answer.status).toBe(500);
    expect(answer.text).toContain('id="id"');
    expect(answer.text).not.toContain('SECRET');
    expect(answer.header('Retry-After')).toBe(retryAfter);
    const records = await worker.recordsOf(answer.header('X-Request-Id') ?? '');
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject(expected);
  });
});

describe('the Retry-After', () => {
  it.each([
    ['/plain/thrown-503', 60, 'in 1 minute'],
    ['/hono/busy/throws', 600, 'in 10 minutes'],
    ['/hono/busy/http', 600, 'in 10 minutes'],
  ])('of %s is the header, a sentence, and a member of the problem details', async (path, seconds, when) => {
    const page = await visit(path);
    expect(page.header('Retry-After')).toBe(String(seconds));
    expect(page.text).toContain(`Please try again ${when}.`);
    const problem = await visit(path, 'application/json');
    expect(JSON.parse(problem.text)).toMatchObject({ retry_after: seconds });
  });
});

it('a class keeps its other methods', async () => {
  expect((await visit('/class')).text).toBe('a class, with another method');
});

it("a template and texts of one's own are the page", async () => {
  const answer = await visit('/class/throws');
  expect(answer.text).toMatch(
    /^<!doctype html><title>Oh dear<\/title><code id="id">[\da-f-]{36}<\/code>The server /,
  );
});

it("says in one's own words when to try again", async () => {
  expect((await visit('/class/busy')).text).toMatch(/complete your request\. We expect you in 2 minutes\.$/);
  expect((await visit('/class/busy', 'text/plain')).text).toContain('We expect you in 2 minutes.');
});

it('nothing reaches the runtime as an exception', () => {
  expect(worker.uncaught).toBe(0);
});
