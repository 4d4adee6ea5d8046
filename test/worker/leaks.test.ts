import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, ask } from '../support/ask.ts';
import {
  CANARY,
  anyText,
  bounded,
  everythingIn,
  expectLogged,
  expectNoCanary,
  headerValue,
} from '../support/canary.ts';
import { headersOf } from '../support/expect-page.ts';
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

/** The parts of an answer that are the same for every visitor: without ID and time. */
function impersonal(answer: Answer): unknown {
  const id = answer.header('x-request-id') ?? '';
  const headers = { ...headersOf(answer), 'x-request-id': '', 'proxy-status': '' };
  const text = answer.text.replaceAll(id, 'ID').replace(/\d{4}-\d\d-\d\d[ T][\d:.]+ ?(?:UTC|Z)/g, 'TIME');
  return { status: answer.status, headers, text };
}

describe('nothing of the origin’s reaches the visitor', () => {
  const token = fc.string({
    unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'),
    minLength: 1,
    maxLength: 30,
  });
  const ordinaryHeaders = [
    'Set-Cookie Server X-Powered-By ETag Location Refresh Link Content-Disposition Content-Encoding Content-Type',
    'Content-Language Cache-Control Vary X-Request-Id Content-Security-Policy Proxy-Status Clear-Site-Data NEL',
    'Report-To Alt-Svc Via Strict-Transport-Security X-Debug-Token Server-Timing Trailer Upgrade Keep-Alive',
  ].flatMap((line) => line.split(' '));
  const headerName = fc.oneof(
    fc.constantFrom(...ordinaryHeaders),
    token.map((name) => name + CANARY),
  );
  const notKept = headerName.filter(
    (name) => !/^(?:www-authenticate|strict-transport-security|access-control-.*)$/i.test(name),
  );
  const headers = fc.array(fc.tuple(notKept, headerValue), { maxLength: 12 });
  const accept = fc.constantFrom('text/html', 'application/json', 'text/plain', 'text/markdown');
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PROPFIND');
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([Buffer.from(CANARY), bytes])),
    anyText.map((text) => Buffer.from(text)),
  );

  function head(statusLine: string, lines: readonly (readonly [string, string])[]): string {
    return `${statusLine}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  }

  function framed(framing: 'length' | 'chunked' | 'close' | 'cut', bytes: Buffer) {
    const chunk = [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')];
    switch (framing) {
      case 'length':
        return { lines: [['Content-Length', String(bytes.length)]], sent: bytes } as const;
      case 'cut':
        return { lines: [['Content-Length', String(bytes.length + 9)]], sent: bytes } as const;
      case 'chunked':
        return { lines: [['Transfer-Encoding', 'chunked']], sent: Buffer.concat(chunk) } as const;
      case 'close':
        return { lines: [], sent: bytes } as const;
    }
  }

  test('a 5xx answer: whatever its reason, headers and body, the visitor gets the same page', async () => {
    const status = fc.integer({ min: 500, max: 599 });
    const framing = fc.constantFrom('length', 'chunked', 'close', 'cut');
    const check = async (
      ...[code, reason, lines, framingKind, content, question]: [
        number,
        string,
        [string, string][],
        'length' | 'chunked' | 'close' | 'cut',
        Buffer,
        { method: string; headers: { Accept: string } },
      ]
    ) => {
      const frame = framed(framingKind, content);
      const top = head(`HTTP/1.1 ${code} ${reason}`, [...lines, ...frame.lines]);
      origin.bytes = Buffer.concat([Buffer.from(top, 'latin1'), frame.sent]);
      const since = worker.logs.length;
      const answer = await ask(worker, question);
      expectNoCanary(everythingIn(answer));
      await expectLogged(worker, answer.header('x-request-id') ?? '', since);

      origin.bytes = Buffer.from('HTTP/1.1 500 Plain\r\nContent-Length: 0\r\n\r\n');
      expect(impersonal(answer)).toEqual(impersonal(await ask(worker, question)));
      expect(answer.header('proxy-status')).toMatch(
        /^edge-error-interceptor(?:; error=[a-z_]+)?(?:; received-status=5\d\d)?$/,
      );
    };
    const question = fc.record({ method, headers: fc.record({ Accept: accept }) });
    await fc.assert(fc.asyncProperty(status, headerValue, headers, framing, body, question, check), bounded);
  });

  test('bytes that are hardly HTTP', async () => {
    const statusLine = fc.oneof(
      fc.constantFrom(
        'HTTP/1.1 503',
        'HTTP/1.0 500 Oops',
        'HTTP/1.1 5O3 x',
        'ICY 500 x',
        'HTTP/2.0 500 x',
        '',
      ),
      headerValue,
    );
    const rest = fc.array(
      fc.oneof(
        headerValue,
        fc.tuple(headerName, headerValue).map(([name, value]) => `${name}:${value}`),
        headerValue.map((value) => ` folded ${value}`),
        fc.constantFrom('Content-Length: -1', 'Transfer-Encoding: gzip', 'Content-Length: 5, 6', ':', '\0'),
      ),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(statusLine, rest, body, async (line, lines, content) => {
        const top = Buffer.from([line, ...lines, '', ''].join('\r\n'), 'latin1');
        origin.bytes = Buffer.concat([top, content]);
        const since = worker.logs.length;
        const answer = await ask(worker);
        expect(answer.status).toBe(500);
        // The headers that are kept of the origin's answer may hold the text, even here.
        const { rawHeaders } = answer;
        expectNoCanary(everythingIn({ ...answer, rawHeaders: rawHeaders.filter(isOurs) }));
        await expectLogged(worker, answer.header('x-request-id') ?? '', since);
      }),
      bounded,
    );
    function isOurs(_: string, index: number, all: readonly string[]): boolean {
      const name = all[index - (index % 2)] ?? '';
      return !/^(?:www-authenticate|strict-transport-security|access-control-.*)$/i.test(name);
    }
  });

  test('of its headers, only what a client needs in order to react is kept', async () => {
    const kept = [
      'WWW-Authenticate',
      'Strict-Transport-Security',
      'Access-Control-Allow-Origin',
      'Access-Control-Allow-Credentials',
      'Access-Control-Expose-Headers',
    ];
    const others = [
      'Set-Cookie',
      'ETag',
      'Server',
      'X-Powered-By',
      'Location',
      'X-Retry-After',
      'Retry-After', // not digits, and no date
      'X-Frame-Options', // neither DENY nor SAMEORIGIN
      'Access-Control-Xn',
      'Access-Control',
    ];
    const lines = [...kept, ...others, 'X-Access-Control-Allow-Origin', 'Authenticate'].map(
      (name) => [name, CANARY] as const,
    );
    origin.bytes = Buffer.from(head('HTTP/1.1 503 x', [...lines, ['Content-Length', '0']]));
    const answer = await ask(worker);
    const carriers = Object.entries(headersOf(answer)).filter(([, value]) => value.includes(CANARY));
    expect(carriers.map(([name]) => name).toSorted()).toEqual(
      kept.map((name) => name.toLowerCase()).toSorted(),
    );
    expectNoCanary(answer.text);
  });

  test.each([
    ['outside of ASCII', '\u00e9'],
    ['in UTF-8', '\u00c3\u00a9'],
    ['that control a terminal', '\u001b[31m'],
    ['that end a line elsewhere', '\u00e2\u0080\u00a8'],
    ['that turn the direction of a text', '\u00e2\u0080\u00ae'],
    ['without end', 'x'.repeat(2001)],
  ])(
    'values %s, in 200 headers and in those that are kept, are left out, in one record',
    async (_, value) => {
      const names = ['Retry-After', 'WWW-Authenticate', 'Strict-Transport-Security', 'X-Frame-Options'];
      const cors = ['Origin', 'Credentials', 'Methods', 'Headers'].map(
        (name) => `Access-Control-Allow-${name}`,
      );
      const hundreds = Array.from({ length: 200 }, (__, i) => `Access-Control-X${i}`);
      const lines = [...names, ...cors, ...hundreds].map((name) => [name, `${CANARY}${value}`] as const);
      origin.bytes = Buffer.from(head('HTTP/1.1 503 x', [...lines, ['Content-Length', '0']]), 'latin1');
      const since = worker.logs.length;
      const answer = await ask(worker);
      expect(answer.status).toBe(500);
      expectNoCanary(everythingIn(answer));
      const requestId = answer.header('x-request-id') ?? '';
      const logged = await expectLogged(worker, requestId, since);
      // The log may still receive records of the test before.
      expect(logged.split(requestId)).toHaveLength(2);
      expect(worker.logs.slice(since).filter(({ level }) => level === 'warn')).toEqual([]);
    },
  );
});

describe('nothing of what an application throws reaches the visitor', () => {
  let application: RunningWorker;
  let folder: string;

  beforeAll(async () => {
    // The application throws the value that the body of the request describes. Each shape has its own code.
    folder = await buildLibraryBundle(`
      const shapes = {
        error: ({ text }) => new Error(text),
        named: ({ text }) => Object.assign(new Error('x'), { name: text }),
        stack: ({ text }) => Object.assign(new Error('x'), { stack: text }),
        cause: ({ text }) => new Error('x', { cause: new Error(text, { cause: text }) }),
        nested: ({ text }) => [1, 2, 3, 4, 5, 6, 7].reduce((cause) => new Error(text, { cause }), text),
        all: ({ text }) => Object.assign(new Error(text), { name: text, stack: text, cause: new Error(text) }),
        string: ({ text }) => text,
        symbol: ({ text }) => Symbol(text),
        data: ({ text }) => ({ text, [text]: [text] }),
        response: ({ text }) => new Response(text, { status: 502, headers: { 'X-Leak': 'cAnArY7f3a' } }),
        returned: ({ text }) => new Response(text, { status: 503, statusText: 'cAnArY7f3a' }),
        exception: ({ text }) => new DOMException(text, text),
      };
      export default withErrorPages({
        async fetch(request) {
          const { shape, text } = await request.json();
          const value = shapes[shape]({ text });
          if (shape === 'returned') return value;
          throw value;
        },
      });
    `);
    application = await startWorkerd({ bundle: folder });
  });
  afterAll(async () => {
    await application.stop();
    await rm(folder, { recursive: true });
  });

  test('whatever the value and its text are', async () => {
    const shape = fc.constantFrom(
      'error',
      'named',
      'stack',
      'cause',
      'nested',
      'all',
      'string',
      'symbol',
      'data',
      'response',
      'returned',
      'exception',
    );
    const accept = fc.constantFrom('text/html', 'application/json', 'text/plain');
    await fc.assert(
      fc.asyncProperty(shape, anyText, accept, async (kind, text, Accept) => {
        const since = application.logs.length;
        const body = JSON.stringify({ shape: kind, text });
        const answer = await ask(application, { method: 'POST', body, headers: { Accept } });
        expect(answer.status).toBe(500);
        expectNoCanary(everythingIn(answer));
        await expectLogged(application, answer.header('x-request-id') ?? '', since);
      }),
      bounded,
    );
  });
});
