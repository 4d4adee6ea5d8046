import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ask, askRaw } from '../support/ask.ts';
import {
  CANARY,
  bounded,
  byteCharacters,
  charactersFrom,
  everythingIn,
  expectLogged,
  expectNoCanary,
  withCanary,
} from '../support/canary.ts';
import { buildLibraryBundle } from '../support/library-bundle.ts';
import { type RawOrigin, startRawOrigin } from '../support/raw-origin.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

const bundle = inject('bundle');

let origin: RawOrigin;
let worker: RunningWorker;

beforeAll(async () => {
  origin = await startRawOrigin();
  worker = await startWorkerd({ bundle, route: origin.host, vars: { LOG_ORIGIN_BODY_BYTES: 8192 } });
});
afterAll(async () => {
  await worker.stop();
  await origin.stop();
});

describe('no query reaches the log from an application in the same Worker', () => {
  let application: RunningWorker;
  let folder: string;

  beforeAll(async () => {
    // The application throws a value of the shape that the body of the request names.
    folder = await buildLibraryBundle(`
      const shapes = {
        url: (url) => new Error('Cannot handle ' + url),
        quoted: (url) => new Error('Cannot handle "' + url + '".', { cause: { url } }),
        target: (url) => new TypeError('Invalid URL: ' + url.slice(url.indexOf('/', 8))),
        // As Markdown has to have it: a bracket would end the link.
        markdown: (url) => ({ see: '[here](' + url.replaceAll(')', '%29') + ')' }),
      };
      export default withErrorPages({
        async fetch(request) {
          throw shapes[await request.text()](request.url);
        },
      });
    `);
    application = await startWorkerd({ bundle: folder });
  });
  afterAll(async () => {
    await application.stop();
    await rm(folder, { recursive: true });
  });

  test('though the thrown value holds the URL', async () => {
    const shape = fc.constantFrom('url', 'quoted', 'target', 'markdown');
    // A URL in a text ends at a bar or a quotation mark. Clients encode these characters.
    const safe = charactersFrom(0x21, 0x7e, '"#?<>^`\\|');
    const path = fc.string({ unit: safe, maxLength: 40 });
    const query = fc.string({ unit: charactersFrom(0x21, 0x7e, '"#<>^`\\|'), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(shape, path, query, query, async (kind, before, name, value) => {
        const since = application.logs.length;
        const target = `/${before}?${name}=${CANARY}&${value}=${CANARY}`;
        const answer = await ask(application, {
          method: 'POST',
          path: target,
          body: kind,
        });
        expect(answer.status).toBe(500);
        expectNoCanary(everythingIn(answer));
        expectNoCanary(await expectLogged(application, answer.header('x-request-id') ?? '', since));
      }),
      bounded,
    );
  });
});

describe('no secret of the visitor’s reaches the log, and no markup the page', () => {
  const MARKUP = `<i-${CANARY}>`;
  const failures = fc.constantFrom('', 'HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n', 'HTTP/1.1 200');
  const secretHeaders = [
    'Cookie Authorization Proxy-Authorization CF-Connecting-IP CF-Connecting-IPv6 CF-Pseudo-IPv4 X-Forwarded-For',
    'X-Real-IP True-Client-IP Forwarded X-Client-IP Fastly-Client-IP Referer Origin X-Api-Key X-Auth-Token',
    'CF-Access-Jwt-Assertion Cdn-Loop Via From X-Forwarded-Host X-Original-URL Baggage Tracestate Accept',
    'Accept-Language Sec-Fetch-Dest X-Request-Id Traceparent If-None-Match Range',
  ].flatMap((line) => line.split(' '));
  const byte = fc.oneof(
    { weight: 9, arbitrary: byteCharacters },
    { weight: 1, arbitrary: fc.constant(MARKUP) },
  );
  const headers = fc.array(fc.tuple(fc.constantFrom(...secretHeaders), withCanary(byte, 30)), {
    minLength: 1,
    maxLength: 10,
  });
  // workerd refuses all other characters.
  const target = charactersFrom(0x21, 0x7e, '<>^`\\');
  const path = fc.string({ unit: target.filter((c) => !'?#'.includes(c)), maxLength: 60 });
  const query = withCanary(
    target.filter((character) => character !== '"'),
    60,
  );

  /** Sends bytes that an HTTP library would refuse to send. */
  async function askInBytes(
    by: RunningWorker,
    top: string,
  ): Promise<{ id: string; status: number; text: string }> {
    const bytes = await askRaw(by, Buffer.from(`${top}Connection: close\r\n\r\n`, 'latin1'));
    const text = bytes.toString('latin1');
    const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? [];
    const [, id = ''] = /^x-request-id: (.*)\r$/im.exec(text) ?? [];
    return { id, status: Number(status), text };
  }

  test('whatever the URL and the headers are', async () => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(failures, path, query, headers, async (failure, before, after, lines) => {
        origin.bytes = Buffer.from(failure);
        const since = worker.logs.length;
        const headerLines = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
        const top = `GET /${before}?${after} HTTP/1.1\r\nHost: shop.example\r\n${headerLines}`;
        const { id, status, text } = await askInBytes(worker, top);
        // workerd itself refuses requests that it cannot parse.
        fc.pre(status !== 400);
        answered += 1;
        expect(status).toBe(500);
        expectNoCanary(text);
        expectNoCanary(await expectLogged(worker, id, since));
      }),
      bounded,
    );
    expect(answered).toBeGreaterThan(bounded.numRuns / 2);
  });

  const hostile = [
    ['a fragment', `GET /path#${CANARY} HTTP/1.1\r\nHost: shop.example\r\n`],
    ['a query in a fragment', `GET /path#a?${CANARY} HTTP/1.1\r\nHost: shop.example\r\n`],
    ['two question marks', `GET /path??${CANARY}?${CANARY} HTTP/1.1\r\nHost: shop.example\r\n`],
    ['an absolute target', `GET http://shop.example/path?${CANARY} HTTP/1.1\r\nHost: shop.example\r\n`],
    ['a password in the target', `GET http://me:${CANARY}@shop.example/ HTTP/1.1\r\nHost: shop.example\r\n`],
    ['a password in the host', `GET /path HTTP/1.1\r\nHost: me:${CANARY}@shop.example\r\n`],
    ['a query in the host', `GET /path HTTP/1.1\r\nHost: shop.example?${CANARY}\r\n`],
    [
      'a session in the path',
      `GET /cart;jsessionid=${CANARY}/a;b;c=${CANARY} HTTP/1.1\r\nHost: shop.example\r\n`,
    ],
    ['the target *', `OPTIONS * HTTP/1.1\r\nHost: shop.example\r\nCookie: ${CANARY}\r\n`],
    ['a query of 15 kB', `GET /?${CANARY.repeat(1500)} HTTP/1.1\r\nHost: shop.example\r\n`],
    ['a path of 15 kB', `GET /${'a;b/%20'.repeat(2100)}?${CANARY} HTTP/1.1\r\nHost: shop.example\r\n`],
    [
      'a user agent of 100 kB with a query in it',
      `GET / HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: ${'ü'.repeat(480)}https://a.example/?${CANARY}${'\u00e9'.repeat(100_000)}\r\n`,
    ],
    ['a cookie of 100 kB', `GET / HTTP/1.1\r\nHost: shop.example\r\nCookie: ${CANARY.repeat(10_000)}\r\n`],
    [
      'a content type that is a URL with a query',
      `POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Type: https://a/?${CANARY}\r\nContent-Length: 0\r\n`,
    ],
  ] as const;

  test.each(hostile)('nor where the request has %s', async (_, top) => {
    for (const failure of ['', 'HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n']) {
      origin.bytes = Buffer.from(failure);
      const since = worker.logs.length;
      const { id, status, text } = await askInBytes(worker, top);
      if (status === 400) continue;
      expect(status).toBe(500);
      expectNoCanary(text);
      expectNoCanary(await expectLogged(worker, id, since));
    }
  });

  test.each(['<i-x>', 'x"onload="x', "x'onload='x", '[x', 'x<', '%00', 'x'.repeat(5000), '&lt;i>'])(
    'nor where the host is %j, which is no host',
    async (host) => {
      origin.bytes = Buffer.from('');
      const { id, status, text } = await askInBytes(worker, `GET /path HTTP/1.1\r\nHost: ${host}\r\n`);
      if (status === 400) return;
      expect(status).toBe(500);
      expect(text).not.toMatch(/<i-x|\sonload=|"onload=|'onload=|<i>/);
      expect(await worker.recordsOf(id)).toMatchObject([{ http: { response: { status_code: 500 } } }]);
    },
  );

  test.each([
    ['is not trusted', false],
    ['is trusted', true],
  ])('an X-Request-Id that %s is an ID, or no more than the one that a client sent', async (_, trusted) => {
    const trusting = await startWorkerd({ bundle, route: origin.host, vars: { TRUST_REQUEST_ID: trusted } });
    const sent = fc.oneof(
      withCanary(byte, 40),
      fc.string({ unit: fc.constantFrom(...'aZ0-'), minLength: 10, maxLength: 220 }),
      fc.constantFrom(`${'a'.repeat(25)}\t`, `${'a'.repeat(25)}<`, `${'a'.repeat(25)}, b`, '-'.repeat(20)),
    );
    origin.bytes = Buffer.from('');
    await fc.assert(
      fc.asyncProperty(sent, async (inbound) => {
        const since = trusting.logs.length;
        const top = `GET / HTTP/1.1\r\nHost: shop.example\r\nX-Request-Id: ${inbound}\r\n`;
        const { id, text } = await askInBytes(trusting, top);
        const taken = trusted && /^[A-Za-z0-9][\w.:@#/+=~-]{7,199}$/.test(inbound.trim());
        expect(id).toEqual(
          taken
            ? inbound.trim()
            : expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
        );
        expect(text).toContain(`>${id}<`);
        const logged = await expectLogged(trusting, id, since);
        // The client's own ID is in the record once, under its name.
        if (!taken) expectNoCanary(text + logged.replace(/"client":\{"request_id":"[^"]*"\}/, ''));
      }),
      { ...bounded, numRuns: 60 },
    );
    await trusting.stop();
  });
});
