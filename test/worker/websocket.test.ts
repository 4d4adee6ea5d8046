import { EventEmitter, once } from 'node:events';
import { rm } from 'node:fs/promises';
import { type IncomingMessage, createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { exchange } from '../support/exchange.ts';
import { placements } from '../support/placements.ts';
import { buildLibraryBundle } from '../support/library-bundle.ts';
import { type Listener, listen, startListener } from '../../src/cli/dev/origin/listener.ts';
import { otherLogs } from '../support/other-logs.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

/** The close code and reason that each end of a WebSocket receives. */
interface Close {
  readonly code: number;
  readonly reason: string;
}

describe.each(placements)('a WebSocket, $placement,', ({ inFrontOf }) => {
  const httpServer = createServer((_, response) => response.writeHead(503).end());
  const server = new WebSocketServer({
    server: httpServer,
    verifyClient: ({ req }, done) => done(req.url !== '/refused', 403, 'Members only'),
    handleProtocols: (offered) => (offered.has('chat.v2') ? 'chat.v2' : false),
  });
  server.on('headers', (headers) => headers.push('Set-Cookie: socket=1', 'X-Origin: yes'));

  let origin: Listener;
  let worker: RunningWorker;
  let client: WebSocket;
  let atOrigin: WebSocket;
  let requestAtOrigin: IncomingMessage;
  let upgradeHeaders: NodeJS.Dict<string | string[]>;

  beforeAll(async () => {
    origin = await listen(httpServer);
    worker = await startWorkerd({ bundle: inject('bundle'), ...inFrontOf(origin.host) });
  });

  beforeEach(async () => {
    const accepted = once(server, 'connection');
    client = new WebSocket(`${worker.url.replace('http', 'ws')}/chat?room=1`, ['chat.v1', 'chat.v2'], {
      headers: { Host: 'shop.example', Cookie: 'session=1' },
    });
    client.once('upgrade', ({ headers }) => (upgradeHeaders = headers));
    [[atOrigin, requestAtOrigin]] = await Promise.all([accepted, once(client, 'open')]);
  });

  afterAll(async () => {
    await worker.stop();
    await origin.stop();
  });

  test('is asked for with the path, query and cookies of the visitor, and a request ID', () => {
    expect(requestAtOrigin.url).toBe('/chat?room=1');
    expect(requestAtOrigin.headers.cookie).toBe('session=1');
    expect(requestAtOrigin.headers['x-request-id']).toMatch(
      /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
    );
    client.close();
  });

  test('is opened with the subprotocol that the origin chose, and with its headers', () => {
    expect(client.protocol).toBe('chat.v2');
    expect(upgradeHeaders['set-cookie']).toEqual(['socket=1']);
    expect(upgradeHeaders['x-origin']).toBe('yes');
    expect(upgradeHeaders['x-request-id']).toBeUndefined();
    client.close();
  });

  test.each([
    ['text', 'Gr\u00fc\u00dfe \u{1f44b}'],
    ['an empty text', ''],
    ['binary', Buffer.from(Array.from({ length: 256 }, (_, index) => index))],
    ['100 kB', Buffer.alloc(100_000, 'x')],
  ])('carries %s both ways', async (_, message) => {
    for (const [from, to] of [
      [client, atOrigin],
      [atOrigin, client],
    ] as const) {
      const received = once(to, 'message');
      from.send(message);
      const [data, isBinary]: unknown[] = await received;
      expect(data).toEqual(Buffer.from(message));
      expect(isBinary).toBe(typeof message !== 'string');
    }
    client.close();
  });

  test.each([
    [1000, 'done'],
    [1001, ''],
    [3000, 'reason'],
    [4999, 'Gr\u00fc\u00dfe'],
  ])('carries close code %i of the visitor to the origin', async (code, reason) => {
    const toOrigin = closeOf(atOrigin);
    client.close(code, reason);
    expect(await toOrigin).toEqual({ code, reason });
  });

  test.each([
    [1000, 'done'],
    [1011, 'failed'],
    [4001, 'go away'],
  ])('carries close code %i of the origin to the visitor', async (code, reason) => {
    const toClient = closeOf(client);
    atOrigin.close(code, reason);
    expect(await toClient).toEqual({ code, reason });
  });

  test('ends for the visitor where the connection of the origin breaks', async () => {
    const toClient = closeOf(client);
    atOrigin.terminate();
    expect((await toClient).code).toBe(1006);
  });

  test('ends for the origin where the connection of the visitor breaks', async () => {
    const toOrigin = closeOf(atOrigin);
    client.terminate();
    expect((await toOrigin).code).toBe(1006);
  });

  test('that the origin refuses is refused in its words', async () => {
    client.close();
    const headers = [
      ['Connection', 'Upgrade'],
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Version', '13'],
      ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
    ] as const;
    const answer = await exchange(worker.port, { target: '/refused', headers });
    expect(answer.status).toBe(403);
    expect(answer.body.toString()).toBe('Members only');
  });

  test('leaves nothing in the log', async () => {
    client.close();
    expect(await otherLogs(worker)).toEqual([]);
    expect(worker.uncaught).toBe(0);
  });
});

async function closeOf(end: EventEmitter): Promise<Close> {
  const [code, reason]: unknown[] = await once(end, 'close');
  return { code: Number(code), reason: String(reason) };
}

describe('a WebSocket that the origin refuses without a header', () => {
  const upgrade = [
    ['Connection', 'Upgrade'],
    ['Upgrade', 'websocket'],
    ['Sec-WebSocket-Version', '13'],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
    ['Accept', 'text/html'],
  ] as const;
  const failed = {
    message: 'Origin did not answer',
    exception: { message: 'The WebSocket handshake failed' },
  };
  let answered = '';
  let origin: Listener;
  let worker: RunningWorker;

  beforeAll(async () => {
    origin = await startListener((socket) => {
      socket.once('data', () => socket.end(`HTTP/1.1 ${answered}Content-Length: 0\r\n\r\n`));
    });
    const vars = { ORIGIN_URL: `http://${origin.host}`, ORIGIN_TIMEOUT_MS: 5000 };
    worker = await startWorkerd({ bundle: inject('bundle'), vars });
  });

  afterAll(async () => {
    await worker.stop();
    await origin.stop();
  });

  test.each([
    ['503 Busy\r\n', upgrade, { message: 'Origin answered 503' }],
    ['502 Bad Gateway\r\nServer: nginx\r\n', upgrade, { message: 'Origin answered 502' }],
    ['502 Bad Gateway\r\n', [['Accept', 'text/html']] as const, { message: 'Origin answered 502' }],
    [
      '101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: no\r\n',
      upgrade,
      failed,
    ],
    [
      '101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: no\r\n',
      upgrade.map(([name, value]) => [name, name === 'Upgrade' ? 'WebSocket' : value] as const),
      failed,
    ],
  ])('is told as it was: %j', async (head, headers, expected) => {
    answered = head;
    const answer = await exchange(worker.port, { target: '/', headers });
    expect(answer.status).toBe(500);
    expect(await worker.recordsOf(answer.header('x-request-id') ?? '')).toMatchObject([expected]);
  });

  test('is asked for under a time limit with a length of 0, too', async () => {
    answered = '403 Forbidden\r\n';
    const answer = await exchange(worker.port, {
      target: '/',
      headers: [...upgrade, ['Content-Length', '0']],
    });
    expect(answer.status).toBe(403);
  });
});

test('a WebSocket that a wrapped application opens passes', async () => {
  const bundle = await buildLibraryBundle(`
    export default withErrorPages({
      fetch() {
        const [client, server] = Object.values(new WebSocketPair());
        server.accept();
        server.send('hello');
        return new Response(null, { status: 101, webSocket: client });
      },
    });`);
  const worker = await startWorkerd({ bundle });
  const client = new WebSocket(worker.url.replace('http', 'ws'));
  const [data]: unknown[] = await once(client, 'message');
  expect(String(data)).toBe('hello');
  client.close();
  await worker.stop();
  await rm(bundle, { recursive: true });
});
