import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type RawRequest, exchange, endToEnd } from '../support/exchange.ts';
import { placements } from '../support/placements.ts';
import { type Origin, startOrigin } from '../support/origin.ts';
import { otherLogs } from '../support/other-logs.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

const statuses = [
  200, 201, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 404, 410, 429, 451, 499, 600, 999,
];

const accepting = [['Accept-Encoding', 'gzip, deflate, br, zstd']] as const;

describe.each(placements)('what the origin answers reaches the visitor, $placement', ({ inFrontOf }) => {
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

  /** Sends a request through the Worker and one to the origin, compares the answers, and returns the Worker's. */
  async function askBoth(request: RawRequest) {
    const direct = await exchange(origin.port, request);
    const answer = await exchange(worker.port, request);
    expect(endToEnd(answer)).toEqual(endToEnd(direct));
    return answer;
  }

  test.each(statuses)('status %i, with its reason, headers and body', async (status) => {
    expect(await askBoth({ target: `/status/${status}` })).toMatchObject({ status, complete: true });
  });

  test.each(statuses)('status %i to a HEAD request', async (status) => {
    expect(await askBoth({ method: 'HEAD', target: `/status/${status}` })).toMatchObject({ status });
  });

  test.each([301, 302, 303, 307, 308])(
    'a redirect with %i as a redirect, with its cookies',
    async (status) => {
      const answer = await askBoth({ target: `/redirect/${status}` });
      expect(answer.status).toBe(status);
      expect(answer.header('location')).toBe('/ok');
    },
  );

  test.each([307, 308])('a redirect with %i to an upload', async (status) => {
    expect((await askBoth({ method: 'POST', target: `/redirect/${status}`, body: 'form' })).status).toBe(
      status,
    );
  });

  test.each(['gzip', 'br', 'zstd'])(
    'a %s body byte for byte, whether the client accepts it or not',
    async (coding) => {
      for (const headers of [accepting, []]) {
        const answer = await askBoth({ target: `/${coding}`, headers });
        expect(answer.header('content-encoding')).toBe(coding);
        expect(answer.header('content-length')).toBe(String(answer.body.length));
      }
    },
  );

  test('a corrupt gzip body byte for byte', async () => {
    const answer = await askBoth({ target: '/corrupt-gzip', headers: accepting });
    expect(answer.body.length).toBeGreaterThan(50);
  });

  test('an ETag, and 304 to a browser that has that version', async () => {
    const first = await askBoth({ target: '/etag' });
    const etag = first.header('etag') ?? '';
    expect(first.status).toBe(200);
    const second = await askBoth({ target: '/etag', headers: [['If-None-Match', etag]] });
    expect(second.status).toBe(304);
    expect(second.header('etag')).toBe(etag);
  });

  test.each([
    ['bytes=0-99', 206],
    ['bytes=999900-', 206],
    ['bytes=-100', 206],
    ['bytes=2000000-', 416],
  ])('the range %s with %i and Content-Range', async (range, status) => {
    const answer = await askBoth({ target: '/range', headers: [['Range', range]] });
    expect(answer.status).toBe(status);
    expect(answer.body).toHaveLength(status === 206 ? 100 : 0);
    expect(answer.header('content-range')).toMatch(/^bytes /);
  });

  test('several Set-Cookie headers, each as one of its own', async () => {
    const { headers } = await askBoth({ target: '/cookies' });
    expect(headers.filter(([name]) => name.toLowerCase() === 'set-cookie')).toHaveLength(3);
  });

  test.each(['/big-page', '/gzip', '/range', '/download/10'])(
    'HEAD %s with its Content-Length',
    async (target) => {
      const answer = await askBoth({ method: 'HEAD', target });
      expect(Number(answer.header('content-length'))).toBeGreaterThan(0);
      expect(answer.body).toHaveLength(0);
    },
  );

  test('2,000 headers', async () => {
    const { headers } = await askBoth({ target: '/headers/2000' });
    expect(headers.length).toBeGreaterThanOrEqual(2000);
  });

  test.each(['/http-1.0', '/expect-continue', '/echo', '/page', '/big-page'])('%s', async (target) => {
    expect(await askBoth({ target })).toMatchObject({ status: 200, complete: true });
  });

  test('a status line without a reason phrase: the body and all headers', async () => {
    const request = { target: '/no-reason' };
    const direct = endToEnd(await exchange(origin.port, request));
    expect(endToEnd(await exchange(worker.port, request))).toEqual({ ...direct, reason: expect.any(String) });
  });

  test.each([
    ['/cut-in-body', 'closes'],
    ['/reset-in-body', 'resets'],
    ['/cut-chunked', 'closes inside chunks'],
  ])('%s: where the origin %s in mid-body, the bytes there were and nothing after', async (target) => {
    const answer = await askBoth({ target });
    expect(answer).toMatchObject({ status: 200, complete: false });
    expect(answer.body.toString()).toBe('first bytes');
    expect(answer.rest).toHaveLength(0);
  });

  test('without a header of ours', async () => {
    const { headers } = await askBoth({ target: '/ok' });
    const names = headers.map(([name]) => name.toLowerCase());
    expect(names).not.toContain('x-request-id');
    expect(names).not.toContain('proxy-status');
  });

  test('and none of it is logged', async () => {
    expect(await otherLogs(worker)).toEqual([]);
    expect(worker.uncaught).toBe(0);
  });
});
