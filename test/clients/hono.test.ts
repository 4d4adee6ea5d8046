import { sign } from 'hono/jwt';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Question, ask } from '../support/ask.ts';
import { type Application, startApplication } from './support/application.ts';
import { recordOfSeen } from './support/behind.ts';
import { installedVersion } from './support/http-clients.ts';
import { textOf } from './support/visit.ts';
import { witness } from './support/witness.ts';

const basic = (login: string) => ({ Authorization: `Basic ${Buffer.from(login).toString('base64')}` });
const json = { 'Content-Type': 'application/json' };
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const fromApp = { Origin: 'https://app.example' };
const preflight = {
  ...fromApp,
  'Access-Control-Request-Method': 'PUT',
  'Access-Control-Request-Headers': 'x-app',
};
const token = await sign({ sub: 'ada' }, 'a secret of the tests', 'HS256');

/** Every way to ask that Hono answers with less than 500. */
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
  { path: '/basic/ok' },
  { path: '/basic/ok', headers: basic('ada:wrong') },
  { path: '/basic/ok', headers: basic('ada:engine') },
  { path: '/bearer/ok' },
  { path: '/bearer/ok', headers: { Authorization: 'Nonsense' } },
  { path: '/bearer/ok', headers: { Authorization: 'Bearer wrong' } },
  { path: '/bearer/ok', headers: { Authorization: 'Bearer token-of-ada' } },
  { path: '/jwt/ok' },
  { path: '/jwt/ok', headers: { Authorization: 'Bearer a.b.c' } },
  { path: '/jwt/ok', headers: { Authorization: `Bearer ${token}` } },
  { path: '/csrf/ok', method: 'POST', headers: { ...form, Origin: 'https://evil.example' }, body: 'a=1' },
  { path: '/csrf/ok', method: 'POST', headers: { ...json, Origin: 'https://evil.example' }, body: '{}' },
  { path: '/small/ok', method: 'POST', headers: form, body: 'a='.padEnd(100, 'x') },
  { path: '/small/ok', method: 'POST', headers: form, body: 'a=1' },
  { path: '/either/ok' },
  { path: '/either/ok', headers: basic('a:b') },
  { path: '/restricted/ok' },
  { path: '/secure/ok' },
  { path: '/etag/ok' },
  { path: '/compress/ok', headers: { 'Accept-Encoding': 'gzip' } },
  { path: '/powered/ok?pretty' },
  { path: '/slow/ok' },
  { path: '/override/ok', method: 'POST', headers: { ...form }, body: '_method=DELETE' },
  { path: '/trim/ok/' },
  { path: '/valid', method: 'POST', headers: json, body: '{"tea":1}' },
  { path: '/valid', method: 'POST', headers: json, body: '{"coffee":1}' },
  { path: '/valid', method: 'POST', headers: json, body: 'no JSON' },
];

/** One name for all, so that answers which hold it can be compared. */
const named = (question: Question): Question => ({
  ...question,
  headers: { Host: 'shop.example', ...question.headers },
});

const everything = ({ status, rawHeaders, text }: Answer) => ({
  status,
  text,
  headers: rawHeaders.flatMap((name, at) =>
    at % 2 === 1 || /^(?:date|connection|keep-alive)$/i.test(name) ? [] : `${name}: ${rawHeaders[at + 1]}`,
  ),
});

describe('Hono applications', () => {
  const running = new Map<string, Application>();
  const get = (variant: string): Application => {
    const application = running.get(variant);
    if (application === undefined) throw new Error(`No ${variant}`);
    return application;
  };

  beforeAll(async () => {
    for (const VARIANT of ['bare', 'wrapped', 'handled']) {
      running.set(VARIANT, await startApplication('hono', { bindings: { VARIANT } }));
    }
  });

  it.for(['wrapped', 'handled'])(
    '%s: every answer below 500 is as without error pages, and nothing is logged',
    async (variant) => {
      const etag = (await ask(get('bare'), { path: '/etag/ok' })).header('etag') ?? '';
      // A path of its own for each, as what is cached is cached for all.
      const cached = { path: `/cache/ok?${variant}` };
      const again = { path: '/etag/ok', headers: { 'If-None-Match': etag } };
      expect((await ask(get('bare'), again)).status).toBe(304);
      for (const question of [...answered, cached, again]) {
        const bare = everything(await ask(get('bare'), named(question)));
        expect(bare.status, JSON.stringify(question)).toBeLessThan(500);
        expect(everything(await ask(get(variant), named(question))), JSON.stringify(question)).toEqual(bare);
      }
      expect(get(variant).logs.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
    },
  );

  it.for(['wrapped', 'handled'])('%s: a thrown Response below 500 is the answer', async (variant) => {
    const { status, text } = await ask(get(variant), { path: '/thrown-response' });
    expect([status, text]).toEqual([403, '{"error":"Not yours"}']);
  });

  it.for([
    ['wrapped', '/a/throws', 'Application answered 500', undefined],
    ['handled', '/a/throws', 'Application threw', { type: 'TypeError', message: 'cart is undefined' }],
    ['wrapped', '/a/answers-503', 'Application answered 503', undefined],
    ['handled', '/a/answers-503', 'Application answered 503', undefined],
    ['wrapped', '/closed', 'Application answered 503', undefined],
    ['handled', '/closed', 'Application answered 503', { message: 'closed' }],
    ['wrapped', '/slow/answer', 'Application answered 504', undefined],
    ['handled', '/slow/answer', 'Application answered 504', { message: 'Gateway Timeout' }],
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
    const application = get(variant);
    const answer = await ask(application, { path, headers: { Accept: 'text/html' } });
    expect(answer.status).toBe(500);
    const record = await recordOfSeen(application, answer.text);
    expect(record).toMatchObject({ message, error: { source: 'application' }, answer: { format: 'html' } });
    if (exception === undefined) expect(record).not.toHaveProperty('exception');
    else expect(record['exception']).toMatchObject(exception);
  });

  it.for(['wrapped', 'handled'])(
    '%s: an app on another origin can read status and ID of what throws behind cors()',
    async (variant) => {
      for (const path of ['/cors/throws', '/cors/answers-503']) {
        const bare = await ask(get('bare'), { path, headers: fromApp });
        const answer = await ask(get(variant), { path, headers: { ...fromApp, Accept: 'application/json' } });
        expect(answer.status).toBe(500);
        for (const name of ['Access-Control-Allow-Origin', 'Access-Control-Allow-Credentials']) {
          expect(answer.header(name), `${path} ${name}`).toBe(bare.header(name));
        }
        expect(answer.header('Access-Control-Expose-Headers')).toMatch(/X-Total.*X-Request-Id/);
      }
    },
  );

  it('a 503 of an API keeps its Retry-After', async () => {
    const answer = await ask(get('wrapped'), {
      path: '/a/answers-503',
      headers: { Accept: 'application/json' },
    });
    expect(answer.header('retry-after')).toBe('120');
    expect(JSON.parse(answer.text)).toMatchObject({ status: 500, retry_after: 120 });
  });

  it('tells its users what happened, with an ID', async (context) => {
    const headers = { Accept: 'text/html' };
    const [bare, wrapped] = [await ask(get('bare'), { headers }), await ask(get('handled'), { headers })];
    const dead = await ask(get('handled'), { path: '/a/throws', headers });
    expect(await recordOfSeen(get('handled'), dead.text)).toMatchObject({ answer: { format: 'html' } });
    witness(context, {
      software: 'Hono',
      version: installedVersion('hono'),
      done: `${answered.length} requests of logins, CORS, limits, validation and streams, with withErrorPages and with onError`,
      without: `${bare.status}: ${textOf(bare.text)}`,
      through: `${wrapped.status}: ${textOf(wrapped.text)}`,
      dead: `(a handler throws) ${dead.status}: ${textOf(dead.text)}`,
    });
  });
});
