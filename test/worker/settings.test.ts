/** The effect of each setting on the visitor, the operator and the origin. */
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ask, type Answer } from '../support/ask.ts';
import {
  fail,
  forPeople,
  forPrograms,
  forScripts,
  idOf,
  linksOf,
  problemOf,
  sharedOnRoute,
  startOnRoute,
} from '../support/failing-site.ts';
import { type Origin, secret, startListener, startOrigin, unusedPort } from '../support/origin.ts';
import type { RunningWorker, WorkerdOptions } from '../support/workerd.ts';

/** A timeout for events that come by themselves. It is long enough for a busy machine. */
const patient = { timeout: 30_000 };
let origin: Origin;

beforeAll(async () => {
  origin = await startOrigin();
});

afterAll(() => origin.stop());

const start = (vars?: WorkerdOptions['vars'], options?: Partial<WorkerdOptions>) =>
  sharedOnRoute(origin, vars, options);

describe('SITE_NAME', () => {
  it('is the name on the page', async () => {
    const page = await fail(await start({ SITE_NAME: 'Söhne & Co' }));
    expect(page.text).toContain('>Söhne &amp; Co<');
    expect(page.text).toMatch(/<title>[^<]*Söhne &amp; Co[^<]*<\/title>/);
  });

  it('unset, the name is the host of the request', async () => {
    expect((await fail(await start())).text).toContain('>shop.example<');
  });

  it.each([
    ['xn--bcher-kva.example', 'bücher.example'],
    ['xn--mgbh0fb.xn--kgbechtv:8443', 'مثال.إختبار:8443'],
    // U+202E would turn the text after it around, and the second host is no punycode.
    ['xn--ab-g4t.example', 'xn--ab-g4t.example'],
    ['xn--99999999999999999999999.example', 'xn--99999999999999999999999.example'],
  ])('unset, of the host %s it is %s', async (host, name) => {
    const page = await fail(await start(), { ...forPeople, Host: host });
    expect(page.text).toContain(`<bdi>${name}</bdi>`);
    expect(page.text).toContain(` · ${name}</title>`);
  });
});

describe('SUPPORT_URL', () => {
  it('is a link with the ID in it, on the page, in problem details and in plain text', async () => {
    const worker = await start({
      SUPPORT_URL: 'https://help.example/new?id={request_id}&again={request_id}',
    });
    const link = (answer: Answer) => `https://help.example/new?id=${idOf(answer)}&again=${idOf(answer)}`;
    const page = await fail(worker);
    expect(linksOf(page)).toContain(link(page));
    expect(page.text).toContain('contact support');
    const json = await fail(worker, forPrograms);
    expect(problemOf(json)).toMatchObject({ support: link(json) });
    const text = await fail(worker, forScripts);
    expect(text.text).toContain(link(text));
  });

  it('that is a mail address gets a subject and a body with the ID', async () => {
    const page = await fail(await start({ SUPPORT_URL: 'mailto:help@shop.example' }));
    const href = linksOf(page).find((link) => link.startsWith('mailto:')) ?? '';
    const mail = new URL(href);
    expect(mail.pathname).toBe('help@shop.example');
    expect(mail.searchParams.get('subject')).toBe(`shop.example: ${idOf(page)}`);
    expect(mail.searchParams.get('body')).toBe(`\r\n\r\nshop.example\r\n${idOf(page)}\r\n`);
  });

  it('that is a mail address with a subject of its own keeps that', async () => {
    const page = await fail(
      await start({ SUPPORT_URL: 'mailto:help@shop.example?subject=Help%20{request_id}' }),
    );
    expect(linksOf(page)).toContain(`mailto:help@shop.example?subject=Help%20${idOf(page)}`);
  });

  it('that is a mail address with the ID in it has the ID there', async () => {
    const page = await fail(await start({ SUPPORT_URL: 'mailto:help+{request_id}@shop.example' }));
    expect(linksOf(page)).toContainEqual(
      expect.stringContaining(`mailto:help+${idOf(page)}@shop.example?subject=`),
    );
  });

  it('unset, nothing leads nowhere', async () => {
    const worker = await start();
    const page = await fail(worker);
    expect(page.text).not.toContain('contact support');
    expect(linksOf(page)).toEqual(['/', '']);
    expect(problemOf(await fail(worker, forPrograms))).not.toHaveProperty('support');
  });
});

describe('{host} in a link', () => {
  const links = {
    SUPPORT_URL: 'https://help.example/?site={host}&id={request_id}&again={host}',
    STATUS_PAGE_URL: 'https://status.example/{host}/',
  };

  it('is the host that the visitor asked', async () => {
    const worker = await start(links);
    for (const host of ['shop.example', 'blog.example', 'xn--bcher-kva.example']) {
      const page = await fail(worker, { ...forPeople, Host: `${host}:8080` });
      expect(linksOf(page)).toContain(`https://help.example/?site=${host}&id=${idOf(page)}&again=${host}`);
      expect(linksOf(page)).toContain(`https://status.example/${host}/`);
      const problem = problemOf(await fail(worker, { ...forPrograms, Host: host }));
      expect(problem).toMatchObject({ status_page: `https://status.example/${host}/` });
    }
  });

  it.each(['192.0.2.7', '[2001:db8::7]', 'under_score.example'])(
    'the link is left out if the visitor asked %s, which may be no name of yours',
    async (host) => {
      const worker = await start(links);
      const page = await fail(worker, { ...forPeople, Host: host });
      expect(linksOf(page).join()).not.toContain('help.example');
      expect(linksOf(page).join()).not.toContain('status.example');
      const problem = problemOf(await fail(worker, { ...forPrograms, Host: host }));
      expect(problem).not.toHaveProperty('support');
      expect(problem).not.toHaveProperty('status_page');
    },
  );
});

describe('STATUS_PAGE_URL', () => {
  it('is a link on the page and a member of problem details', async () => {
    const url = 'https://status.shop.example/?a=1&b=2';
    const worker = await start({ STATUS_PAGE_URL: url });
    expect(linksOf(await fail(worker))).toContain(url);
    expect(problemOf(await fail(worker, forPrograms))).toMatchObject({ status_page: url });
    expect((await fail(worker, forScripts)).text).toContain(url);
  });

  it('unset, there is none', async () => {
    expect(problemOf(await fail(await start(), forPrograms))).not.toHaveProperty('status_page');
  });
});

describe('ERROR_STATUS', () => {
  const own = [500, 501, 503, 505, 506, 507, 508, 510, 511];
  /** Cloudflare replaces a Worker's 502 and 504 by its own page. The other statuses are not registered. */
  const lost = [502, 504, 509, 512, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 561, 598, 599];

  async function statuses(vars: WorkerdOptions['vars'], paths: readonly string[]): Promise<unknown[]> {
    const worker = await start({ ORIGIN_TIMEOUT_MS: 2000, ...vars });
    return Promise.all(paths.map(async (path) => (await fail(worker, forPeople, path)).status));
  }

  it('unset, every failure is a 500', async () => {
    const paths = ['/status/502', '/status/503', '/status/599', '/cloudflare/522', '/slow/5000'];
    expect(await statuses({}, paths)).toEqual(paths.map(() => 500));
  });

  it('origin: the origin keeps a status that reaches the visitor', async () => {
    const paths = own.map((status) => `/status/${status}`);
    expect(await statuses({ ERROR_STATUS: 'origin' }, paths)).toEqual(own);
  });

  it('origin: a status that Cloudflare replaces, or that nobody knows, is 503, as is a timeout', async () => {
    const paths = [
      ...lost.map((status) => `/status/${status}`),
      '/cloudflare/522',
      '/cloudflare/530',
      '/slow/5000',
    ];
    expect(await statuses({ ERROR_STATUS: 'origin' }, paths)).toEqual(paths.map(() => 503));
  });

  it('origin: a drill has the status of an origin that does not answer', async () => {
    const DRILL_TOKEN = 'drill-0123456789abcdefghijklmnop';
    const worker = await start({ ERROR_STATUS: 'origin', DRILL_TOKEN });
    const drill = await ask(worker, { headers: { ...forPeople, 'X-Error-Drill': DRILL_TOKEN } });
    expect(drill.status).toBe(503);
    expect(drill.text).toContain('503 Service Unavailable');
  });

  it('origin: an origin that cannot be reached is 503; page, log and problem details agree', async () => {
    const worker = await start({ ERROR_STATUS: 'origin' }, { route: `127.0.0.1:${await unusedPort()}` });
    const page = await fail(worker);
    expect(page.status).toBe(503);
    expect(page.text).toContain('503 Service Unavailable');
    const [record] = await worker.recordsOf(idOf(page));
    expect(record).toMatchObject({ http: { response: { status_code: 503 } } });
    expect(problemOf(await fail(worker, forPrograms))).toMatchObject({
      status: 503,
      title: 'Service Unavailable',
    });
  });

  it('origin: an answer that is passed on keeps its status, whatever that is', async () => {
    const worker = await start({ ERROR_STATUS: 'origin', INTERCEPT: 'pages' });
    expect((await fail(worker, forPrograms, '/status/502')).status).toBe(502);
  });
});

describe('INTERCEPT', () => {
  it('pages: an API client gets the origin’s own answer, and the log has it', async () => {
    const worker = await start({ INTERCEPT: 'pages' });
    const direct = await ask(origin, { path: '/problem-503', headers: forPrograms });
    const answer = await fail(worker, forPrograms, '/problem-503');
    expect(answer.status).toBe(503);
    expect(answer.text).toBe(direct.text);
    expect(answer.header('ETag')).toBe(direct.header('ETag'));
    await vi.waitFor(
      () =>
        expect(worker.logs.flatMap(({ message }) => message)).toContainEqual(
          expect.objectContaining({
            answer: { format: 'origin' },
            error: { type: '503', source: 'origin' },
            http: expect.objectContaining({ response: { status_code: 503 } }),
          }),
        ),
      patient,
    );
  });

  it('pages: people get the page all the same', async () => {
    const page = await fail(await start({ INTERCEPT: 'pages' }), forPeople, '/problem-503');
    expect(page.status).toBe(500);
    expect(page.text).toContain(idOf(page));
    expect(page.text).not.toContain(secret);
  });

  it('pages: where there is no answer of the origin, an API client gets problem details', async () => {
    const worker = await start({ INTERCEPT: 'pages' }, { route: `127.0.0.1:${await unusedPort()}` });
    const cloudflares = await fail(await start({ INTERCEPT: 'pages' }), forPrograms, '/cloudflare/521');
    for (const answer of [await fail(worker, forPrograms), cloudflares]) {
      expect(problemOf(answer)).toMatchObject({ status: 500, request_id: idOf(answer) });
    }
  });

  it('unset, an API client gets problem details', async () => {
    const answer = await fail(await start(), forPrograms, '/problem-503');
    expect(problemOf(answer)).toMatchObject({ status: 500, request_id: idOf(answer) });
    expect(answer.text).not.toContain(secret);
  });
});

describe('X-Intercept-Errors: off', () => {
  it('of the origin lets its own page through untouched, and the log has the failure', async () => {
    const worker = await start();
    const direct = await ask(origin, { path: '/opt-out' });
    const answer = await fail(worker, forPeople, '/opt-out');
    expect(answer.status).toBe(503);
    expect(answer.text).toBe(direct.text);
    expect(answer.text).toContain('Back on Monday');
    await vi.waitFor(
      () =>
        expect(worker.logs.flatMap(({ message }) => message)).toContainEqual(
          expect.objectContaining({
            message: 'Origin answered 503 on purpose',
            answer: { format: 'origin' },
            url: expect.objectContaining({ path: '/opt-out' }),
          }),
        ),
      patient,
    );
  });

  it('with a status of Cloudflare’s is on purpose too: a network that fails says no such thing', async () => {
    const originWorker = `export default { fetch: () => new Response('Back on Monday', {
      status: 530, headers: { 'X-Intercept-Errors': 'off' } }) };`;
    const worker = await start({}, { originWorker });
    expect((await fail(worker)).text).toBe('Back on Monday');
    await vi.waitFor(
      () =>
        expect(worker.logs.flatMap(({ message }) => message)).toMatchObject([
          { message: 'Origin answered 530 on purpose', error: { type: '530', source: 'origin' } },
        ]),
      patient,
    );
  });

  it('counts where the application and its web server both say it', async () => {
    const originWorker = `export default { fetch: () => new Response('Back on Monday', {
      status: 503, headers: [['X-Intercept-Errors', 'off'], ['X-Intercept-Errors', 'off']] }) };`;
    expect((await fail(await start({}, { originWorker }))).text).toBe('Back on Monday');
  });

  it('of the visitor changes nothing', async () => {
    const page = await fail(await start(), { ...forPeople, 'X-Intercept-Errors': 'off' });
    expect(page.status).toBe(500);
    expect(page.text).not.toContain(secret);
  });
});

describe('DEFAULT_LANGUAGE', () => {
  it.each([
    ['de', undefined, 'de'],
    ['de', 'tlh', 'de'],
    ['DE', '*', 'de'],
    ['de', 'fr;q=0.9', 'fr'],
    [undefined, 'tlh', 'en'],
  ])('%s, where the visitor asks for %s, gives %s', async (setting, wanted, expected) => {
    const worker = await start(setting === undefined ? {} : { DEFAULT_LANGUAGE: setting });
    const page = await fail(worker, {
      ...forPeople,
      ...(wanted !== undefined && { 'Accept-Language': wanted }),
    });
    expect(page.header('Content-Language')).toBe(expected);
    expect(page.text).toContain(`<html lang="${expected}"`);
  });
});

describe('TRUST_REQUEST_ID', () => {
  const sent = 'client-1234567890-ABCDEF';

  it('true: the ID of the client is on the page, in the header, the log and at the origin', async () => {
    const worker = await start({ TRUST_REQUEST_ID: true });
    origin.clear();
    const page = await fail(worker, { ...forPeople, 'X-Request-Id': sent });
    expect(idOf(page)).toBe(sent);
    expect(page.text).toContain(sent);
    const records = await worker.recordsOf(sent);
    expect(records).toHaveLength(1);
    expect(records[0]).not.toHaveProperty('client');
    expect(origin.seen.map((request) => request.header('X-Request-Id'))).toEqual([sent]);
  });

  it.each([
    'seven_7',
    'x'.repeat(201),
    `${'x'.repeat(20)}<b>`,
    'with spaces in between',
    'ünter-1234567890-ABCDEF',
  ])('true: %s is not accepted', async (bad) => {
    const page = await fail(await start({ TRUST_REQUEST_ID: true }), {
      ...forPeople,
      'X-Request-Id': Buffer.from(bad).toString('latin1'),
    });
    expect(idOf(page)).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(page.text).not.toContain(bad);
  });

  it('unset, the ID of the client goes to the origin and into the record, and not to the page', async () => {
    origin.clear();
    const worker = await start();
    const page = await fail(worker, { ...forPeople, 'X-Request-Id': sent });
    expect(idOf(page)).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(origin.seen.map((request) => request.header('X-Request-Id'))).toEqual([sent]);
    expect(origin.seen.map((request) => request.header('X-Edge-Request-Id'))).toEqual([idOf(page)]);
    expect(page.text).not.toContain(sent);
    expect(await worker.recordsOf(idOf(page))).toMatchObject([{ client: { request_id: sent } }]);
  });
});

describe('LOG_ORIGIN_BODY_BYTES', () => {
  /** A bound Worker that answers 500 with the body that the query of the request describes. */
  const originWorker = `export default {
    fetch(request) {
      const { bytes, headers } = JSON.parse(decodeURIComponent(new URL(request.url).search.slice(1)));
      return new Response(new Uint8Array(bytes), { encodeBody: 'manual', status: 500, headers });
    },
  };`;

  /** The second record of a failure with this body. */
  async function recordOf(
    limit: number,
    body: string | readonly number[],
    type = 'text/plain',
    encoding = 'identity',
  ) {
    const worker = await start({ LOG_ORIGIN_BODY_BYTES: limit }, { originWorker });
    const headers = { 'Content-Type': type, 'Content-Encoding': encoding };
    const answer = JSON.stringify({ bytes: [...Buffer.from(body)], headers });
    return bodyRecord(worker, await fail(worker, forPeople, `/?${encodeURIComponent(answer)}`));
  }

  /** The second record of a failure, or undefined if there is only the first. */
  async function bodyRecord(worker: RunningWorker, answer: Answer) {
    const id = idOf(answer);
    // Both records arrive together, after all work for the request is done, which takes two seconds at most.
    await vi.waitFor(async () => expect(await worker.recordsOf(id)).not.toEqual([]), patient);
    const [first, second, ...more] = await worker.recordsOf(id);
    expect(first).toHaveProperty('error');
    expect(more).toEqual([]);
    return second;
  }

  it('has the body in a second record with the same ID', async () => {
    const worker = await start({ LOG_ORIGIN_BODY_BYTES: 1024 });
    const page = await fail(worker);
    expect(await bodyRecord(worker, page)).toEqual({
      message: 'Origin error body',
      request_id: idOf(page),
      origin: {
        status_code: 503,
        content_type: 'text/html; charset=utf-8',
        body: expect.stringContaining(secret),
      },
    });
    expect(page.text).not.toContain(secret);
  });

  it('is how many bytes', async () => {
    const worker = await start({ LOG_ORIGIN_BODY_BYTES: 6 });
    const page = await fail(worker, forPeople, '/endless-500');
    expect(await bodyRecord(worker, page)).toMatchObject({ origin: { body: 'SECRET' } });
  });

  it('shows a compressed body decoded', async () => {
    const worker = await start({ LOG_ORIGIN_BODY_BYTES: 1024 });
    expect(await bodyRecord(worker, await fail(worker, forPeople, '/gzip-500'))).toMatchObject({
      origin: { body: secret },
    });
  });

  it.each([
    ['windows-1251', [0xcf, 0xf0, 0xe8], 'При'],
    ['"Shift_JIS"', [0x83, 0x47, 0x83, 0x89, 0x81, 0x5b], 'エラー'],
    ['utf-8', [...Buffer.from('é')], 'é'],
    ['no-such-charset', [...Buffer.from('é')], 'é'],
  ])('reads the body in its charset %s', async (charset, bytes, body) => {
    const record = await recordOf(1024, bytes, `text/html; charset=${charset}`);
    expect(record).toMatchObject({ origin: { body } });
  });

  it('leaves out a password that the limit cuts', async () => {
    const record = await recordOf(33, 'SQLSTATE[HY000] mysql://root:hunter2@db.example/shop');
    expect(record).toMatchObject({ origin: { body: 'SQLSTATE[HY000] mysql://…' } });
  });

  it('shows the host of a URL that the body ends in', async () => {
    const record = await recordOf(1024, 'see https://help.example');
    expect(record).toMatchObject({ origin: { body: 'see https://help.example' } });
  });

  it('leaves out a character that the limit cuts', async () => {
    expect(await recordOf(4, 'aéé')).toMatchObject({ origin: { body: 'aé' } });
  });

  it('shows JSON', async () => {
    const worker = await start({ LOG_ORIGIN_BODY_BYTES: 1024 });
    expect(await bodyRecord(worker, await fail(worker, forPeople, '/problem-503'))).toMatchObject({
      origin: { content_type: 'application/json', body: `{"error":"${secret}"}\n` },
    });
  });

  it('waits two seconds for a body that stalls, and logs what came; the visitor does not wait', async () => {
    const worker = await startOnRoute(origin, { LOG_ORIGIN_BODY_BYTES: 1024 });
    const page = await fail(worker, forPeople, '/stalled-500');
    expect(page.status).toBe(500);
    // The records are written when the body has been read, so the page was sent before that.
    expect(worker.logs).toEqual([]);
    expect(await bodyRecord(worker, page)).toMatchObject({ origin: { body: secret } });
  });

  it.each([
    ['image/png', ''],
    ['application/octet-stream', ''],
    ['application/pdf', ''],
    ['text/html', 'zstd'],
    ['text/html', 'deflate'],
    ['text/html', 'GZIP'],
  ])('leaves %s alone (Content-Encoding: %j)', async (type, encoding) => {
    expect(await recordOf(1024, secret, type, encoding)).toBeUndefined();
  });

  it('unset, nothing of it is logged', async () => {
    const worker = await start();
    expect(await bodyRecord(worker, await fail(worker))).toBeUndefined();
    expect(JSON.stringify(worker.logs)).not.toContain(secret);
  });
});

// Each of these tests waits for a time limit, so they run at the same time.
describe.concurrent('ORIGIN_TIMEOUT_MS', () => {
  it('lets an origin without headers by then have failed', async () => {
    const worker = await start({ ORIGIN_TIMEOUT_MS: 200 });
    const page = await fail(worker, forPeople, '/slow/5000');
    expect(page.status).toBe(500);
    expect(page.header('Proxy-Status')).toContain('error=http_response_timeout');
    const [record] = await worker.recordsOf(idOf(page));
    expect(record).toMatchObject({ message: 'Origin timed out', error: { type: 'http_response_timeout' } });
    expect(record).toHaveProperty(
      'origin.duration_ms',
      expect.toSatisfy((duration: number) => duration > 150),
    );
  });

  it('never cuts a body, however long that takes', async () => {
    // The response has ten events, 100 ms apart.
    const direct = await ask(origin, { path: '/events' });
    const answer = await ask(await start({ ORIGIN_TIMEOUT_MS: 800 }), { path: '/events' });
    expect(answer.status).toBe(200);
    expect(answer.text.match(/^data:/gm)).toHaveLength(10);
    expect(answer.body.length).toBe(direct.body.length);
  });

  it('does not count the time of a long upload, which is the visitor’s', async () => {
    const worker = await start({ ORIGIN_TIMEOUT_MS: 1500 });
    const lengths = [{ 'Content-Length': '70000' }, { 'Transfer-Encoding': 'chunked' }];
    const uploads = lengths.map(async (headers) => {
      const upload = Readable.from(slowly('x'.repeat(10_000), 20));
      const status = await new Promise((resolve, reject) => {
        const sent = request(`${worker.url}/upload`, { method: 'POST', headers }, (response) => {
          resolve(response.resume().statusCode);
        });
        upload.pipe(sent.on('error', reject));
      });
      expect(status, JSON.stringify(headers)).toBe(200);
    });
    await Promise.all(uploads);
  });

  it.each([10, 65_536])('counts from the start where an upload of %i bytes comes at once', async (length) => {
    const worker = await start({ ORIGIN_TIMEOUT_MS: 200 });
    const page = await ask(worker, { method: 'POST', path: '/slow/5000', body: 'x'.repeat(length) });
    expect(page.header('Proxy-Status')).toContain('error=http_response_timeout');
  });

  it('never cuts the error body that is logged', async () => {
    const slow = await startListener((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 503 Oops\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nfirst ');
        setTimeout(() => socket.end('second'), 1300);
      });
    });
    const worker = await start({ ORIGIN_TIMEOUT_MS: 800, LOG_ORIGIN_BODY_BYTES: 1024 }, { route: slow.host });
    const page = await fail(worker);
    const [, second] = await worker.recordsOf(idOf(page), 2);
    await slow.stop();
    expect(second).toMatchObject({ origin: { body: 'first second' } });
  });

  it('unset, there is no limit', async () => {
    expect((await ask(await start(), { path: '/slow/800' })).status).toBe(200);
  });
});

describe('ORIGIN, the service binding', () => {
  const originWorker = `export default {
    fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === '/throw') throw new Error('${secret}');
      if (pathname === '/broken') return new Response('${secret}', { status: 503 });
      return new Response(request.url + ' ' + request.headers.get('X-Request-Id'));
    },
  };`;

  it('is asked with the visitor’s own URL, and wins over ORIGIN_URL', async () => {
    const worker = await start({ ORIGIN_URL: origin.url }, { originWorker });
    origin.clear();
    const answer = await ask(worker, { path: '/a?b=c', headers: forPeople });
    expect(answer.text).toMatch(/^http:\/\/shop\.example\/a\?b=c [\da-f-]{36}$/);
    expect(origin.seen).toEqual([]);
  });

  it.each(['/throw', '/broken'])('its failure on %s becomes a page and a record', async (path) => {
    const worker = await start({}, { originWorker });
    const page = await fail(worker, forPeople, path);
    expect(page.status).toBe(500);
    expect(page.text).toContain(idOf(page));
    expect(page.text).not.toContain(secret);
    expect(await worker.recordsOf(idOf(page))).toHaveLength(1);
  });
});

describe('ORIGIN_URL', () => {
  it.each(['', '/'])(
    'is asked for the same path and query, and told the visitor’s host ("…%s")',
    async (end) => {
      // Only ORIGIN_URL leads to the origin in this test.
      const worker = await start(
        { ORIGIN_URL: `${origin.url}${end}` },
        { route: `127.0.0.1:${origin.port}` },
      );
      origin.clear();
      const answer = await ask(worker, { path: '/anything//a%2Fb;c?d=%20', headers: forPeople });
      expect(answer.text).toBe('/anything//a%2Fb;c?d=%20');
      const [request] = origin.seen;
      expect(request?.header('Host')).toBe(origin.host);
      expect(request?.header('X-Forwarded-Host')).toBe('shop.example');
      expect(request?.header('X-Forwarded-Proto')).toBe('http');
    },
  );

  it('unset, the request’s own host is asked', async () => {
    const worker = await start();
    origin.clear();
    await ask(worker, { path: '/ok', headers: forPeople });
    expect(origin.seen.map((request) => request.header('Host'))).toEqual(['shop.example']);
  });
});

/** A response of this many chunks, 100 ms apart. */
async function* slowly(chunk: string, count: number): AsyncGenerator<string> {
  for (let i = 0; i < count; i++) {
    await sleep(100);
    yield chunk;
  }
}
