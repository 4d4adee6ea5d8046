import { generateKeyPairSync } from 'node:crypto';
import { sign } from 'hono/jwt';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Question, ask } from '../support/ask.ts';
import type { Application } from './support/application.ts';
import { recordOfSeen } from './support/behind.ts';
import { installedVersion } from './support/http-clients.ts';
import { type Everything, type Form, everythingOf, startForms, withPages } from './support/variants.ts';
import { textOf } from './support/visit.ts';
import { witness } from './support/witness.ts';

const basic = (login: string) => ({ Authorization: `Basic ${Buffer.from(login).toString('base64')}` });
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const from = (origin: string) => ({ Origin: origin });
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const post = (headers: Question['headers'], body = 'a=1'): Question => ({
  method: 'POST',
  headers: { ...form, ...headers },
  body,
});
const preflight = (origin: string): Question => ({
  method: 'OPTIONS',
  headers: {
    Origin: origin,
    'Access-Control-Request-Method': 'PUT',
    'Access-Control-Request-Headers': 'x-app',
  },
});

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const published = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256' };
const jwt = await sign({ sub: 'ada' }, 'a secret of the tests', 'HS256');
const signed = await sign(
  { sub: 'ada' },
  { ...privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256' },
  'RS256',
);

/** The requests for the examples of apps/workers/hono-middleware.ts, below the path of each. Default: `ok`. */
const questions: Readonly<Record<string, readonly Question[]>> = {
  basic: [
    {},
    { headers: basic('ada:wrong') },
    { headers: basic('ada:engine') },
    { headers: basic('eve:apple') },
  ],
  'basic-verified': [{}, { headers: basic('dynamic:word') }],
  bearer: [
    {},
    { headers: { Authorization: 'Nonsense' } },
    { headers: bearer('wrong') },
    { headers: bearer('token-of-eve') },
  ],
  'bearer-verified': [{}, { headers: { 'X-Token': 'wrong' } }, { headers: { 'X-Token': 'dynamic-token' } }],
  limit: [post({}), post({}, 'a='.padEnd(100, 'x'))],
  'limit-told': [
    post({}),
    post({}, 'a='.padEnd(100, 'x')),
    post({ 'Transfer-Encoding': 'chunked' }, 'a='.padEnd(100, 'x')),
  ],
  some: [{}, { headers: basic('a:b') }, { headers: bearer('one') }],
  every: [{}, post(bearer('one')), post(bearer('one'), 'a='.padEnd(100, 'x'))],
  except: [{}, { path: 'open' }, { headers: bearer('one') }],
  compress: [{ headers: { 'Accept-Encoding': 'gzip' } }, { headers: { 'Accept-Encoding': 'deflate' } }, {}],
  stored: [{}],
  cors: [{}, { headers: from('https://app.example') }, preflight('https://app.example')],
  'cors-listed': [
    { headers: from('https://app.example') },
    { headers: from('https://evil.example.net') },
    { method: 'PUT', headers: from('https://other.example') },
    preflight('https://app.example'),
    preflight('https://evil.example.net'),
    { ...preflight('https://app.example'), path: 'throws' },
  ],
  'cors-decided': [{ headers: from('https://app.example') }, { headers: from('https://evil.net') }],
  csrf: [
    {},
    post(from('https://evil.example')),
    post(from('http://shop.example')),
    post({ 'Sec-Fetch-Site': 'cross-site' }),
  ],
  'csrf-listed': [
    post(from('https://app.example')),
    post(from('https://evil.example')),
    post({ 'Sec-Fetch-Site': 'none' }),
  ],
  etag: [{}, { headers: { 'If-None-Match': '"nothing"' } }],
  'etag-weak': [{}],
  denied: [{}],
  allowed: [{}],
  'allowed-others': [{}],
  rendered: [{}],
  jwk: [{}, { headers: bearer('a.b.c') }, { headers: bearer(signed) }],
  'jwk-anonymous': [{}, { headers: bearer(signed) }],
  jwt: [{}, { headers: bearer('a.b.c') }, { headers: bearer(jwt) }],
  'jwt-in-cookie': [{}, { headers: { Cookie: `auth=${jwt}` } }],
  language: [
    {},
    { headers: { 'Accept-Language': 'de-CH, en;q=0.5' } },
    { path: 'ok?lang=de' },
    { headers: { Cookie: 'language=de' } },
  ],
  'language-by-query': [{}, { path: 'ok?in=de' }],
  logged: [{}, { path: 'missing' }],
  'method-known': [{}, { method: 'PATCH' }],
  override: [post({}, '_method=DELETE'), post({})],
  'override-by-header': [post({ 'X-Method': 'DELETE' })],
  'override-by-query': [{ ...post({}), path: 'ok?_method=DELETE' }],
  powered: [{}],
  'powered-by-us': [{}],
  pretty: [{}, { path: 'ok?pretty' }],
  'pretty-always': [{}],
  id: [
    { headers: { 'X-Request-Id': 'a-visitor-s-own' } },
    { headers: { 'X-Request-Id': 'not one! '.repeat(20) } },
  ],
  secure: [{}, { path: 'missing' }],
  'secure-policies': [{}],
  'timeout-long': [{}],
  'timeout-told': [{}, { path: 'slow' }],
  timing: [{}],
  trim: [{ path: 'missing/' }, {}],
  'trim-always': [{ path: 'ok/' }],
  append: [{}, { path: 'ok/' }],
};

/** The answer without the ID that Hono makes anew for each request. */
const withoutOwnId = (answer: Everything) => JSON.stringify(answer).replace(/[\da-f]{8}-[\da-f-]{27}/g, 'ID');

describe('Hono’s middleware', () => {
  let running: Readonly<Record<Form, Application>>;

  beforeAll(async () => {
    running = await startForms('hono-middleware', {
      nodejs: true,
      bindings: { KEYS: JSON.stringify([published]) },
    });
  });

  it.for(withPages)(
    '%s: every documented example answers as without error pages, and logs no failure',
    async (variant) => {
      for (const [name, asked] of Object.entries(questions)) {
        for (const { path = 'ok', ...question } of asked) {
          const whole = { ...question, path: `/${name}/${path}` };
          const bare = await everythingOf(running.bare, whole);
          expect(bare.status, JSON.stringify(whole)).toBeLessThan(500);
          expect(withoutOwnId(await everythingOf(running[variant], whole)), JSON.stringify(whole)).toBe(
            withoutOwnId(bare),
          );
        }
      }
      expect(running[variant].logs.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
    },
  );

  it.for(withPages)(
    '%s: what is cached, and what has not changed, is answered as without error pages',
    async (variant) => {
      // Each form has its own path, because they share one cache.
      for (const path of ['/cache/ok?for=', '/cache-by-key/ok?for=', '/cache-by-key/missing?for=missing-']) {
        for (let time = 1; time <= 2; time++) {
          const bare = await everythingOf(running.bare, { path: `${path}bare-to-${variant}` });
          expect(await everythingOf(running[variant], { path: path + variant }), path).toEqual(bare);
          if (time === 2) expect(bare.headers).toContain('CF-Cache-Status: HIT');
        }
      }
      const etag = (await ask(running.bare, { path: '/etag/ok' })).header('etag') ?? '';
      const again = { path: '/etag/ok', headers: { 'If-None-Match': etag } };
      expect(await everythingOf(running.bare, again)).toHaveProperty('status', 304);
      expect(await everythingOf(running[variant], again)).toEqual(await everythingOf(running.bare, again));
    },
  );

  /** The headers with which the middleware lets a request pass. */
  const pass = (name: string) => {
    const last = questions[name]?.at(-1)?.headers;
    return /^(?:basic|bearer|some|every|except|jwk|jwt)/.test(name) ? { ...last } : {};
  };
  const stops = new Set(['denied', 'allowed-others']);

  it.for(withPages)('%s: an exception behind each of them is the page, with its record', async (variant) => {
    for (const name of Object.keys(questions)) {
      if (stops.has(name)) continue;
      const headers = { ...pass(name), Accept: 'text/html' };
      const answer = await ask(running[variant], { path: `/${name}/throws`, headers });
      expect([name, answer.status]).toEqual([name, 500]);
      const record = await recordOfSeen(running[variant], answer.text);
      const isHandled = variant === 'handled';
      expect(record, name).toMatchObject({
        message: isHandled ? 'Application threw' : 'Application answered 500',
        error: { source: 'application' },
        answer: { format: 'html' },
        ...(isHandled && { exception: { type: 'TypeError', message: 'cart is undefined' } }),
      });
    }
  });

  it.for([
    ['wrapped', 'Application answered 504'],
    ['handled', 'Application answered 504'],
  ] as const)(
    '%s: what timeout() cuts off is the page, and the record says: %s',
    async ([variant, message]) => {
      const answer = await ask(running[variant], { path: '/timeout/slow', headers: { Accept: 'text/html' } });
      expect(answer.status).toBe(500);
      expect(await recordOfSeen(running[variant], answer.text)).toMatchObject({ message });
    },
  );

  it('the ID of requestId() is the one on the page, and the visitor’s own where they sent one', async () => {
    const answer = await ask(running.handled, { path: '/id/ok' });
    expect(answer.text).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
    const failed = await ask(running.handled, {
      path: '/id/throws',
      headers: { 'X-Request-Id': 'a-visitor-s-own' },
    });
    const record = await recordOfSeen(running.handled, failed.text);
    expect(record).toMatchObject({ client: { request_id: 'a-visitor-s-own' } });
  });

  it('what secureHeaders() says of frames, transport and embedding stays on the page of a 5xx', async () => {
    const answer = await ask(running.wrapped, {
      path: '/secure-policies/answers-503',
      headers: { Accept: 'text/html' },
    });
    expect(answer.header('x-frame-options')).toBe('DENY');
    expect(answer.header('strict-transport-security')).toBe('max-age=63072000; includeSubDomains; preload');
    expect(answer.header('cross-origin-resource-policy')).toBe('same-site');
    expect(answer.header('content-security-policy')).toMatch(/frame-ancestors 'none'(?:;|$)/);
  });

  it('logger() logs what it logs without error pages', async () => {
    const lines = ({ logs }: Application) =>
      logs
        .flatMap(({ message }) => message)
        .filter((line) => typeof line === 'string' && /^(?:<--|-->) GET \/logged/.test(line));
    await expect.poll(() => lines(running.handled).length, { timeout: 10_000 }).toBeGreaterThanOrEqual(6);
    expect(lines(running.handled).join('\n')).toMatch(/--> GET \/logged\/throws .*500/);
  });

  it('tells its users what happened, with an ID', async (context) => {
    const headers = { Accept: 'text/html' };
    const [bare, handled] = [
      await ask(running.bare, { path: '/secure/ok' }),
      await ask(running.handled, { path: '/secure/ok' }),
    ];
    expect(handled.text).toBe(bare.text);
    const dead = await ask(running.handled, { path: '/secure/throws', headers });
    expect(await recordOfSeen(running.handled, dead.text)).toMatchObject({ message: 'Application threw' });
    witness(context, {
      software: 'Hono',
      version: installedVersion('hono'),
      done: `${Object.values(questions).flat().length} requests to ${Object.keys(questions).length} examples of its middleware, with withErrorPages and with onError`,
      without: `${bare.status}: ${bare.text}`,
      through: `${handled.status}: ${handled.text}`,
      dead: `(a handler throws) ${dead.status}: ${textOf(dead.text)}`,
    });
  });
});
