/**
 * An exception belongs to its request, even if the application was given another context or a copy of the request.
 */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { buildLibraryBundle } from '../support/library-bundle.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

const applications = `
  import { Hono } from 'hono';
  import { onError } from './with-error-pages.ts';
  import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';

  const app = new Hono();
  app.onError(onError);
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  app.get('*', async (c) => {
    const [, path] = /([^/]*)$/.exec(c.req.path);
    switch (path) {
      case 'throws': throw new TypeError('cart is undefined');
      case 'slow-throws': await wait(300); throw new TypeError('slowly');
      case 'slow-503': await wait(600); return c.text('SECRET', 503);
      case 'late': c.executionCtx.waitUntil(wait(50).then(() => onError(new TypeError('too late'), c))); return c.text('fine');
      case 'caught': try { throw new RangeError('by my own'); } catch (error) { return onError(error, c); }
    }
    return c.text('SECRET', Number(path));
  });

  export const Room = withErrorPages(class extends DurableObject {
    fetch(request) { return app.fetch(request, this.env, this.ctx); }
  });
  class Site extends WorkerEntrypoint {
    fetch = (request) => app.fetch(request, this.env, this.ctx);
  }
  const Field = withErrorPages(Site);

  const outer = new Hono();
  outer.onError(onError);
  outer.mount('/mounted', (request, env, ctx) => app.fetch(request, env, ctx));
  outer.route('/routed', app);

  const sites = {
    'plain': withErrorPages(app),
    'another-context': withErrorPages({ fetch: (request, env) => app.fetch(request, env, { waitUntil() {} }) }),
    'no-context': withErrorPages({ fetch: (request, env) => app.fetch(request, env) }),
    'copy': withErrorPages({ fetch: (request, env, ctx) => app.fetch(new Request(request), env, ctx) }),
    'mounted': withErrorPages(outer),
    'routed': withErrorPages(outer),
    'frozen': withErrorPages(Object.freeze({ fetch: app.fetch, scheduled() {} })),
  };

  export default {
    fetch(request, env, ctx) {
      const name = new URL(request.url).pathname.split('/')[1];
      if (name === 'durable-object') return ctx.exports.Room.getByName('one').fetch(request);
      if (name === 'field') return new Field(ctx, env).fetch(request);
      return sites[name].fetch(request, env, ctx);
    },
  };
`;

let bundle: string;
let worker: RunningWorker;

beforeAll(async () => {
  bundle = await buildLibraryBundle(applications);
  worker = await startWorkerd({
    bundle,
    vars: { TRUST_REQUEST_ID: true },
    durableObjects: ['Room'],
  });
});

afterAll(async () => {
  await worker.stop();
  await rm(bundle, { recursive: true });
});

async function recordOf(path: string, headers: Record<string, string> = {}) {
  const answer = await ask(worker, { path, headers: { Accept: 'text/html', ...headers } });
  expect(answer.status).toBe(500);
  const [record] = await worker.recordsOf(answer.header('X-Request-Id') ?? '');
  return record;
}

describe.each([
  'plain',
  'durable-object',
  'field',
  'another-context',
  'no-context',
  'copy',
  'mounted',
  'routed',
  'frozen',
])('%s', (name) => {
  it('an exception is in the record of its own request', async () => {
    expect(await recordOf(`/${name}/throws`)).toMatchObject({
      message: 'Application threw',
      error: { type: 'TypeError', source: 'application' },
      exception: { type: 'TypeError', message: 'cart is undefined' },
    });
    expect(await recordOf(`/${name}/caught`)).toMatchObject({ exception: { message: 'by my own' } });
  });

  it.each([500, 503])('and in no record of a later %i that is only returned', async (status) => {
    await recordOf(`/${name}/throws`);
    const record = await recordOf(`/${name}/${status}`);
    expect(record).toMatchObject({ message: `Application answered ${status}` });
    expect(record).not.toHaveProperty('exception');
  });
});

it('an exception that comes after the answer belongs to nobody', async () => {
  const id = 'late-0123456789';
  const headers = { 'X-Request-Id': id };
  expect((await ask(worker, { path: '/plain/late', headers })).text).toBe('fine');
  const next = recordOf('/plain/slow-503', headers);
  expect(await next).not.toHaveProperty('exception');
});

it('where two requests in flight share an ID, a copy of one tells nothing, and the other gets nothing', async () => {
  const headers = { 'X-Request-Id': 'shared-0123456789' };
  const answers = await Promise.all(
    ['/copy/slow-throws', '/copy/slow-503'].map((path) => ask(worker, { path, headers })),
  );
  expect(answers.map(({ status }) => status)).toEqual([500, 500]);
  const records = await worker.recordsOf('shared-0123456789', 2);
  expect(records.map(({ message }) => message).toSorted()).toEqual([
    'Application answered 500',
    'Application answered 503',
  ]);
  for (const record of records) expect(record).not.toHaveProperty('exception');
});

it('where two requests in flight share an ID, each that was handed on itself keeps its own', async () => {
  const headers = { 'X-Request-Id': 'themselves-0123456789' };
  await Promise.all(['/plain/slow-throws', '/plain/slow-503'].map((path) => ask(worker, { path, headers })));
  const records = await worker.recordsOf('themselves-0123456789', 2);
  expect(records.find(({ message }) => message === 'Application threw')).toMatchObject({
    exception: { message: 'slowly' },
  });
  expect(records.find(({ message }) => message === 'Application answered 503')).not.toHaveProperty(
    'exception',
  );
});
