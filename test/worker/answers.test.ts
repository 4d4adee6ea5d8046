/** What a visitor or a program gets when the origin fails, through the whole Worker. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { escapeHtml } from '../../src/page/create-page.ts';
import { languages } from '../../src/page/languages.ts';
import { secret, startOrigin, unusedPort, type Origin } from '../support/origin.ts';
import { languageTags } from '../support/sample-page.ts';
import { startWorkerd, type RunningWorker, type WorkerdOptions } from '../support/workerd.ts';

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let origin: Origin;
let worker: RunningWorker;
const started: RunningWorker[] = [];

beforeAll(async () => {
  origin = await startOrigin();
  worker = await start();
});

afterAll(async () => {
  await Promise.all(started.map((running) => running.stop()));
  await origin.stop();
});

async function start(vars: WorkerdOptions['vars'] = {}): Promise<RunningWorker> {
  const running = await startWorkerd({ bundle: inject('bundle'), vars: { ORIGIN_URL: origin.url, ...vars } });
  started.push(running);
  return running;
}

/** Asks with exactly these headers; Node's fetch would add some of its own. */
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
    expect(json(answer)).toEqual({
      title: 'Internal Server Error',
      status: 500,
      detail: 'The server was unable to complete your request. Please try again later.',
      message:
        'The server was unable to complete your request. Please try again later. ' +
        `Server logs contain details of this error with request ID: ${answer.headers['x-request-id']}`,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      request_id: answer.headers['x-request-id'],
    });
  });

  it('names support and the status page to programs, too', async () => {
    const from = await start({
      SUPPORT_URL: 'https://help.example/new?id={request_id}',
      STATUS_PAGE_URL: 'https://status.example/',
    });
    const asJson = await ask('/status/503', { Accept: 'application/json' }, { from });
    expect(json(asJson)).toMatchObject({
      support: `https://help.example/new?id=${asJson.headers['x-request-id']}`,
      status_page: 'https://status.example/',
    });
    const asText = await ask('/status/503', { Accept: 'text/plain' }, { from });
    expect(asText.body).toContain(`https://help.example/new?id=${asText.headers['x-request-id']}`);
    expect(asText.body).toContain('https://status.example/');
  });

  it('is plain text that a person can read for who asks for text', async () => {
    const answer = await ask('/status/503', { Accept: 'text/plain' });
    expect(answer.body).toBe(
      [
        '500 Internal Server Error',
        '',
        'Something went wrong',
        'The server was unable to complete your request. Please try again later.',
        `Server logs contain details of this error with request ID: ${answer.headers['x-request-id']}`,
        '',
      ].join('\n'),
    );
  });
});

describe('the language', () => {
  it.each([
    ['zh-TW,zh;q=0.9,en;q=0.8', 'zh-Hant', 'ltr', '發生錯誤'],
    ['zh-Hant-SG', 'zh-Hant', 'ltr', '發生錯誤'],
    ['no', 'nb', 'ltr', 'Noe gikk galt'],
    ['pt', 'pt-BR', 'ltr', 'Algo deu errado'],
    ['pt-PT', 'pt-PT', 'ltr', 'Algo correu mal'],
    ['iw', 'he', 'rtl', 'משהו השתבש'],
    ['ar-EG,ar;q=0.9', 'ar', 'rtl', 'حدث خطأ ما'],
    ['de-AT', 'de', 'ltr', 'Etwas ist schiefgelaufen'],
    ['en-GB', 'en', 'ltr', 'Something went wrong'],
    ['fr;q=0, ja;q=0.5', 'ja', 'ltr', '問題が発生しました'],
    ['*', 'en', 'ltr', 'Something went wrong'],
    ['<script>', 'en', 'ltr', 'Something went wrong'],
  ])('of a visitor who sends %s is %s', async (header, language, dir, heading) => {
    const answer = await ask('/status/503', { 'Accept-Language': header });
    expect(answer.headers['content-language']).toBe(language);
    expect(answer.body).toContain(`<html lang="${language}" dir="${dir}">`);
    expect(answer.body).toContain(`<h1>${heading}</h1>`);
  });

  it('is DEFAULT_LANGUAGE for all others', async () => {
    const from = await start({ DEFAULT_LANGUAGE: 'uk' });
    for (const header of ['tlh', '*', 'de;q=0']) {
      const answer = await ask('/status/503', { 'Accept-Language': header }, { from });
      expect(answer.headers['content-language']).toBe('uk');
    }
    const german = await ask('/status/503', { 'Accept-Language': 'de' }, { from });
    expect(german.headers['content-language']).toBe('de');
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
  const forms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    page: { Accept: 'text/html' },
    fragment: { 'HX-Request': 'true' },
    'problem details': { Accept: 'application/json' },
    Markdown: { Accept: 'text/markdown' },
    text: { Accept: 'text/plain' },
    'text for git': { 'User-Agent': 'git/2.53.0' },
  };

  it.each(Object.entries(forms))('%s', async (form, headers) => {
    for (const tag of languageTags) {
      const answer = await ask('/status/503', { ...headers, 'Accept-Language': tag });
      expect(answer.headers['content-language'], tag).toBe(tag);
      const { explanation } = languages[tag];
      const isHtml = form === 'page' || form === 'fragment';
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
    vary:
      'Accept, Accept-Language, Content-Type, HX-Boosted, HX-Request, Sec-Fetch-Dest, Sec-Fetch-Mode, ' +
      'X-Requested-With, X-Up-Version',
    'x-content-type-options': 'nosniff',
    'x-request-id': expect.stringMatching(ULID),
    'x-robots-tag': 'noindex',
  };

  it.each([
    ['the page', {}, html],
    ['problem details', { Accept: 'application/json' }, problem],
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
    started.push(from);
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
    started.push(from);
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

describe('"Try again"', () => {
  it.each(['GET', 'POST', 'PUT', 'DELETE'])('is offered to GET alone: %s', async (method) => {
    const answer = await ask('/status/503', { Accept: 'text/html' }, { method });
    expect(answer.status).toBe(500);
    expect(answer.body.includes('Try again')).toBe(method === 'GET');
  });
});

describe('ERROR_STATUS = "origin"', () => {
  let from: RunningWorker;
  let unreachable: RunningWorker;
  let impatient: RunningWorker;

  beforeAll(async () => {
    from = await start({ ERROR_STATUS: 'origin' });
    unreachable = await start({
      ERROR_STATUS: 'origin',
      ORIGIN_URL: `http://127.0.0.1:${await unusedPort()}`,
    });
    impatient = await start({ ERROR_STATUS: 'origin', ORIGIN_TIMEOUT_MS: 50 });
  });

  it.each([
    [500, 'Internal Server Error'],
    [502, 'Bad Gateway'],
    [503, 'Service Unavailable'],
    [504, 'Gateway Timeout'],
  ])('keeps %i, in the answer and on the page', async (status, reason) => {
    const answer = await ask(`/status/${status}`, {}, { from });
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(`${status} ${reason}`);
    const asJson = await ask(`/status/${status}`, { Accept: 'application/json' }, { from });
    expect(json(asJson)).toMatchObject({ status, title: reason });
  });

  it.each([
    [520, 502],
    [521, 502],
    [522, 504],
    [523, 502],
    [524, 504],
    [525, 502],
    [526, 502],
    [530, 502],
  ])('makes Cloudflare’s %i a %i', async (received, status) => {
    expect((await ask(`/cloudflare/${received}`, {}, { from })).status).toBe(status);
  });

  it('is 502 where no one answers, and 504 where no one answers in time', async () => {
    expect((await ask('/ok', {}, { from: unreachable })).status).toBe(502);
    expect((await ask('/slow/10000', {}, { from: impatient })).status).toBe(504);
  });
});

describe('INTERCEPT = "pages"', () => {
  let from: RunningWorker;
  let unreachable: RunningWorker;

  beforeAll(async () => {
    from = await start({ INTERCEPT: 'pages' });
    unreachable = await start({ INTERCEPT: 'pages', ORIGIN_URL: `http://127.0.0.1:${await unusedPort()}` });
  });

  it('gives people the page', async () => {
    const answer = await ask('/problem-503', { Accept: 'text/html' }, { from });
    expect(answer.status).toBe(500);
    expect(answer.headers['content-type']).toBe(html);
    expect(answer.body).not.toContain(secret);
  });

  it.each([{ Accept: 'application/json' }, { 'Sec-Fetch-Dest': 'empty' }])(
    'gives programs (%o) the origin’s own answer, which is logged all the same',
    async (headers) => {
      origin.clear();
      const answer = await ask('/problem-503', headers, { from });
      expect(answer.status).toBe(503);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(json(answer)).toEqual({ error: secret });
      expect(answer.headers['etag']).toBe('"error-page"');
      await expectLogged(from, 503);
    },
  );

  it('gives programs problem details where the origin has no answer of its own', async () => {
    const json = { Accept: 'application/json' };
    for (const answer of [
      await ask('/ok', json, { from: unreachable }),
      await ask('/cloudflare/521', json, { from }),
    ]) {
      expect(answer.status).toBe(500);
      expect(answer.headers['content-type']).toBe(problem);
    }
  });
});

describe('X-Intercept-Errors: off', () => {
  beforeEach(() => origin.clear());

  it('passes the origin’s own error page, which is logged all the same', async () => {
    const answer = await ask('/opt-out', { Accept: 'text/html' });
    expect(answer.status).toBe(503);
    expect(answer.body).toContain('Back on Monday');
    expect(answer.headers['x-powered-by']).toBe('PHP/5.3.3');
    await expectLogged(worker, 503);
  });
});

/** Expects one record of the latest request, by the ID that the origin saw. */
async function expectLogged(by: RunningWorker, status: number): Promise<void> {
  const requestId = origin.seen[0]?.header('X-Request-Id') ?? '';
  expect(requestId).toMatch(ULID);
  const [record, ...others] = await by.recordsOf(requestId);
  expect(record).toMatchObject({
    error: { type: String(status), source: 'origin' },
    http: { response: { status_code: status } },
    answer: { format: 'origin' },
  });
  expect(others).toEqual([]);
}
