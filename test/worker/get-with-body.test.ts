/**
 * GET and HEAD may have a body (RFC 9110 §9.3.1). Search engines get queries that way, and a time limit harms no such
 * request.
 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { connect, readAnswer, requestBytes } from '../support/exchange.ts';
import { type Listener, startListener } from '../support/origin.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

let origin: Listener;
let worker: RunningWorker;
let seen: string[] = [];

beforeAll(async () => {
  origin = await startListener((socket) => {
    let request = '';
    socket.setEncoding('latin1').on('data', (text) => {
      request += text;
      const [, length = '0'] = /content-length: (\d+)/i.exec(request) ?? [];
      const [head = '', body = ''] = request.split('\r\n\r\n');
      if (body.length < Number(length) || (/chunked/i.test(head) && !body.endsWith('0'))) return;
      seen.push(`${request.split(' ')[0]} ${body}`);
      if (request.includes('/silent')) return;
      socket.end(
        'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nfound'.slice(
          0,
          request.startsWith('HEAD') ? -5 : undefined,
        ),
      );
    });
  });
  worker = await startWorkerd({
    bundle: inject('bundle'),
    route: origin.host,
    vars: { ORIGIN_TIMEOUT_MS: 1500 },
  });
});

afterAll(async () => {
  await worker.stop();
  await origin.stop();
});

const query = '{"query":{"match_all":{}}}';

describe('with a time limit', () => {
  it.each([
    ['GET', query],
    ['HEAD', query],
    ['GET', 'x'.repeat(70_000)],
    ['POST', query],
    ['QUERY', query],
    ['PROPFIND', query],
  ])('%s reaches the origin with its body', async (method, body) => {
    seen = [];
    const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };
    const answer = await ask(worker, { method, path: '/shop/_search', headers, body });
    expect([answer.status, answer.text]).toEqual([200, method === 'HEAD' ? '' : 'found']);
    expect(seen).toEqual([`${method} ${body}`]);
  });

  it('an upload of more than 64 kB is passed on as it comes', async () => {
    const length = 65_537;
    const begun = Promise.withResolvers<void>();
    const receiver = await startListener((socket) => {
      let received = 0;
      socket.on('data', (bytes) => {
        begun.resolve();
        received += bytes.length;
        if (received > length)
          socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nfound');
      });
    });
    const limited = await startWorkerd({
      bundle: inject('bundle'),
      route: receiver.host,
      vars: { ORIGIN_TIMEOUT_MS: 60_000 },
    });
    const visitor = await connect(limited.port);
    const headers = [['Content-Length', String(length)]] as const;
    visitor.socket.write(requestBytes({ method: 'POST', target: '/', headers }));
    visitor.socket.write('x');
    await begun.promise;
    visitor.socket.write('x'.repeat(length - 1));
    expect(await readAnswer(visitor)).toMatchObject({ status: 200 });
    await limited.stop();
    await receiver.stop();
  });

  it.each(['GET', 'HEAD', 'DELETE', 'POST'])('%s with a length of 0 passes', async (method) => {
    const answer = await ask(worker, { method, path: '/c', headers: { 'Content-Length': 0 } });
    expect(answer.status).toBe(200);
  });

  it.each(['GET', 'HEAD', 'POST'])('%s with a length of 0 is held to the limit', async (method) => {
    const headers = { 'Content-Length': 0, Accept: 'text/html' };
    const answer = await ask(worker, { method, path: '/silent', headers });
    expect(answer.status).toBe(500);
    expect(await worker.recordsOf(answer.header('X-Request-Id') ?? '')).toMatchObject([
      { message: 'Origin timed out', error: { type: 'http_response_timeout' } },
    ]);
  });

  it('an origin that is down leaves a record of GET with a body, too', async () => {
    const gone = await startWorkerd({
      bundle: inject('bundle'),
      vars: { ORIGIN_URL: 'http://127.0.0.1:1', ORIGIN_TIMEOUT_MS: 1500 },
    });
    const headers = { 'Content-Length': query.length };
    const answer = await ask(gone, { path: '/_search', headers, body: query });
    expect(answer.status).toBe(500);
    const records = await gone.recordsOf(answer.header('X-Request-Id') ?? '');
    await gone.stop();
    expect(records).toMatchObject([{ message: 'Origin did not answer', answer: { format: 'html' } }]);
  });
});
