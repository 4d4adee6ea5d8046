/**
 * `npm run bench -- --worst` measures the cost of the dearest request and the dearest error bodies, in ordinary
 * failures. A search finds each of them. The cost of a bare fetch for the same bytes is subtracted.
 */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { buildBundle } from '../support/bundle.ts';
import { type PlainWorker, startPlainWorkerd } from '../support/plain-workerd.ts';
import { type RawOrigin, startRawOrigin } from '../support/raw-origin.ts';
import { buildContenders } from './contenders.ts';
import { dearestBody, dearestRequest } from './dearest.ts';
import { cpuMicroseconds } from './measure.ts';
import { median } from './statistics.ts';

const ROUNDS = 5;
const REQUESTS = 100;

interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string;
  readonly body: string;
}

const ordinary: Sent = {
  path: '/checkout',
  headers: { Accept: 'text/html', 'Accept-Language': 'en', 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64)' },
  type: 'text/html',
  body: '<p>Service unavailable</p>',
};

/** One line for each: its name, and its cost in ordinary failures. */
export async function measureWorst(): Promise<string> {
  const kinds: [name: string, sent: Sent][] = [
    ['the dearest request', { ...ordinary, ...dearestRequest() }],
    ['the dearest text as body', { ...ordinary, type: 'text/plain', body: dearestBody('text/plain') }],
    ['the dearest page as body', { ...ordinary, body: dearestBody('text/html') }],
  ];
  const origin = await startRawOrigin();
  const folder = await buildBundle();
  const [bare] = await buildContenders(folder);
  const vars = { LOG_ORIGIN_BODY_BYTES: 8192 };
  const start = (bundle: string) =>
    startPlainWorkerd({ bundle, vars, route: origin.host, collectLogs: false });
  const [product, floor] = await Promise.all([start(folder), start(bare?.bundle ?? '')]);
  try {
    const ratios = kinds.map((): number[] => []);
    for (let round = 0; round <= ROUNDS; round++) {
      const unit = await cost(product, origin, ordinary);
      const unitOfFloor = await cost(floor, origin, ordinary);
      for (const [index, [, sent]] of kinds.entries()) {
        const more = (await cost(product, origin, sent)) - unit;
        const moreOfFloor = (await cost(floor, origin, sent)) - unitOfFloor;
        // V8 still interprets in the first round, so it does not count.
        if (round > 0) ratios[index]?.push((unit + more - moreOfFloor) / unit);
      }
    }
    return kinds
      .map(([name, { path, body }], index) => {
        const text = index === 0 ? path : body;
        return `${name}: ${median(ratios[index] ?? []).toFixed(2)} ordinary failures (${text.slice(0, 40)})`;
      })
      .join('\n');
  } finally {
    await Promise.all([product.stop(), floor.stop(), origin.stop()]);
    await rm(folder, { recursive: true });
  }
}

/** CPU time of the process per request, in microseconds. */
async function cost({ pid, host }: PlainWorker, origin: RawOrigin, sent: Sent): Promise<number> {
  const head = `HTTP/1.1 503 x\r\nContent-Type: ${sent.type}\r\nContent-Length: ${Buffer.byteLength(sent.body)}\r\n\r\n`;
  origin.bytes = Buffer.from(head + sent.body);
  const before = await cpuMicroseconds(pid);
  for (let request = 0; request < REQUESTS; request++) await ask(host, sent);
  return ((await cpuMicroseconds(pid)) - before) / REQUESTS;
}

async function ask(host: string, { path, headers }: Sent): Promise<void> {
  const [hostname, port] = host.split(':');
  const request = httpRequest({
    hostname,
    port,
    path,
    headers: { Host: 'shop.example', ...headers },
    agent: false,
  });
  request.end();
  const [response] = await once(request, 'response');
  response.resume();
  await once(response, 'end');
}
