import { createHash } from 'node:crypto';
import {
  type Exchange,
  type OriginCase,
  caseMaker,
  notFound,
  numberArgument,
  send,
  sendJson,
  sendRaw,
  sendStream,
  wait,
} from './case.ts';
import { compressed, corrupt, download, range } from './bodies.ts';
import { events, eventsOnDemand, nextEvent } from './events.ts';

const works = caseMaker('works');

const paragraph = '<p>Nothing went wrong, and nothing should have been changed on the way.</p>\n';
const page = `<!doctype html>\n<title>It works</title>\n<h1>It works</h1>\n${paragraph}`;
const small = page.padEnd(1023, '.') + '\n';
const large = page + paragraph.repeat(1314);

const cookies = [
  'session=abc; Path=/; HttpOnly',
  'theme=dark; Path=/',
  'expires=now; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
];

/** Answers that must pass unchanged. */
export const working: readonly OriginCase[] = [
  works('/ok', 'answers with a small page', (exchange) =>
    send(exchange, 200, { ETag: '"ok"', 'Last-Modified': 'Thu, 01 Jan 2026 00:00:00 GMT' }, page),
  ),
  works('/page', 'answers with 1 kB', (exchange) => send(exchange, 200, {}, small)),
  works('/big-page', 'answers with 100 kB', (exchange) => send(exchange, 200, {}, large)),
  works('/redirect', 'redirects to /ok, with two cookies', redirect, {
    examples: ['/redirect', ...[301, 302, 303, 307, 308].map((status) => `/redirect/${status}`)],
  }),
  works('/cookies', 'sets three cookies', (exchange) => send(exchange, 200, { 'Set-Cookie': cookies }, page)),
  works('/etag', 'answers 304 to the If-None-Match of its own ETag', conditional),
  works('/range', 'answers any range of a megabyte', range),
  works('/gzip', 'answers with a gzip body', compressed('gzip')),
  works('/br', 'answers with a brotli body', compressed('br')),
  works('/zstd', 'answers with a zstd body', compressed('zstd')),
  works('/corrupt-gzip', 'answers with a gzip body that is none: the browser complains', corrupt),
  works('/download', 'answers with so many megabytes', download, { examples: ['/download/10'] }),
  works('/echo', 'sends the request body back as it comes', echo),
  works('/upload', 'counts and hashes an upload', upload),
  works('/inspect', 'answers with the request as it arrived', inspect),
  works(
    '/anything',
    'answers with the request target, whatever follows',
    (exchange) => send(exchange, 200, { 'Content-Type': 'text/plain' }, exchange.request.url),
    { examples: ['/anything//a%2Fb;c?'] },
  ),
  works('/headers', 'answers with so many headers', manyHeaders, { examples: ['/headers/100'] }),
  works('/slow', 'answers after so many milliseconds', slow, { examples: ['/slow/2000'] }),
  works('/events', 'sends ten server-sent events, 100 ms apart', events),
  works('/events-on-demand', 'sends an event, and the next ones when /next-event is asked', eventsOnDemand),
  works('/next-event', 'lets /events-on-demand go on', nextEvent),
  works('/websocket', 'sends WebSocket messages back; ?close=4001 closes with that code', (exchange) =>
    send(exchange, 426, { Upgrade: 'websocket', Connection: 'Upgrade' }, '<h1>Upgrade required</h1>\n'),
  ),
  works('/expect-continue', 'sends 100 Continue, then 200', (exchange) => {
    if (exchange.request.headers.expect === undefined) exchange.response.writeContinue();
    send(exchange, 200, {}, page);
  }),
  works('/expect-417', 'refuses an expectation with 417', (exchange) => send(exchange, 417, {}, page), {
    ignoresBody: true,
  }),
  works('/http-1.0', 'answers like HTTP/1.0, without a length', (exchange) =>
    sendRaw(exchange, `HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n${bodyFor(exchange)}`, 'close'),
  ),
  works('/no-reason', 'answers without a reason phrase', (exchange) =>
    sendRaw(
      exchange,
      `HTTP/1.1 200 \r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\n\r\n${bodyFor(exchange)}`,
      'close',
    ),
  ),
  works('/repair', 'lets /flaky answer 200 from now on', setBroken(false)),
  works('/break', 'lets /flaky answer 503 from now on', setBroken(true)),
];

function bodyFor({ request }: Exchange): string {
  return request.method === 'HEAD' ? '' : page;
}

function redirect(exchange: Exchange): void {
  const status = exchange.argument === '' ? 302 : Number(exchange.argument);
  if (![301, 302, 303, 307, 308].includes(status)) return notFound(exchange);
  send(exchange, status, { Location: '/ok', 'Set-Cookie': cookies.slice(0, 2) }, '<a href="/ok">Moved</a>\n');
}

function conditional(exchange: Exchange): void {
  const etag = '"version-1"';
  const headers = { ETag: etag, 'Cache-Control': 'max-age=0, must-revalidate' };
  if (exchange.request.headers['if-none-match'] === etag) send(exchange, 304, headers);
  else send(exchange, 200, headers, page);
}

function echo(exchange: Exchange): void {
  const type = exchange.request.headers['content-type'] ?? 'application/octet-stream';
  sendStream(exchange, 200, { 'Content-Type': type }, exchange.request);
}

function upload(exchange: Exchange): void {
  const hash = createHash('sha256');
  let bytes = 0;
  exchange.request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    hash.update(chunk);
  });
  exchange.request.once('end', () => sendJson(exchange, 200, { bytes, sha256: hash.digest('hex') }));
}

function inspect(exchange: Exchange): void {
  const { method, url: target, rawHeaders } = exchange.request;
  sendJson(exchange, 200, { method, target, rawHeaders });
}

function manyHeaders(exchange: Exchange): void {
  const count = numberArgument(exchange, 0, 10_000);
  if (count === undefined) return notFound(exchange);
  const headers = Array.from({ length: count }, (_, index) => [
    `X-Header-${index + 1}`,
    `value ${index + 1}`,
  ]);
  send(exchange, 200, Object.fromEntries(headers), page);
}

function slow(exchange: Exchange): void {
  const milliseconds = numberArgument(exchange, 0, 600_000);
  if (milliseconds === undefined) return notFound(exchange);
  wait(exchange.response, milliseconds, () => send(exchange, 200, {}, page));
}

function setBroken(broken: boolean) {
  return (exchange: Exchange) => {
    exchange.state.broken = broken;
    send(exchange, 200, {}, `<p><a href="/flaky">/flaky</a> is ${broken ? 'broken' : 'repaired'}.</p>\n`);
  };
}
