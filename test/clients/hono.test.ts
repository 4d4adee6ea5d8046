import { beforeAll, describe, expect, it } from 'vitest';
import { type Question, ask } from '../support/ask.ts';
import type { Application } from './support/application.ts';
import { recordOfSeen } from './support/behind.ts';
import { installedVersion } from './support/http-clients.ts';
import { type Form, everythingOf, startForms, withPages } from './support/variants.ts';
import { textOf } from './support/visit.ts';
import { witness } from './support/witness.ts';

const json = { 'Content-Type': 'application/json' };
const fromApp = { Origin: 'https://app.example' };
const preflight = {
  ...fromApp,
  'Access-Control-Request-Method': 'PUT',
  'Access-Control-Request-Headers': 'x-app',
};

/** Requests to which Hono answers with less than 500, of every kind. */
const answered: readonly Question[] = [
  { path: '/' },
  { path: '/', method: 'HEAD' },
  { path: '/nothing-here' },
  { path: '/moved' },
  { path: '/stream' },
  { path: '/events' },
  { path: '/gone' },
  { path: '/login' },
  { path: '/sub/conflict' },
  { path: '/mounted' },
  { path: '/mounted/login' },
  { path: '/mounted/nothing' },
  { path: '/cors/ok' },
  { path: '/cors/ok', headers: fromApp },
  { path: '/cors/ok', headers: { Origin: 'https://evil.example' } },
  { path: '/cors/ok', method: 'OPTIONS', headers: preflight },
  { path: '/cors/throws', method: 'OPTIONS', headers: preflight },
  { path: '/valid', method: 'POST', headers: json, body: '{"tea":1}' },
  { path: '/valid', method: 'POST', headers: json, body: '{"coffee":1}' },
  { path: '/valid', method: 'POST', headers: json, body: 'no JSON' },
];

describe('Hono applications', () => {
  let running: Readonly<Record<Form, Application>>;

  beforeAll(async () => {
    running = await startForms('hono');
  });

  it.for(withPages)(
    '%s: every answer below 500 is as without error pages, and nothing is logged',
    async (variant) => {
      for (const question of answered) {
        const bare = await everythingOf(running.bare, question);
        expect(bare.status, JSON.stringify(question)).toBeLessThan(500);
        expect(await everythingOf(running[variant], question), JSON.stringify(question)).toEqual(bare);
      }
      expect(running[variant].logs.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
    },
  );

  it.for(withPages)('%s: a thrown Response below 500 is the answer', async (variant) => {
    const { status, text } = await ask(running[variant], { path: '/thrown-response' });
    expect([status, text]).toEqual([403, '{"error":"Not yours"}']);
  });

  it.for([
    ['wrapped', '/a/throws', 'Application answered 500', undefined],
    ['handled', '/a/throws', 'Application threw', { type: 'TypeError', message: 'cart is undefined' }],
    ['wrapped', '/a/answers-503', 'Application answered 503', undefined],
    ['handled', '/a/answers-503', 'Application answered 503', undefined],
    ['wrapped', '/closed', 'Application answered 503', undefined],
    ['handled', '/closed', 'Application answered 503', { message: 'closed' }],
    ['wrapped', '/mounted/breaks', 'Application answered 500', undefined],
    [
      'handled',
      '/mounted/breaks',
      'Application threw',
      { type: 'RangeError', message: 'mounted and broken' },
    ],
    ['handled', '/foreign', 'Application threw', { type: 'RangeError', message: 'no Hono at all' }],
    ['wrapped', '/throws-text', 'Application threw', { message: 'out of stock' }],
    ['handled', '/throws-text', 'Application threw', { message: 'out of stock' }],
  ] as const)('%s: %s is the page, and the record says: %s', async ([variant, path, message, exception]) => {
    const application = running[variant];
    const answer = await ask(application, { path, headers: { Accept: 'text/html' } });
    expect(answer.status).toBe(500);
    const record = await recordOfSeen(application, answer.text);
    expect(record).toMatchObject({ message, error: { source: 'application' }, answer: { format: 'html' } });
    if (exception === undefined) expect(record).not.toHaveProperty('exception');
    else expect(record['exception']).toMatchObject(exception);
  });

  it.for(withPages)(
    '%s: an app on another origin can read status and ID of what throws behind cors()',
    async (variant) => {
      for (const path of ['/cors/throws', '/cors/answers-503']) {
        const bare = await ask(running.bare, { path, headers: fromApp });
        const answer = await ask(running[variant], {
          path,
          headers: { ...fromApp, Accept: 'application/json' },
        });
        expect(answer.status).toBe(500);
        for (const name of ['Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials']) {
          expect(answer.header(name), `${path} ${name}`).toBe(bare.header(name));
        }
        expect(answer.header('Access-Control-Expose-Headers')).toMatch(/X-Total.*X-Request-Id/);
      }
    },
  );

  it('a 503 of an API keeps its Retry-After', async () => {
    const answer = await ask(running.wrapped, {
      path: '/a/answers-503',
      headers: { Accept: 'application/json' },
    });
    expect(answer.header('retry-after')).toBe('120');
    expect(JSON.parse(answer.text)).toMatchObject({ status: 500, retry_after: 120 });
  });

  it('tells its users what happened, with an ID', async (context) => {
    const headers = { Accept: 'text/html' };
    const [bare, wrapped] = [await ask(running.bare, { headers }), await ask(running.handled, { headers })];
    const dead = await ask(running.handled, { path: '/a/throws', headers });
    expect(await recordOfSeen(running.handled, dead.text)).toMatchObject({ answer: { format: 'html' } });
    witness(context, {
      software: 'Hono',
      version: installedVersion('hono'),
      done: `${answered.length} requests for pages, streams, what is thrown and what is mounted, with withErrorPages and with onError`,
      without: `${bare.status}: ${textOf(bare.text)}`,
      through: `${wrapped.status}: ${textOf(wrapped.text)}`,
      dead: `(a handler throws) ${dead.status}: ${textOf(dead.text)}`,
    });
  });
});
