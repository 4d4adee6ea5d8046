import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  type Header,
  type RawRequest,
  exchange,
  connect,
  endToEnd,
  endToEndHeaders,
  readAnswer,
  requestBytes,
} from '../support/exchange.ts';
import { placements } from '../support/placements.ts';
import { type Origin, type SeenRequest, startOrigin } from '../support/origin.ts';
import { otherLogs } from '../support/other-logs.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, index) => index));

const uuid = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const clientsOwnId = 'from-the-client-0123456789';

/** Headers that a browser, a script or another proxy may send. */
const manyKinds: readonly Header[] = [
  ['uSER-aGENT', 'Mozilla/5.0'],
  ['Accept', 'text/html, */*;q=0.1'],
  ['Accept-Encoding', 'zstd'],
  ['Accept-Language', 'de, en;q=0.5'],
  ['Authorization', 'Basic c2hvcDpzZWNyZXQ='],
  ['Proxy-Authorization', 'Basic c2hvcA=='],
  ['Cookie', 'a=1; b=2'],
  ['Cookie', 'c=3'],
  ['If-None-Match', '"x", W/"y"'],
  ['Range', 'bytes=0-1'],
  ['Via', '1.1 proxy'],
  ['Forwarded', 'for=192.0.2.1'],
  ['X-Forwarded-For', '192.0.2.1'],
  ['CF-Connecting-IP', '192.0.2.1'],
  ['CF-Ray', '8f0123456789abcd-FRA'],
  ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  ['Sec-Fetch-Mode', 'navigate'],
  ['Upgrade-Insecure-Requests', '1'],
  ['Origin', 'https://app.example'],
  ['X-Twice', 'one'],
  ['X-Twice', 'two'],
  ['X-Empty', ''],
  ['X-Bytes', '\xe4\xf6\xfc\xff'],
  ['x-lower-case', 'Mixed Value'],
  ['X-Error-Drill', 'ours only with a DRILL_TOKEN'],
];

describe.each(placements)(
  'what the visitor sends reaches the origin, $placement',
  ({ placement, inFrontOf, bareWorker }) => {
    let origin: Origin;
    let worker: RunningWorker;
    let trusting: RunningWorker;
    let bare: RunningWorker;

    beforeAll(async () => {
      origin = await startOrigin();
      const bundle = inject('bundle');
      [worker, trusting, bare] = await Promise.all([
        startWorkerd({ bundle, ...inFrontOf(origin.host) }),
        startWorkerd({ bundle, ...inFrontOf(origin.host, { TRUST_REQUEST_ID: true }) }),
        startWorkerd({ bundle, ...inFrontOf(origin.host), entry: bareWorker }),
      ]);
    });

    afterAll(async () => {
      await Promise.all([worker.stop(), trusting.stop(), bare.stop()]);
      await origin.stop();
    });

    /** The request as it arrived at the origin. */
    async function seenThrough({ port }: { port: number }, request: RawRequest): Promise<SeenRequest> {
      origin.clear();
      await exchange(port, request);
      const [seen] = origin.seen;
      if (seen === undefined || origin.seen.length !== 1)
        throw new Error(`${origin.seen.length} requests arrived`);
      return seen;
    }

    test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY'])(
      '%s, with a body and without',
      async (method) => {
        for (const body of [everyByte, undefined]) {
          const request = { method, target: '/echo', ...(body && { body }) };
          expect((await seenThrough(worker, request)).method).toBe(method);
          const answer = await exchange(worker.port, request);
          expect(answer.body).toEqual(body ?? Buffer.alloc(0));
          expect(endToEnd(answer)).toEqual(endToEnd(await exchange(origin.port, request)));
        }
      },
    );

    test('a body with a length as one with that length, and one in chunks in chunks', async () => {
      const request = { method: 'POST', target: '/upload' };
      const whole = await seenThrough(worker, { ...request, body: everyByte });
      expect(whole.header('content-length')).toBe('256');
      expect(whole.header('transfer-encoding')).toBeUndefined();

      origin.clear();
      const connection = await connect(worker.port);
      connection.socket.write(requestBytes({ ...request, headers: [['Transfer-Encoding', 'chunked']] }));
      connection.socket.write('5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n');
      expect((await readAnswer(connection)).body.toString()).toContain('"bytes":11');
      expect(origin.seen[0]?.header('content-length')).toBeUndefined();
      expect(origin.seen[0]?.header('transfer-encoding')).toBe('chunked');
    });

    test.each(['POST', 'PUT', 'DELETE'])(
      '%s without a body just as a Worker without any code of ours',
      async (method) => {
        const framing = ({ header }: SeenRequest) => [header('content-length'), header('transfer-encoding')];
        const request = { method, target: '/ok' };
        expect(framing(await seenThrough(worker, request))).toEqual(
          framing(await seenThrough(bare, request)),
        );
      },
    );

    test('all headers, just as a Worker without any code of ours sends them', async () => {
      const request = { target: '/ok', headers: manyKinds };
      const ours = [
        'x-edge-request-id',
        'x-request-id',
        ...(placement === 'on a route' ? [] : ['x-forwarded-host', 'x-forwarded-proto']),
      ];
      const seen = headersOf(await seenThrough(worker, request));
      const withoutOurs = seen.filter(([name]) => !ours.includes(name.toLowerCase()));
      expect(seen.length - withoutOurs.length).toBe(ours.length);
      expect(withoutOurs).toEqual(headersOf(await seenThrough(bare, request)));
    });

    test('all headers, as they were sent; only several Cookie headers are joined by workerd', async () => {
      const headers = manyKinds.filter(([name]) => name !== 'Cookie');
      const seen = endToEndHeaders(headersOf(await seenThrough(worker, { target: '/ok', headers })));
      expect(seen).toEqual(expect.arrayContaining(endToEndHeaders(headers)));
    });

    test.each([
      ['in one header', [['X-Long', 'x'.repeat(100_000)]] as const],
      [
        'in 1,000 headers',
        Array.from({ length: 1000 }, (_, i) => [`X-Header-${i}`, 'x'.repeat(88)] as const),
      ],
    ])('100 kB of headers, %s', async (_, headers) => {
      const seen = endToEndHeaders(headersOf(await seenThrough(worker, { target: '/ok', headers })));
      expect(seen).toEqual(expect.arrayContaining(endToEndHeaders(headers)));
    });

    if (placement === 'with ORIGIN_URL') {
      test('the host that was asked for, in X-Forwarded-Host and -Proto', async () => {
        const forged: Header[] = [
          ['X-Forwarded-Host', 'evil.example'],
          ['X-FORWARDED-HOST', 'worse.example'],
          ['X-Forwarded-Proto', 'gopher'],
        ];
        for (const host of ['shop.example', 'shop.example:8080', '[::1]:8787']) {
          for (const headers of [[], forged]) {
            const seen = await seenThrough(worker, { target: '/ok', headers: [['Host', host], ...headers] });
            expect(seen.header('host')).toBe(origin.host);
            expect(seen.header('x-forwarded-host')).toBe(host);
            expect(seen.header('x-forwarded-proto')).toBe('http');
          }
        }
      });
    } else {
      test('the Host as it is, and what other proxies say of theirs', async () => {
        const forwarded: Header[] = [
          ['X-Forwarded-Host', 'cdn.example'],
          ['X-Forwarded-Proto', 'https'],
        ];
        const seen = await seenThrough(worker, { target: '/ok', headers: forwarded });
        expect(seen.header('host')).toBe('shop.example');
        expect(seen.header('x-forwarded-host')).toBe('cdn.example');
        expect(seen.header('x-forwarded-proto')).toBe('https');
        expect((await seenThrough(worker, { target: '/ok' })).header('x-forwarded-host')).toBeUndefined();
      });
    }

    test('a request ID of its own for each request, in X-Edge-Request-Id and X-Request-Id', async () => {
      const first = await seenThrough(worker, { target: '/ok' });
      const second = await seenThrough(worker, { target: '/ok' });
      for (const seen of [first, second]) {
        expect(seen.header('x-edge-request-id')).toMatch(uuid);
        expect(seen.header('x-request-id')).toBe(seen.header('x-edge-request-id'));
      }
      expect(second.header('x-request-id')).not.toBe(first.header('x-request-id'));
    });

    test.each([
      ['an X-Request-Id', [clientsOwnId]],
      ['two of them', [clientsOwnId, `${clientsOwnId}-2`]],
      ['one that is no ID', ['<script>, "a b"']],
      ['an empty one', ['']],
    ])('%s of the client, as it was sent: it may be signed', async (_, sent) => {
      for (const place of [worker, trusting]) {
        const request = { target: '/ok', headers: sent.map((id) => ['x-ReQuest-ID', id] as const) };
        const sentOn = ({ header }: SeenRequest) => header('x-request-id');
        const seen = await seenThrough(place, request);
        expect(sentOn(seen)).toBe(sentOn(await seenThrough(bare, request)));
        expect(seen.header('x-edge-request-id')).toBeDefined();
      }
    });

    test('not an X-Edge-Request-Id of the client: that is ours', async () => {
      const headers = [['X-Edge-Request-Id', clientsOwnId]] as const;
      for (const place of [worker, trusting]) {
        expect((await seenThrough(place, { target: '/ok', headers })).header('x-edge-request-id')).toMatch(
          uuid,
        );
      }
    });

    test('the X-Request-Id of a client as the ID, where TRUST_REQUEST_ID says so and it is a good one', async () => {
      const idFor = async (id: string) =>
        (await seenThrough(trusting, { target: '/ok', headers: [['X-Request-Id', id]] })).header(
          'x-edge-request-id',
        );
      expect(await idFor(clientsOwnId)).toBe(clientsOwnId);
      for (const bad of ['short', 'x'.repeat(201), `${clientsOwnId}<script>`, `${clientsOwnId}, second`]) {
        expect(await idFor(bad)).toMatch(uuid);
      }
    });

    test('Expect: 100-continue: the client is told to go on, and its body arrives', async () => {
      const connection = await connect(worker.port);
      const headers: Header[] = [
        ['Expect', '100-continue'],
        ['Content-Length', '5'],
      ];
      connection.socket.write(requestBytes({ method: 'POST', target: '/echo', headers }));
      await connection.until('HTTP/1.1 100 Continue\r\n\r\n');
      connection.socket.write('hello');
      const answer = await readAnswer(connection);
      expect(answer).toMatchObject({ interim: [100], status: 200 });
      expect(answer.body.toString()).toBe('hello');
    });

    test('an expectation that the origin refuses: its 417', async () => {
      const request = {
        method: 'POST',
        target: '/expect-417',
        headers: [['Expect', '100-continue']],
        body: 'x',
      } as const;
      const direct = endToEnd(await exchange(origin.port, request));
      const answer = await exchange(worker.port, request);
      expect(answer.status).toBe(417);
      expect(endToEnd(answer)).toEqual(direct);
    });

    test('and none of it is logged', async () => {
      expect(await otherLogs(worker)).toEqual([]);
      expect(await otherLogs(trusting)).toEqual([]);
      expect(worker.uncaught + trusting.uncaught).toBe(0);
    });
  },
);

function headersOf({ rawHeaders }: SeenRequest): Header[] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, index) => [
    rawHeaders[2 * index] ?? '',
    rawHeaders[2 * index + 1] ?? '',
  ]);
}
