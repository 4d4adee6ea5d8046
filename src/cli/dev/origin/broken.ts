import { type Exchange, type OriginCase, caseMaker, sendAndStall, sendRaw } from './case.ts';

const fails = caseMaker('fails');
const breaksOff = caseMaker('breaks off');

/** Every byte once, from 255 down. No HTTP parser accepts this. */
const garbage = Buffer.from(Array.from({ length: 256 }, (_, index) => 255 - index));

const tooLong = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nfirst bytes';

/** Connections that break, and bytes that are not HTTP. */
export const broken: readonly OriginCase[] = [
  fails('/closed', 'closes the connection without a byte', raw('', 'close')),
  fails('/reset', 'resets the connection without a byte', raw('', 'reset')),
  fails('/reset-in-status-line', 'resets inside the status line', raw('HTTP/1.1 20', 'reset')),
  fails(
    '/reset-in-headers',
    'resets inside the headers',
    raw('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-', 'reset'),
  ),
  fails('/half-status-line', 'closes inside the status line', raw('HTTP/1.1 50', 'close')),
  fails('/garbage', 'answers with bytes that are not HTTP', raw(garbage, 'close')),
  fails('/ssh-banner', 'is an SSH server', raw('SSH-2.0-OpenSSH_10.2\r\n', 'close')),
  fails('/http-0.9', 'sends a body without status or headers', raw('<h1>HTTP/0.9</h1>\n', 'close')),
  fails(
    '/bad-header-name',
    'sends a header name with spaces',
    raw('HTTP/1.1 200 OK\r\nBad Header: 1\r\nContent-Length: 0\r\n\r\n', 'close'),
  ),
  fails(
    '/header-without-colon',
    'sends a header line without a colon',
    raw('HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 0\r\n\r\n', 'close'),
  ),
  fails(
    '/bad-content-length',
    'sends a Content-Length that is no number',
    raw('HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\nabc', 'close'),
  ),
  fails('/silent', 'never answers (needs ORIGIN_TIMEOUT_MS to be caught)', () => {}),
  fails(
    '/unexpected-101',
    'switches protocols although nobody asked for it',
    raw('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', 'stay open'),
  ),
  fails(
    '/websocket-wrong',
    'accepts a WebSocket with another key than was sent',
    raw(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: AAAA\r\n\r\n',
      'stay open',
    ),
  ),
  fails('/websocket-reset', 'resets the connection instead of upgrading to a WebSocket', raw('', 'reset')),
  fails('/reset-upload', 'resets at the first bytes of an upload', resetUpload),

  breaksOff('/cut-in-body', 'closes before the end of Content-Length', raw(tooLong, 'close')),
  breaksOff('/reset-in-body', 'resets before the end of Content-Length', raw(tooLong, 'reset')),
  breaksOff(
    '/cut-chunked',
    'closes without the last chunk',
    raw(
      'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nfirst bytes\r\n',
      'close',
    ),
  ),
  breaksOff('/silent-body', 'sends good headers and never a body', (exchange) =>
    sendAndStall(exchange, 200, { 'Content-Type': 'text/plain' }),
  ),
];

function raw(...args: [bytes: string | Buffer, ending: 'close' | 'reset' | 'stay open']) {
  return (exchange: Exchange) => sendRaw(exchange, ...args);
}

function resetUpload({ request }: Exchange): void {
  const reset = () => request.socket.resetAndDestroy();
  request.once('data', reset).once('end', reset);
}
