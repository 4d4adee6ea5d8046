import { afterAll, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { type Connection, type RawRequest, connect, readAnswer, requestBytes } from '../support/exchange.ts';
import { placements } from '../support/placements.ts';
import { type Origin, type SeenRequest, startOrigin } from '../support/origin.ts';
import { otherLogs } from '../support/other-logs.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

/** The start of an upload. The rest has not been sent yet. */
const halfUpload: RawRequest = {
  method: 'POST',
  target: '/upload',
  headers: [['Content-Length', '1000000']],
};

const chunkedUpload: RawRequest = { ...halfUpload, headers: [['Transfer-Encoding', 'chunked']] };

/** An entry module with work that goes on after the request, so that an error can reach the Worker's code. */
const busyEntry = `import worker from './index.js';
export default {
  fetch(request, env, ctx) {
    ctx.waitUntil(new Promise((resolve) => setTimeout(resolve, 500)));
    return worker.fetch(request, env, ctx);
  },
};`;

describe.each(placements)('a visitor who leaves, $placement,', ({ inFrontOf }) => {
  let origin: Origin;
  let worker: RunningWorker;
  let limited: RunningWorker;
  let busy: RunningWorker;

  beforeAll(async () => {
    origin = await startOrigin();
    const bundle = inject('bundle');
    [worker, limited, busy] = await Promise.all([
      startWorkerd({ bundle, ...inFrontOf(origin.host) }),
      startWorkerd({ bundle, ...inFrontOf(origin.host, { ORIGIN_TIMEOUT_MS: 1000 }) }),
      startWorkerd({ bundle, ...inFrontOf(origin.host), entry: busyEntry }),
    ]);
  });

  beforeEach(() => origin.clear());

  afterAll(async () => {
    await Promise.all([worker.stop(), limited.stop(), busy.stop()]);
    await origin.stop();
  });

  /** Sends a request and perhaps a part of its body. Waits until the origin has received them. */
  async function begin(
    { port }: RunningWorker,
    request: RawRequest,
    part = '',
  ): Promise<{ visitor: Connection; seen: SeenRequest }> {
    const visitor = await connect(port);
    visitor.socket.write(requestBytes(request));
    visitor.socket.write(part);
    const seen = await vi.waitFor(
      () => {
        const [first] = origin.seen;
        if (first === undefined || (part !== '' && first.bodyBytes === 0))
          throw new Error('The request did not arrive');
        return first;
      },
      { timeout: 30_000, interval: 5 },
    );
    return { visitor, seen };
  }

  describe('by a reset', () => {
    test.each([
      ['GET', { target: '/silent' }],
      ['POST', { method: 'POST', target: '/silent', body: 'whole' }],
      ['HEAD', { method: 'HEAD', target: '/silent' }],
    ])('before the answer to %s: the origin is let go', async (_, request) => {
      const { visitor, seen } = await begin(worker, request);
      visitor.socket.resetAndDestroy();
      await seen.closed;
    });

    test('in mid-upload: the origin sees the upload break off', async () => {
      const { visitor, seen } = await begin(worker, halfUpload, 'x'.repeat(50_000));
      visitor.socket.resetAndDestroy();
      await seen.closed;
      expect(seen.completed).toBe(false);
    });

    test('in mid-upload in chunks: the origin never takes it for whole', async () => {
      const { visitor, seen } = await begin(worker, chunkedUpload, '5\r\nfirst\r\n');
      visitor.socket.resetAndDestroy();
      await seen.closed;
      expect(seen.completed).toBe(false);
    });

    test.each([
      ['a download', '/download/200', 'application/octet-stream'],
      ['server-sent events', '/events-on-demand', '"number":1'],
      ['an answer whose body stalls', '/silent-body', 'text/plain'],
    ])('in the middle of %s: the origin is let go', async (_, target, firstBytes) => {
      const { visitor, seen } = await begin(worker, { target });
      await visitor.until(firstBytes);
      visitor.socket.resetAndDestroy();
      await seen.closed;
    });

    test('is no failure and not logged', async () => {
      expect(await otherLogs(worker)).toEqual([]);
      expect(worker.uncaught).toBe(0);
    });

    test('is no failure either once ORIGIN_TIMEOUT_MS is over', async () => {
      for (const request of [{ target: '/silent' }, halfUpload]) {
        origin.clear();
        const { visitor, seen } = await begin(limited, request);
        visitor.socket.resetAndDestroy();
        await seen.closed;
      }
      // The request that marks the end fails only at the time limit. By then the others' time limit is over, too.
      expect(await otherLogs(limited, '/silent')).toEqual([]);
      expect(limited.uncaught).toBe(0);
    });

    test('is no failure either where other work keeps the Worker running', async () => {
      for (const request of [{ target: '/slow/200' }, halfUpload]) {
        origin.clear();
        const { visitor, seen } = await begin(busy, request);
        visitor.socket.resetAndDestroy();
        await seen.closed;
      }
      expect(await otherLogs(busy)).toEqual([]);
      expect(busy.uncaught).toBe(0);
    });
  });

  describe('by half: closing its own side alone, as it may', () => {
    test.each([
      ['the page', '/slow/50', true],
      ['a download', '/download/10', true],
      ['the bytes there were', '/cut-in-body', false],
    ])('still gets %s, and nothing is logged', async (_, target, complete) => {
      const { visitor } = await begin(worker, { target });
      visitor.socket.end();
      expect(await readAnswer(visitor)).toMatchObject({ status: 200, complete });
      expect(await otherLogs(worker)).toEqual([]);
    });

    test('while the origin hangs: nothing is logged before the limit is over, and then the truth', async () => {
      const since = limited.logs.length;
      const { visitor } = await begin(limited, { target: '/silent' });
      visitor.socket.end();
      const answer = await readAnswer(visitor);
      const records = await limited.recordsOf(answer.header('x-request-id') ?? '');
      expect(records).toMatchObject([{ message: 'Origin timed out', error: { source: 'network' } }]);
      expect(limited.logs.slice(since)).toHaveLength(1);
    });

    test('in a small upload that is read before the origin is asked: nobody is blamed', async () => {
      const visitor = await connect(limited.port);
      const small: RawRequest = { method: 'POST', target: '/upload', headers: [['Content-Length', '1000']] };
      visitor.socket.write(requestBytes(small));
      visitor.socket.write('x'.repeat(500));
      visitor.socket.end();
      expect((await readAnswer(visitor)).status).toBe(500);
      expect(origin.seen).toEqual([]);
      expect(await otherLogs(limited, '/status/503')).not.toContainEqual(
        expect.objectContaining({ message: [expect.objectContaining({ message: 'Origin did not answer' })] }),
      );
    });

    test.each<[string, RawRequest, string]>([
      ['between two chunks', chunkedUpload, '5\r\nfirst\r\n'],
      ['in the middle of a chunk', chunkedUpload, '400\r\nfirst'],
    ])('%s: the origin never takes it for whole, and is not blamed', async (_, request, part) => {
      const { visitor, seen } = await begin(worker, request, part);
      visitor.socket.end();
      await seen.closed;
      expect(seen.completed).toBe(false);
      expect((await readAnswer(visitor)).status).toBe(500);
      expect(await otherLogs(worker)).toEqual([]);
    });
  });

  describe('by chunks that are none', () => {
    test.each([
      ['a size that is no number', 'zz\r\nrest\r\n'],
      ['a size below zero', '-5\r\nother\r\n'],
      ['a size without end', 'fffffffffffffffff\r\nother\r\n'],
      ['a chunk that is longer than its size', '5\r\nother and more\r\n0\r\n\r\n'],
      ['a line end within a size', '\n5\r\nother\r\n'],
    ])('%s: the origin never takes it for whole, and is not blamed', async (_, chunk) => {
      const { visitor, seen } = await begin(worker, chunkedUpload, '5\r\nfirst\r\n');
      visitor.socket.write(chunk);
      await seen.closed;
      expect(seen.completed).toBe(false);
      expect((await readAnswer(visitor)).status).toBe(500);
      expect(await otherLogs(worker)).toEqual([]);
    });

    test('once the answer has begun: that is not cut', async () => {
      const { visitor } = await begin(worker, { ...chunkedUpload, target: '/events' }, '5\r\nfirst\r\n');
      await visitor.until('"number":1');
      visitor.socket.write('zz\r\n');
      expect(await readAnswer(visitor)).toMatchObject({ status: 200, complete: true });
      expect(await otherLogs(worker)).toEqual([]);
    });
  });

  describe('not at all, while the origin breaks an upload off', () => {
    test.each<[string, RawRequest, string]>([
      ['of a known length', halfUpload, 'x'.repeat(50_000)],
      ['in chunks', chunkedUpload, '5\r\nfirst\r\n'],
      ['of which much is on its way', chunkedUpload, `F423F\r\n${'x'.repeat(999_999)}\r\n`],
    ])('%s: that is a failure, with a record', async (_, request, part) => {
      for (let time = 0; time < 10; time++) {
        const visitor = await connect(worker.port);
        visitor.socket.write(requestBytes({ ...request, target: '/reset-upload' }));
        visitor.socket.write(part);
        await expectNetworkFailure(visitor);
      }
    });
  });

  // fetch has the same message for both sides, "Network connection lost." The README says so.
  describe('by half, in mid-upload of a known length', () => {
    test('the origin never takes it for whole; a record says that the network failed', async () => {
      const { visitor, seen } = await begin(worker, halfUpload, 'x'.repeat(50_000));
      visitor.socket.end();
      await seen.closed;
      expect(seen.completed).toBe(false);
      await expectNetworkFailure(visitor);
    });
  });

  async function expectNetworkFailure(visitor: Connection): Promise<void> {
    const answer = await readAnswer(visitor);
    expect(answer.status).toBe(500);
    const records = await worker.recordsOf(answer.header('x-request-id') ?? '');
    expect(records).toMatchObject([{ message: 'Origin did not answer', error: { source: 'network' } }]);
  }
});

describe('a visitor who breaks an upload in chunks off, before a bound Worker', () => {
  const originWorker = `export default {
    async fetch(request) {
      if (request.method === 'GET') return new Response(null, { status: 503 });
      return new Response(await request.text());
    },
  };`;

  test.each<[string, (visitor: Connection) => void]>([
    ['by half', ({ socket }) => socket.end()],
    ['by chunks that are none', ({ socket }) => socket.write('zz\r\n')],
  ])('%s: that Worker is not blamed', async (_, breakOff) => {
    const worker = await startWorkerd({ bundle: inject('bundle'), originWorker });
    onTestFinished(() => worker.stop());
    const whole = await connect(worker.port);
    whole.socket.write(requestBytes(chunkedUpload));
    whole.socket.write('5\r\nwhole\r\n0\r\n\r\n');
    expect((await readAnswer(whole)).body.toString()).toBe('whole');

    const visitor = await connect(worker.port);
    visitor.socket.write(requestBytes(chunkedUpload));
    visitor.socket.write('5\r\nfirst\r\n');
    breakOff(visitor);
    expect((await readAnswer(visitor)).status).toBe(500);
    expect(await otherLogs(worker)).toEqual([]);
    expect(worker.uncaught).toBe(0);
  });
});
