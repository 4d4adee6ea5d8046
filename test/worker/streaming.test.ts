import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { exchange, connect, readAnswer, requestBytes } from '../support/exchange.ts';
import { placements } from '../support/placements.ts';
import { memoryGrowth } from '../support/memory.ts';
import { type Origin, downloadChunk, startOrigin } from '../support/origin.ts';
import { otherLogs } from '../support/other-logs.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

const megabyte = 1_000_000;

describe.each(placements)('bodies stream, $placement', ({ placement, inFrontOf }) => {
  let origin: Origin;
  let worker: RunningWorker;

  beforeAll(async () => {
    origin = await startOrigin();
    worker = await startWorkerd({ bundle: inject('bundle'), ...inFrontOf(origin.host) });
  });

  afterAll(async () => {
    await worker.stop();
    await origin.stop();
  });

  test('a download of 200 MB arrives whole, and workerd does not hold it', async () => {
    const received = createHash('sha256');
    const growth = await memoryGrowth(async () => {
      const response = await request(worker, 'GET', '/download/200');
      expect(response.headers['content-length']).toBe(String(200 * megabyte));
      await pipeline(response, received);
    });
    expect(received.digest('hex')).toBe(hashOf(200));
    reportGrowth('download of 200 MB', growth);
    if (growth !== undefined) expect(growth).toBeLessThan(64);
  });

  test('an upload of 50 MB arrives whole, and workerd does not hold it', async () => {
    let answer: unknown;
    const growth = await memoryGrowth(async () => {
      answer = await json(await request(worker, 'POST', '/upload', Readable.from(chunks(50))));
    });
    expect(answer).toEqual({ bytes: 50 * megabyte, sha256: hashOf(50) });
    reportGrowth('upload of 50 MB', growth);
    if (growth !== undefined) expect(growth).toBeLessThan(64);
  });

  test('a visitor who does not read a download of 200 MB holds up the origin, not the memory', async () => {
    const connection = await connect(worker.port);
    const growth = await memoryGrowth(async () => {
      connection.socket.pause().write(requestBytes({ target: '/download/200' }));
      // A second download is read to its end. In that time the first one fills all buffers that it can.
      await pipeline(await request(worker, 'GET', '/download/100'), createHash('sha256'));
    });
    connection.socket.resetAndDestroy();
    reportGrowth('unread download of 200 MB', growth);
    if (growth !== undefined) expect(growth).toBeLessThan(64);
  });

  test('each part of an upload reaches the origin before the next is sent, and its echo comes back', async () => {
    const connection = await connect(worker.port);
    const headers = [['Transfer-Encoding', 'chunked']] as const;
    connection.socket.write(requestBytes({ method: 'POST', target: '/echo', headers }));
    for (const part of ['part 1', 'part 2', 'part 3']) {
      connection.socket.write(`6\r\n${part}\r\n`);
      await connection.until(part);
    }
    connection.socket.write('0\r\n\r\n');
    const answer = await readAnswer(connection);
    expect(answer.body.toString()).toBe('part 1part 2part 3');
    expect(answer.complete).toBe(true);
  });

  test.each(['identity', 'gzip, br'])(
    'each server-sent event arrives before the origin sends the next (Accept-Encoding: %s)',
    async (acceptEncoding) => {
      const connection = await connect(worker.port);
      const headers = [
        ['Accept', 'text/event-stream'],
        ['Accept-Encoding', acceptEncoding],
      ] as const;
      connection.socket.write(requestBytes({ target: '/events-on-demand', headers }));
      const latencies: number[] = [];
      for (let number = 1; number <= 20; number++) {
        await connection.until(`"number":${number},`);
        latencies.push(performance.timeOrigin + performance.now() - timeOfLastEvent(connection.received()));
        if (number < 20) await exchange(worker.port, { target: '/next-event' });
      }
      connection.socket.resetAndDestroy();
      const [median = NaN] = latencies.toSorted((a, b) => a - b).slice(10);
      console.info(`${placement}: an event arrives after ${median.toFixed(1)} ms (median of 20)`);
    },
  );

  test('and none of it is logged', async () => {
    expect(await otherLogs(worker)).toEqual([]);
    expect(worker.uncaught).toBe(0);
  });

  function reportGrowth(what: string, growth: number | undefined): void {
    console.info(
      `${placement}: ${what}: workerd grew by ${growth?.toFixed(0) ?? 'an unknown number of'} MiB`,
    );
  }
});

async function request(
  { port }: { port: number },
  method: string,
  path: string,
  body: Readable = Readable.from([]),
): Promise<IncomingMessage> {
  const outgoing = httpRequest({ port, host: '127.0.0.1', method, path, agent: false });
  const answered = once(outgoing, 'response');
  await pipeline(body, outgoing);
  const [response]: IncomingMessage[] = await answered;
  if (response === undefined) throw new Error('No response');
  return response;
}

/** The bytes that the origin sends for this number of megabytes. */
function* chunks(megabytes: number): Generator<Buffer> {
  for (let offset = 0; offset < megabytes * megabyte; offset += 50_000) yield downloadChunk(offset, 50_000);
}

function hashOf(megabytes: number): string {
  const hash = createHash('sha256');
  for (const chunk of chunks(megabytes)) hash.update(chunk);
  return hash.digest('hex');
}

/** The time at which the origin sent the last event of a stream, in milliseconds since 1970. */
function timeOfLastEvent(stream: Buffer): number {
  return Number(/.*"sent":([\d.]+)/s.exec(stream.toString('latin1'))?.[1]);
}
