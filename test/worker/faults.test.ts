import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, type Question, ask } from '../support/ask.ts';
import { expectPage, headersOf } from '../support/expect-page.ts';
import { type Fault, type Way, faults, withStatus } from '../support/fault-table.ts';
import { median } from '../support/median.ts';
import { type Places, startPlaces } from '../support/places.ts';

const bundle = inject('bundle');
/** Times from the failure to the end of the page in milliseconds, by fault. They are upper bounds. */
const delays = new Map<string, number[]>();
let places: Places;

beforeAll(async () => {
  places = await startPlaces(bundle);
  // The first request of a Worker also waits for its code to start. The tests must not measure that.
  // With this header, a Worker that would ask itself stops at once and does not slow down the others.
  const headers = { 'CF-Worker': 'shop.example' };
  await Promise.all(places.workers.map(([, worker]) => ask(worker, { headers })));
});

afterAll(async () => {
  await places.stop();
  const lines = [...delays].map(
    ([when, all]) => `${median(all).toFixed(1).padStart(7)} ms, ${String(all.length).padStart(3)} × ${when}`,
  );
  console.log(['From the fault to the whole page, medians:', ...lines].join('\n'));
});

function askFor(way: Way, question: Question = {}, worker = places.at(way.place)): Promise<Answer> {
  const { path, method = 'GET', headers = {}, uploadBytes } = way;
  return ask(worker, {
    method,
    path,
    headers: { Accept: 'text/html', ...headers },
    ...(uploadBytes !== undefined && { body: Buffer.alloc(uploadBytes, 'upload ') }),
    ...question,
  });
}

/** All records of a failure, complete and in order. */
function recordsOf(way: Way, requestId: string): Promise<Readonly<Record<string, unknown>>[]> {
  return places.at(way.place).recordsOf(requestId);
}

function describeWay({ place, path, uploadBytes, headers }: Way): string {
  const upload = uploadBytes === undefined ? '' : ` to an upload of ${uploadBytes} bytes`;
  const upgrade = headers?.['Upgrade'] === undefined ? '' : ' to a WebSocket upgrade';
  return `${place === 'the misbehaving origin' ? path : place}${upload}${upgrade}`;
}

const ways = faults.flatMap((fault) => fault.ways.map((way) => ({ fault, way })));
const titled = ways.map(({ fault, way }) => [fault.when, describeWay(way), fault, way] as const);
/** Every fault once, and all ways with a misbehaving body or connection. Not every status is among them. */
const various = titled.filter(
  ([, , { ways: all }, way]) => way === all[0] || !/^\/(status|cloudflare)\//.test(way.path),
);

describe('when a request fails, the visitor gets the page, the log one record, and both the same ID', () => {
  test.each(titled)('when %s: %s', async (when, _, fault, way) => {
    places.origin.clear();
    const answer = await askFor(way);
    const requestId = expectPage(answer);

    const records = await recordsOf(way, requestId);
    const [record, bodyRecord] = records;
    expect(record).toMatchObject(expectedRecord(fault, way));
    expect(record?.['origin']).toHaveProperty('duration_ms', expect.any(Number));
    if (way.status === undefined) expect(record?.['origin']).not.toHaveProperty('status_code');
    expect(records).toHaveLength(way.cloudflareErrorCode === undefined ? 1 : 2);
    if (way.cloudflareErrorCode !== undefined) {
      expect(bodyRecord).toMatchObject({
        message: 'Origin error body',
        origin: { status_code: way.status },
        cloudflare: { error_code: way.cloudflareErrorCode },
      });
    }

    if (way.place.startsWith('the misbehaving origin')) {
      expect(places.origin.seen).not.toHaveLength(0);
      for (const seen of places.origin.seen) expect(seen.header('x-request-id')).toBe(requestId);
    }
    const measured = delays.get(when) ?? [];
    delays.set(when, [...measured, answer.milliseconds - (way.delayMs ?? 0)]);
  });

  function expectedRecord({ message, type, source }: Fault, way: Way) {
    return {
      message: withStatus(message, way),
      error: { type: withStatus(type, way), source },
      http: { request: { method: way.method ?? 'GET' }, response: { status_code: 500 } },
      url: { path: way.path },
      answer: { format: 'html', language: 'en' },
      ...(way.status !== undefined && { origin: { status_code: way.status } }),
    };
  }

  test('a failure of an origin that answers errors is logged on the level "error", its body on "info"', async () => {
    const worker = places.at('the misbehaving origin');
    const id = expectPage(await askFor({ place: 'the misbehaving origin', path: '/cloudflare/530' }));
    await worker.recordsOf(id, 2);
    const calls = worker.logs.filter(({ message }) => JSON.stringify(message).includes(id));
    expect(calls.map(({ level }) => level)).toEqual(['error', 'info']);
  });

  test('nothing of it reaches the runtime as an exception', () => {
    const { workers } = places;
    expect(workers.map(([place, { uncaught }]) => [place, uncaught])).toEqual(
      workers.map(([place]) => [place, 0]),
    );
  });
});

describe('with ERROR_STATUS = "origin" the visitor gets the status that fits the fault', () => {
  test.each(various)('when %s: %s', async (_, __, fault, way) => {
    const worker = places.keepingStatusAt(way.place);
    const answer = await askFor(way, {}, worker);
    const id = expectPage(answer, Number(withStatus(fault.statusIfKept, way)));
    const [record] = await worker.recordsOf(id);
    expect(record).toMatchObject({ http: { response: { status_code: answer.status } } });
  });
});

describe('HEAD gets the same headers and no body', () => {
  // workerd passes on an answer to HEAD whatever its Content-Length is.
  const asked = various.filter(
    ([, , , { path, method, headers }]) =>
      path !== '/bad-content-length' && method === undefined && headers?.['Upgrade'] === undefined,
  );
  test.each(asked)('when %s: %s', async (_, __, ___, way) => {
    const page = await askFor(way);
    const head = await askFor(way, { method: 'HEAD' });
    expect(head.status).toBe(500);
    expect(head.body).toHaveLength(0);
    const id = head.header('x-request-id') ?? '';
    expect(headersOf(head)).toEqual({ ...headersOf(page), 'x-request-id': id });
    expect(Number(head.header('content-length'))).toBe(page.body.length);
    const [record] = await recordsOf(way, id);
    expect(record).toMatchObject({ http: { request: { method: 'HEAD' } } });
  });
});

describe('any method gets the page', () => {
  const methods = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'] as const;
  const paths = ['/status/503', '/closed', '/reset', '/garbage', '/cloudflare/522', '/endless-500'] as const;
  test.each(methods.flatMap((method) => paths.map((path) => [method, path] as const)))(
    '%s %s',
    async (method, path) => {
      const way: Way = { place: 'the misbehaving origin', path, method };
      const id = expectPage(await askFor(way));
      const [record] = await recordsOf(way, id);
      expect(record).toMatchObject({ http: { request: { method } } });
    },
  );
});

describe('afterwards the connection to the origin is closed or can be used again', () => {
  test.each(various)('when %s: %s', async (_, __, ___, way) => {
    places.origin.clear();
    await askFor(way);
    await Promise.all(places.origin.seen.map(({ closed }) => closed));

    if (way.place !== 'the misbehaving origin') {
      // The origin that listens may have idle connections from other tests. This Worker must have none.
      await until(() => places.openConnections() === places.origin.openConnections());
      return;
    }
    const next = await askFor({ place: way.place, path: '/page' });
    expect(next.status).toBe(200);
    expect(next.body).toHaveLength(1024);
    // A connection that stays open must be idle, so the next request needs no new one.
    await until(() => places.origin.openConnections() <= 1);
  });

  async function until(holds: () => boolean): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (!holds() && Date.now() < deadline) await sleep(5);
    expect(holds()).toBe(true);
  }
});

describe('when many requests fail at once', () => {
  test('twenty visitors get twenty IDs, each with a record of its own', async () => {
    const paths = ['/status/500', '/closed', '/status/503', '/reset'];
    const all = Array.from({ length: 20 }, (_, i) => paths[i % paths.length] ?? '/closed');
    const answers = await Promise.all(all.map((path) => askFor({ place: 'the misbehaving origin', path })));
    const ids = answers.map((answer) => expectPage(answer));
    expect(new Set(ids).size).toBe(20);
    for (const [i, id] of ids.entries()) {
      expect(await places.at('the misbehaving origin').recordsOf(id)).toMatchObject([
        { url: { path: all[i] } },
      ]);
    }
  });
});
