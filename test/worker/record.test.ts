/** From the ID to the cause: the contents of a record in Workers Logs. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ask as askFor } from '../support/ask.ts';
import { type Origin, startOrigin } from '../support/origin.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

let origin: Origin;
let worker: RunningWorker;

beforeAll(async () => {
  origin = await startOrigin();
  worker = await startWorkerd({
    bundle: inject('bundle'),
    route: origin.host,
    vars: {
      CF_VERSION_METADATA: { id: 'b7d0c1de-0000-4000-8000-000000000001', tag: 'v1.2.3', timestamp: '' },
    },
  });
});

afterAll(async () => {
  await worker.stop();
  await origin.stop();
});

/** Sends a request to the Worker, and returns the request ID of its answer. */
async function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<string> {
  const answer = await askFor(worker, { path, method, headers: { Host: 'shop.example', ...headers } });
  return answer.header('X-Request-Id') ?? '';
}

describe('the record of a failure', () => {
  it('says who failed, how, what the visitor asked and what the visitor got', async () => {
    const requestId = await ask('/status/503', {
      'Accept-Language': 'de-AT, en;q=0.5',
      'User-Agent': 'Mozilla/5.0 (test)',
      'CF-Ray': '8f1e2d3c4b5a6978',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      'MF-CF-Blob': JSON.stringify({
        colo: 'FRA',
        country: 'DE',
        asn: 3320,
        httpProtocol: 'HTTP/3',
        city: 'Frankfurt',
        latitude: '50.1',
      }),
    });
    const records = await worker.recordsOf(requestId);
    expect(records).toEqual([
      {
        message: 'Origin answered 503',
        request_id: requestId,
        error: { type: '503', source: 'origin' },
        http: { request: { method: 'GET' }, response: { status_code: 500 } },
        server: { address: 'shop.example' },
        url: { scheme: 'http', path: '/status/503' },
        origin: {
          status_code: 503,
          duration_ms: expect.any(Number),
          content_type: 'text/html; charset=utf-8',
        },
        answer: { format: 'html', language: 'de' },
        user_agent: { original: 'Mozilla/5.0 (test)' },
        cloudflare: {
          ray_id: '8f1e2d3c4b5a6978',
          colo: 'FRA',
          asn: 3320,
          script_version: { id: 'b7d0c1de-0000-4000-8000-000000000001' },
        },
        geo: { country: { iso_code: 'DE' } },
        network: { protocol: { version: '3' } },
        service: { version: 'v1.2.3' },
        trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      },
    ]);
  });

  it('is one console.error with one argument, which Workers Logs indexes by key', async () => {
    const requestId = await ask('/status/500');
    await worker.recordsOf(requestId);
    const calls = worker.logs.filter((call) => JSON.stringify(call.message).includes(requestId));
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ level: 'error', message: [{ request_id: requestId }] });
  });

  it('tells what was thrown where the origin did not answer', async () => {
    const [record] = await worker.recordsOf(await ask('/closed'));
    expect(record).toMatchObject({
      message: 'Origin did not answer',
      error: { type: 'destination_unavailable', source: 'network' },
      exception: {
        type: 'Error',
        message: 'Network connection lost.',
        stacktrace: expect.stringContaining('fetchOrigin'),
      },
    });
    expect(record?.['origin']).toEqual({ duration_ms: expect.any(Number) });
  });

  it("names Cloudflare's server where Cloudflare answered for the origin", async () => {
    const [record] = await worker.recordsOf(await ask('/cloudflare/521'));
    expect(record).toMatchObject({
      error: { type: 'connection_refused', source: 'network' },
      origin: { status_code: 521, server: 'cloudflare' },
    });
  });

  it.each([
    ['a version that does not exist', 'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
    ['a trace ID of zeros', '00-00000000000000000000000000000000-00f067aa0ba902b7-01'],
    ['a parent ID of zeros', '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01'],
    ['text before it', '-00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
    ['text behind it', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x'],
    ['capital letters', '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01'],
    ['other text', '<script>'],
  ])('has no trace ID where the traceparent has %s', async (_title, traceparent) => {
    const [record] = await worker.recordsOf(await ask('/status/500', { traceparent }));
    expect(record).toBeDefined();
    expect(record).not.toHaveProperty('trace_id');
  });

  it.each(['8f1e2d3c 4b5a6978', ' 8f1e"', 'r'.repeat(65)])(
    'has no Ray ID where a visitor sent none of Cloudflare: %s',
    async (ray) => {
      const [record] = await worker.recordsOf(await ask('/status/500', { 'CF-Ray': ray }));
      expect(record).toBeDefined();
      expect(record).not.toHaveProperty('cloudflare.ray_id');
    },
  );

  it('has the path without the query', async () => {
    const [record] = await worker.recordsOf(await ask('/closed/a;b?token=s3cret#x'));
    expect(record).toMatchObject({ url: { path: '/closed/a;…' } });
    expect(JSON.stringify(record)).not.toContain('s3cret');
  });

  it('has the path without the values of its parameters', async () => {
    const [record] = await worker.recordsOf(await ask('/closed/a;jsessionid=s3cret/b;c=s3cret'));
    expect(record).toMatchObject({ url: { path: '/closed/a;jsessionid=…/b;c=…' } });
  });

  it('has the host that was asked, also where it is an address', async () => {
    const requestId = await ask('/closed', { Host: '203.0.113.7' });
    expect(await worker.recordsOf(requestId)).toMatchObject([{ server: { address: '203.0.113.7' } }]);
  });

  it.each([
    ['203.0.113.7', '/closed/203.0.113.7/x'],
    ['[2001:db8::7]', '/closed/2001:db8::7/x'],
  ])('has the address that was asked in its texts too, and no other: %s', async (host, path) => {
    const requestId = await ask(`${path}/198.51.100.9`, { Host: host });
    expect(await worker.recordsOf(requestId)).toMatchObject([{ url: { path: `${path}/…` } }]);
  });

  it('has the method, and the status that a HEAD request got', async () => {
    const [record] = await worker.recordsOf(await ask('/status/502', {}, 'HEAD'));
    expect(record).toMatchObject({
      http: { request: { method: 'HEAD' }, response: { status_code: 500 } },
      origin: { status_code: 502 },
    });
  });
});

describe("Cloudflare's 1xxx code behind a 530", () => {
  it('is in a second record with the same ID', async () => {
    const records = await worker.recordsOf(await ask('/cloudflare/530'), 2);
    expect(records).toHaveLength(2);
    expect(records[1]).toMatchObject({
      message: 'Origin error body',
      origin: { status_code: 530 },
      cloudflare: { error_code: 1016 },
    });
    expect(records[1]).not.toHaveProperty('origin.body');
  });

  it.each(['text/html', 'application/json', 'application/problem+json', 'text/markdown', 'text/plain'])(
    'is found in the form that Cloudflare gives to a client that accepts %s',
    async (accept) => {
      const records = await worker.recordsOf(await ask('/cloudflare/530', { accept }), 2);
      expect(records[1]).toMatchObject({ cloudflare: { error_code: 1016 } });
    },
  );

  it.each([
    '<h1><span class="cf-error-type">Error</span>\n<span class="cf-error-code">1033</span></h1>',
    '<script>a={properties:{errorCode:1033,helpful:a}}</script>',
    '<title>Error 1033: Cloudflare Tunnel error</title>',
  ])('is found in %s', async (body) => {
    const cloudflare = await startWorkerd({
      bundle: inject('bundle'),
      originWorker: `export default { fetch: () => new Response(${JSON.stringify(body)}, {
        status: 530, headers: { 'Content-Type': 'text/html' } }) };`,
    });
    const answer = await askFor(cloudflare, { path: '/' });
    const records = await cloudflare.recordsOf(answer.header('X-Request-Id') ?? '', 2);
    await cloudflare.stop();
    expect(records[1]).toMatchObject({ cloudflare: { error_code: 1033 } });
  });
});
