/** The answer to a visitor or a program when the origin fails, through the whole Worker. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import type { Form } from '../../src/answer/who-asks.ts';
import { escapeHtml } from '../../src/page/create-page.ts';
import { languages } from '../../src/page/languages.ts';
import { vary } from '../support/expect-page.ts';
import { secret, startOrigin, type Origin } from '../support/origin.ts';
import { languageTags } from '../support/sample-page.ts';
import { startWorkerd, type RunningWorker } from '../support/workerd.ts';

const UUID = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let origin: Origin;
let worker: RunningWorker;

beforeAll(async () => {
  origin = await startOrigin();
  worker = await startWorkerd({ bundle: inject('bundle'), vars: { ORIGIN_URL: origin.url } });
});

afterAll(async () => {
  await worker.stop();
  await origin.stop();
});

/** Sends exactly these headers. Node's fetch would add some of its own. */
async function ask(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  { method = 'GET', from = worker }: { method?: string; from?: RunningWorker } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${from.url}${path}`, { method, headers, agent: false }, (response) => {
      text(response).then(
        (body) => resolve({ status: response.statusCode, headers: response.headers, body }),
        reject,
      );
    });
    request.on('error', reject);
    request.end();
  });
}

function json(answer: Answer): unknown {
  return JSON.parse(answer.body);
}

const html = 'text/html; charset=utf-8';
const problem = 'application/problem+json; charset=utf-8';
const plain = 'text/plain; charset=utf-8';

describe('the format', () => {
  it.each<[client: string, headers: Record<string, string>, contentType: string]>([
    ['a client of XML', { Accept: 'application/xml' }, plain],
    ['a client that refuses everything', { Accept: '*/*;q=0' }, html],
    ['a client that sends rubbish', { Accept: ';;;,,,"' }, html],
    ['a client that sends 60 kB', { Accept: 'a/b;q=0.1,'.repeat(6000) }, plain],
  ])('for %s', async (_client, headers, contentType) => {
    const answer = await ask('/status/503', headers);
    expect(answer.status).toBe(500);
    expect(answer.headers['content-type']).toBe(contentType);
    expect(answer.body).toContain(answer.headers['x-request-id']);
  });

  it('is problem details (RFC 9457) with the request ID for programs', async () => {
    const answer = await ask('/status/503', { Accept: 'application/json' });
    const message =
      'The server was unable to complete your request. Please try again later. ' +
      `Server logs contain details of this error with request ID: ${answer.headers['x-request-id']}`;
    expect(json(answer)).toEqual({
      title: 'Internal Server Error',
      status: 500,
      detail: 'The server was unable to complete your request. Please try again later.',
      message,
      error: message,
      retryable: true,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      request_id: answer.headers['x-request-id'],
    });
  });

  it('is plain text that a person can read for who asks for text', async () => {
    const answer = await ask('/status/503', { Accept: 'text/plain' });
    expect(answer.body.split('\n')).toEqual([
      '500 Internal Server Error',
      '',
      'Something went wrong',
      'The server was unable to complete your request. Please try again later.',
      `Server logs contain details of this error with request ID: ${answer.headers['x-request-id']}`,
      '',
      expect.stringMatching(/^127\.0\.0\.1:\d+ · \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/),
      '',
    ]);
  });
});

describe('the language', () => {
  it.each([
    ['zh-TW,zh;q=0.9,en;q=0.8', 'zh-Hant', 'ltr', '發生錯誤'],
    ['ar-EG,ar;q=0.9', 'ar', 'rtl', 'حدث خطأ ما'],
    ['*', 'en', 'ltr', 'Something went wrong'],
    ['<script>', 'en', 'ltr', 'Something went wrong'],
  ])('of a visitor who sends %s is %s', async (header, language, dir, heading) => {
    const answer = await ask('/status/503', { 'Accept-Language': header });
    expect(answer.headers['content-language']).toBe(language);
    expect(answer.body).toContain(`<html lang="${language}" dir="${dir}">`);
    expect(answer.body).toContain(`<h1>${heading}</h1>`);
  });

  it('is that of problem details and plain text, too', async () => {
    const german = { 'Accept-Language': 'de' };
    const asJson = await ask('/status/503', { ...german, Accept: 'application/json' });
    expect(asJson.headers['content-language']).toBe('de');
    expect(json(asJson)).toMatchObject({ detail: expect.stringContaining('Der Server konnte') });
    const asText = await ask('/status/503', { ...german, Accept: 'text/plain' });
    expect(asText.headers['content-language']).toBe('de');
    expect(asText.body).toContain('Etwas ist schiefgelaufen');
  });
});

describe('every form speaks every language', () => {
  const forms: Readonly<Record<Form | 'text for git', Readonly<Record<string, string>>>> = {
    html: { Accept: 'text/html' },
    fragment: { 'HX-Request': 'true' },
    json: { Accept: 'application/json' },
    markdown: { Accept: 'text/markdown' },
    text: { Accept: 'text/plain' },
    'text for git': { 'User-Agent': 'git/2.53.0' },
  };

  it.each(Object.entries(forms))('%s', async (form, headers) => {
    for (const tag of languageTags) {
      const answer = await ask('/status/503', { ...headers, 'Accept-Language': tag });
      expect(answer.headers['content-language'], tag).toBe(tag);
      const { explanation } = languages[tag];
      const isHtml = form === 'html' || form === 'fragment';
      expect(answer.body, tag).toContain(isHtml ? escapeHtml(explanation) : explanation);
      expect(answer.body, tag).toContain(answer.headers['x-request-id']);
    }
  });
});

describe('the headers', () => {
  const common = {
    'cache-control': 'no-store',
    'content-language': 'en',
    'content-security-policy': expect.stringMatching(
      /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; script-src 'sha256-[\w+/]{43}='; img-src data:; base-uri 'none'; form-action 'none'$/,
    ),
    'proxy-status': 'edge-error-interceptor; received-status=503',
    'referrer-policy': 'no-referrer',
    'cross-origin-embedder-policy': 'require-corp',
    vary,
    'x-content-type-options': 'nosniff',
    'x-request-id': expect.stringMatching(UUID),
    'x-robots-tag': 'noindex',
  };

  it.each([
    ['the page', {}, html],
    ['problem details', { Accept: 'application/problem+json' }, problem],
    ['plain text', { Accept: 'text/plain' }, plain],
  ])('of %s are these and no others, whatever the origin sent', async (_format, headers, contentType) => {
    const answer = await ask('/status/503', { ...headers, Connection: 'close' });
    const { connection: _connection, date: _date, ...sent } = answer.headers;
    const { 'content-length': length, 'transfer-encoding': _chunked, ...rest } = sent;
    expect(rest).toEqual({ ...common, 'content-type': contentType });
    if (length !== undefined) expect(Number(length)).toBe(Buffer.byteLength(answer.body));
    expect(answer.body).not.toContain(secret);
  });

  it('of an answer to HEAD are those to GET, without a body', async () => {
    for (const accept of ['text/html', 'application/json', 'text/plain']) {
      const get = await ask('/status/503', { Accept: accept });
      const head = await ask('/status/503', { Accept: accept }, { method: 'HEAD' });
      expect(head.status).toBe(500);
      expect(head.body).toBe('');
      const names = (answer: Answer) =>
        Object.keys(answer.headers).filter((name) => !/^(content-length|transfer-encoding)$/.test(name));
      expect(names(head)).toEqual(names(get));
      expect(head.headers['content-type']).toBe(get.headers['content-type']);
      expect(Number(head.headers['content-length'])).toBeGreaterThan(100);
    }
  });

  it('keep Retry-After, so that clients and crawlers know when to come back', async () => {
    expect((await ask('/retry-after')).headers['retry-after']).toBe('120');
    expect((await ask('/status/503')).headers['retry-after']).toBeUndefined();
  });

  it('keep WWW-Authenticate', async () => {
    expect((await ask('/www-authenticate')).headers['www-authenticate']).toBe('Basic realm="shop"');
  });

  it('keep CORS, and expose the request ID to the app', async () => {
    const { headers } = await ask('/cors-503', { Origin: 'https://app.example' });
    expect(headers['access-control-allow-origin']).toBe('https://app.example');
    expect(headers['access-control-allow-credentials']).toBe('true');
    expect(headers['access-control-expose-headers']).toBe('X-Request-Id');
    expect((await ask('/status/503')).headers['access-control-expose-headers']).toBeUndefined();
  });

  it('expose to the app what the origin exposes, too', async () => {
    const from = await startWorkerd({
      bundle: inject('bundle'),
      originWorker: `export default {
        fetch: () => new Response('', {
          status: 503,
          headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After, Link' },
        }),
      }`,
    });
    onTestFinished(() => from.stop());
    const { headers } = await ask('/', {}, { from });
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-expose-headers']).toBe('Retry-After, Link, X-Request-Id');
  });

  it('let anyone read with CORS_ORIGINS = "*", but never with credentials, and let no preflight succeed', async () => {
    const from = await startWorkerd({
      bundle: inject('bundle'),
      vars: { CORS_ORIGINS: '*' },
      originWorker: `export default { fetch: () => new Response('', { status: 503 }) }`,
    });
    onTestFinished(() => from.stop());
    const preflight = { Origin: 'https://app.example', 'Access-Control-Request-Method': 'PUT' };
    const { status, headers } = await ask('/', preflight, { from, method: 'OPTIONS' });
    expect(status).toBe(500);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(headers['access-control-allow-methods']).toBeUndefined();
  });

  it('say in Proxy-Status who failed', async () => {
    expect((await ask('/status/500')).headers['proxy-status']).toBe(
      'edge-error-interceptor; received-status=500',
    );
    expect((await ask('/cloudflare/522')).headers['proxy-status']).toBe(
      'edge-error-interceptor; error=connection_timeout; received-status=522',
    );
  });
});

describe('"Go back"', () => {
  /** The way back on the page, after a request to http://shop.example with this Referer. */
  async function wayBack(referer: string | undefined, method = 'POST'): Promise<string | undefined> {
    const headers = { Host: 'shop.example', Accept: 'text/html', ...(referer && { Referer: referer }) };
    const { body } = await ask('/status/503', headers, { method });
    return /href="([^"]*)"[^<>]*>\s*Go back/.exec(body)?.[1];
  }
  const long = (length: number) =>
    `http://shop.example/${'x'.repeat(length - 'http://shop.example/'.length)}`;

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('leads to the form after %s', async (method) => {
    expect(await wayBack('http://shop.example/cart?a=1#pay', method)).toBe('http://shop.example/cart?a=1');
  });

  it.each([
    ['no page', undefined],
    ['another host', 'http://evil.example/cart'],
    ['a host that begins alike', 'http://shop.example.evil.example/cart'],
    ['another scheme', 'https://shop.example/cart'],
    ['another port', 'http://shop.example:8080/cart'],
    ['no URL', 'cart'],
    ['more than 2,000 characters', long(2001)],
  ])('leads to the start page from %s', async (_from, referer) => {
    expect(await wayBack(referer)).toBe('/');
  });

  it('leads to a page with a URL of 2,000 characters', async () => {
    expect(await wayBack(long(2000))).toBe(long(2000));
  });
});

describe('"Try again"', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('is offered to GET alone: %s', async (method) => {
    const answer = await ask('/status/503', { Accept: 'text/html' }, { method });
    expect(answer.status).toBe(500);
    expect(answer.body.includes('Try again')).toBe(method === 'GET');
  });
});
