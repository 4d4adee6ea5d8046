/** The bench compares the product with a Worker that does the same job. This test holds the two equal. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { limitSource } from '../bench/limit.ts';
import { vars } from '../bench/contenders.ts';
import { type Answer, ask } from '../support/ask.ts';
import { headersOf } from '../support/expect-page.ts';
import { type Origin, startOrigin, unusedPort } from '../support/origin.ts';
import { type RunningWorker, startWorkerd } from '../support/workerd.ts';

let origin: Origin;
let folder: string;
const started: RunningWorker[] = [];
/** The product and the limit, once in front of the origin, and once in front of nothing. */
let reaching: readonly RunningWorker[];
let refused: readonly RunningWorker[];

beforeAll(async () => {
  origin = await startOrigin();
  folder = await mkdtemp(join(tmpdir(), 'limit-'));
  await writeFile(join(folder, 'index.js'), await limitSource());
  const version = { id: 'b7d0c1de-0000-4000-8000-000000000001', tag: 'v1.2.3', timestamp: '' };
  const start = async (bundle: string, route: string) => {
    const worker = await startWorkerd({ bundle, route, vars: { ...vars, CF_VERSION_METADATA: version } });
    started.push(worker);
    return worker;
  };
  const nowhere = `127.0.0.1:${await unusedPort()}`;
  reaching = [await start(inject('bundle'), origin.host), await start(folder, origin.host)];
  refused = [await start(inject('bundle'), nowhere), await start(folder, nowhere)];
});

afterAll(async () => {
  await Promise.all(started.map((worker) => worker.stop()));
  await origin.stop();
  await rm(folder, { recursive: true });
});

const browser = { Host: 'shop.example:8080', Accept: 'text/html', 'Accept-Language': 'en-GB,en;q=0.9' };
const atTheEdge = {
  ...browser,
  'User-Agent': 'Mozilla/5.0 (test)',
  'CF-Ray': '8f1e2d3c4b5a6978',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  'MF-CF-Blob': JSON.stringify({ colo: 'FRA', country: 'DE', asn: 3320, httpProtocol: 'HTTP/3' }),
};

/** The answers and the logs of two Workers, without the parts that differ from request to request. */
async function outcomes(workers: readonly RunningWorker[], path: string, headers: Record<string, string>) {
  const outcome = async (worker: RunningWorker) => {
    const answer = await ask(worker, { path, headers });
    const id = answer.header('x-request-id') ?? '';
    const [record] = await worker.recordsOf(id);
    return { answer: steady(answer, id), record: JSON.stringify(record, steadyFact) };
  };
  const [product, limit] = await Promise.all(workers.map(outcome));
  return { product, limit };
}

function steady({ status, rawHeaders, text }: Answer, id: string) {
  const time = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?/g;
  return {
    status,
    // An ID may have another length. That is the only difference in size.
    headers: rawHeaders.map((value, i) =>
      value === id ? 'the ID' : rawHeaders[i - 1] === 'Content-Length' ? 'the length' : value,
    ),
    body: text.replaceAll(id, 'the ID').replaceAll(time, 'the time'),
  };
}

function steadyFact(key: string, value: unknown): unknown {
  return ['request_id', 'duration_ms', 'stacktrace'].includes(key) ? typeof value : value;
}

describe('the limit of the bench', () => {
  it.each([
    ['a bare request', browser],
    ['one with all that Cloudflare and a browser add', atTheEdge],
  ])('answers and logs a 503 as the product does: %s', async (_title, headers) => {
    const { product, limit } = await outcomes(reaching, '/status/503', headers);
    expect(product?.answer.status).toBe(500);
    expect(product?.record).toContain('Origin answered 503');
    expect(limit).toEqual(product);
  });

  it('does so where the origin cannot be reached', async () => {
    const { product, limit } = await outcomes(refused, '/page', atTheEdge);
    expect(product?.record).toContain('Network connection lost.');
    expect(limit).toEqual(product);
  });

  it('hands a good answer on untouched, and the request with a new ID', async () => {
    const headers = { ...atTheEdge, 'X-Request-Id': 'from-the-client' };
    const seen = [];
    for (const worker of reaching) {
      origin.clear();
      const answer = await ask(worker, { path: '/page', headers });
      const id = origin.seen[0]?.header('x-edge-request-id') ?? '';
      expect(id).toMatch(/^[\w-]{26,36}$/);
      seen.push({
        answer: { status: answer.status, headers: headersOf(answer), text: answer.text },
        request: origin.seen[0]?.rawHeaders.map((value) => (value === id ? 'the ID' : value)),
      });
    }
    expect(seen[1]).toEqual(seen[0]);
  });
});
