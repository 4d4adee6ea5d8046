import type { OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import {
  type Exchange,
  type OriginCase,
  caseMaker,
  notFound,
  numberArgument,
  send,
  sendAndStall,
  sendRaw,
  sendStream,
  wait,
} from './case.ts';

/** A text in the body of every 5xx answer. No visitor may ever see it. */
export const secret = 'SECRET origin detail';

const page = `<!doctype html>
<title>Exception</title>
<h1>${secret}</h1>
<pre>NullPointerException at /srv/shop/checkout.php:42</pre>
`;

/** Headers of an error answer that must not reach the visitor either. */
const leaks = {
  'X-Powered-By': 'PHP/5.3.3',
  'Set-Cookie': 'origin-session=secret; Path=/',
  ETag: '"error-page"',
  'Cache-Control': 'public, max-age=3600',
};

const text = { ...leaks, 'Content-Type': 'text/plain' };

const fails = caseMaker('fails');
const works = caseMaker('works');

/** Answers that count as failures: whole ones, and ones whose body misbehaves. */
export const failing: readonly OriginCase[] = [
  fails('/status', 'answers with any status from 200 to 999 and a body full of secrets', status, {
    examples: ['/status/500', '/status/502', '/status/503'],
  }),
  fails('/cloudflare', 'is unreachable, which Cloudflare reports as a status of its own', cloudflare, {
    examples: [520, 521, 522, 523, 524, 525, 526, 530].map((code) => `/cloudflare/${code}`),
  }),
  fails('/retry-after', 'answers 503 with Retry-After: 120', error(503, { 'Retry-After': '120' })),
  fails('/cors-503', 'answers 503 to a script of another site, as CORS allows', corsError),
  fails(
    '/www-authenticate',
    'answers 500 with WWW-Authenticate',
    error(500, { 'WWW-Authenticate': 'Basic realm="shop"' }),
  ),
  fails(
    '/problem-503',
    'answers 503 with a JSON body',
    error(503, { 'Content-Type': 'application/json' }, `{"error":"${secret}"}\n`),
  ),
  fails('/flaky', 'answers 503 until it is repaired (/repair, /break)', (exchange) =>
    exchange.state.broken
      ? send(exchange, 503, leaks, page)
      : send(exchange, 200, {}, '<h1>Back again</h1>\n'),
  ),
  fails('/endless-500', 'answers 500 with a body that never ends', (exchange) =>
    sendStream(exchange, 500, text, Readable.from(endlessly(`${secret}\n`.repeat(1000)))),
  ),
  fails('/stalled-500', 'answers 500 and stops in mid-body', (exchange) =>
    sendAndStall(exchange, 500, text, secret),
  ),
  fails('/reset-500', 'answers 500 and resets in mid-body', (exchange) =>
    sendRaw(exchange, `HTTP/1.1 500 Oops\r\nContent-Length: 1000\r\n\r\n${secret}`, 'reset'),
  ),
  fails(
    '/gzip-500',
    'answers 500 with a gzip body',
    error(500, { ...text, 'Content-Encoding': 'gzip' }, gzipSync(secret)),
  ),
  fails(
    '/corrupt-gzip-500',
    'answers 500 with a gzip body that is none',
    error(500, { ...text, 'Content-Encoding': 'gzip' }, `${secret}, not gzip`),
  ),
  fails('/early-500', 'answers 500 at once and does not read the upload', earlyError, { ignoresBody: true }),
  fails('/early-500-closing', 'answers 500 at once and closes during the upload', earlyErrorAndClose, {
    ignoresBody: true,
  }),
  fails('/websocket-refused', 'answers 503 instead of upgrading to a WebSocket', error(503)),

  works(
    '/opt-out',
    'answers 503 on purpose: its own page, with X-Intercept-Errors: off',
    error(
      503,
      { 'X-Intercept-Errors': 'off' },
      '<!doctype html><title>Closed</title><h1>Back on Monday</h1>\n',
    ),
  ),
];

function error(status: number, headers: OutgoingHttpHeaders = {}, body: string | Buffer = page) {
  return (exchange: Exchange) => send(exchange, status, { ...leaks, ...headers }, body);
}

function status(exchange: Exchange): void {
  const code = numberArgument(exchange, 200, 999);
  if (code === undefined) notFound(exchange);
  else send(exchange, code, leaks, page);
}

/**
 * The answer that Cloudflare gives a Worker if the origin does not answer. Its form depends on the request
 * (https://developers.cloudflare.com/fundamentals/reference/error-responses/).
 */
function cloudflare(exchange: Exchange): void {
  const status = numberArgument(exchange, 520, 530);
  if (status === undefined) return notFound(exchange);
  // The body of a 530 has the number of the real error, here 1016: the origin's name does not resolve.
  const [type, body] = cloudflareError(status === 530 ? 1016 : status, exchange.request.headers.accept ?? '');
  const headers = {
    'Content-Type': type,
    'Cache-Control': 'private, max-age=0, no-store, no-cache, must-revalidate, post-check=0, pre-check=0',
    Expires: 'Thu, 01 Jan 1970 00:00:01 GMT',
    'Referrer-Policy': 'same-origin',
    'X-Frame-Options': 'SAMEORIGIN',
    Server: 'cloudflare',
    'CF-RAY': '8f0123456789abcd-FRA',
  };
  send(exchange, status, headers, body);
}

function cloudflareError(code: number, accept: string): readonly [type: string, body: string] {
  if (accept.startsWith('text/html')) {
    const title = `<!DOCTYPE html>\n<html lang="en-US">\n<head>\n<title>Unreachable | Cloudflare</title>\n</head>\n`;
    const heading = `<h1>\n  <span data-translate="error">Error</span>\n  <span>${code}</span>\n</h1>\n`;
    return ['text/html; charset=UTF-8', `${title}<body>\n${heading}</body>\n</html>\n`];
  }
  if (accept.startsWith('text/markdown')) {
    return [
      'text/markdown; charset=utf-8',
      `---\nerror_code: ${code}\nerror_category: origin\n---\n\n# Oh\n`,
    ];
  }
  if (/^application\/(?:problem\+)?json/.test(accept)) {
    return [
      'application/problem+json; charset=utf-8',
      JSON.stringify({ title: 'Oh', error_code: code, zone: 'shop' }),
    ];
  }
  return ['text/plain; charset=UTF-8', `error code: ${code}`];
}

function corsError(exchange: Exchange): void {
  const { method, headers } = exchange.request;
  const cors = {
    'Access-Control-Allow-Origin': headers.origin ?? '*',
    'Access-Control-Allow-Credentials': 'true',
    Vary: 'Origin',
  };
  if (method !== 'OPTIONS') return send(exchange, 503, { ...leaks, ...cors }, page);
  const preflight = {
    'Access-Control-Allow-Methods': headers['access-control-request-method'] ?? 'GET',
    'Access-Control-Allow-Headers': headers['access-control-request-headers'] ?? '*',
  };
  send(exchange, 204, { ...cors, ...preflight });
}

function* endlessly(chunk: string): Generator<string> {
  for (;;) yield chunk;
}

/** In milliseconds. A client may go on this long with an upload that is already answered. */
const patience = 1000;

function earlyError(exchange: Exchange): void {
  const { request } = exchange;
  // Make Node believe that reading has begun, so that it does not drain the upload once the answer is sent.
  request.read(0);
  send(exchange, 500, leaks, page);
  // Without reading, we cannot see the client leave: end the exchange after a while.
  setTimeout(() => (request.complete ? request.resume() : request.destroy()), patience).unref();
}

function earlyErrorAndClose({ request, response }: Exchange): void {
  const { socket } = request;
  // Read the rest: closing with unread bytes sends a reset, which can overtake the answer.
  request.resume();
  const length = Buffer.byteLength(page);
  socket.end(`HTTP/1.1 500 Oops\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n${page}`);
  wait(response, patience, () => socket.destroy());
}
