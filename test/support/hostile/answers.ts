/** Answers of a hostile origin: of any kind, and with any end of the connection. */
import { gzipSync } from 'node:zlib';
import { OF_ORIGIN, SECRET } from './canaries.ts';
import type { Random } from './random.ts';

/** One action of an origin. */
export interface HostileAnswer {
  readonly bytes: Buffer;
  readonly ending: 'closes' | 'resets' | 'hangs';
}

/** Marks the head of an answer as the origin's own. */
export const ORIGIN_HEADER = 'X-Soak-Origin';

type Line = readonly [name: string, value: string];

const NON_ASCII = [
  '\xc3\xa9',
  '\xe9',
  '\x01',
  '\x7f',
  '\xe2\x80\xae',
  '\xe2\x80\xa8',
  '\xf0\x9f\x98\x80',
  '\xff\xfe',
] as const;

/** Chooses the origin's action for a request. */
export function hostileAnswer(random: Random): HostileAnswer {
  return random.weighted<() => HostileAnswer>(
    [
      [30, () => answer(random, random.pick([500, 502, 503, 504, 520, 522, 530, 599]))],
      [14, () => answer(random, random.pick([200, 201, 204, 301, 302, 304, 404, 418, 206]))],
      [2, () => ({ bytes: Buffer.alloc(0), ending: random.pick(['closes', 'resets', 'hangs']) })],
      [
        2,
        () => ({
          bytes: Buffer.from(random.text(['HTTP/1.1 ', '500', ' ', '\r\n', '\0', OF_ORIGIN, '\xff'], 8)),
          ending: 'closes',
        }),
      ],
      [1, () => cut(random, answer(random, 503))],
      [1, () => cut(random, answer(random, 200))],
      [1, () => answer(random, random.pick([101, 600, 999, 100]))],
    ],
    () => answer(random, 500),
  )();
}

function cut(random: Random, { bytes }: HostileAnswer): HostileAnswer {
  return { bytes: bytes.subarray(0, random.below(bytes.length)), ending: random.pick(['closes', 'resets']) };
}

function answer(random: Random, status: number): HostileAnswer {
  const content = body(random);
  const isGzip = random.chance(0.1);
  const sent = isGzip && random.chance(0.7) ? gzipSync(content) : content;
  const lines: Line[] = [
    [ORIGIN_HEADER, '1'],
    ['Connection', 'close'],
    ...(isGzip ? [['Content-Encoding', 'gzip'] as const] : []),
    ...headers(random, status),
  ];
  const chunked = Buffer.concat([
    Buffer.from(`${sent.length.toString(16)}\r\n`),
    sent,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
  const framed = random.weighted<readonly [Line[], Buffer]>(
    [
      [6, [[['Content-Length', String(sent.length)]], sent]],
      [3, [[['Transfer-Encoding', 'chunked']], chunked]],
      [2, [[], sent]],
      [1, [[['Transfer-Encoding', 'chunked']], Buffer.from(`zz\r\n${OF_ORIGIN}`)]],
      [1, [[['Content-Length', '-5']], sent]],
    ],
    [[], sent],
  );
  const isShort = random.chance(0.06);
  const [framing, bytes] = isShort
    ? [[['Content-Length', String(sent.length + 500)] as const], sent]
    : framed;
  const reason = random.pick(['', 'No', OF_ORIGIN, '\xe9', `password=${SECRET}`]);
  const head = [...lines, ...framing].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return {
    bytes: Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${reason}\r\n${head}\r\n`, 'latin1'), bytes]),
    ending: isShort ? random.pick(['closes', 'resets', 'hangs']) : 'closes',
  };
}

/** The start of an error page: markup, secrets, and pieces that parsers stumble over. */
function body(random: Random): Buffer {
  const pieces = [
    `<h1>${OF_ORIGIN}</h1>`,
    `<style>a{b:c}</style><!-- password=${SECRET} -->`,
    `<p>password: ${SECRET}1</p>`,
    `{"token":"${SECRET}","a":[`,
    `at handler (https://shop.example/?token=${SECRET})\n`,
    `postgres://app:${SECRET}@db.example/shop `,
    '<svg><path/></svg><script>',
    'error code: 1016 ',
    'error<error<',
    '://://',
    '\0\x1b[31m\u202e\u2028é\ud83d\ude00',
    '&#58;&amp;amp;',
    '%25%32%35',
  ] as const;
  const text = random.text(pieces, 12);
  return Buffer.from(random.chance(0.1) ? text.repeat(random.below(2000)).slice(0, 300_000) : text);
}

function headers(random: Random, status: number): Line[] {
  const kept = [
    'Retry-After',
    'WWW-Authenticate',
    'Strict-Transport-Security',
    'X-Frame-Options',
    'Access-Control-Allow-Origin',
    'Access-Control-Allow-Credentials',
    'Access-Control-Expose-Headers',
    'Access-Control-Max-Age',
  ] as const;
  const values = [
    '120',
    'Basic realm="x"',
    'DENY',
    '*',
    'true',
    'x-request-id',
    'Wed, 25 Nov 2026 08:30:00 GMT',
    '',
    'a'.repeat(3000),
    ',,,,',
  ] as const;
  const others = [
    'Set-Cookie',
    'Server',
    'X-Powered-By',
    'ETag',
    'X-Request-Id',
    'Content-Language',
    'Proxy-Status',
    'Access-Control-Xn',
    'Content-Security-Policy',
    'Refresh',
    'Cache-Control',
  ] as const;
  const types = [
    'text/html; charset=utf-8',
    'application/json',
    'text/plain;charset=x',
    'text/html;charset="',
    'image/png',
    '',
  ] as const;
  const lines = random.some(6, (): Line => [
    random.pick(kept),
    random.chance(0.5) ? random.pick(values) : random.pick(NON_ASCII) + random.pick(values),
  ]);
  lines.push(
    ...random.some(4, (): Line => [
      random.pick(others),
      `${OF_ORIGIN}${random.pick(NON_ASCII)}; password=${SECRET}`,
    ]),
  );
  if (random.chance(0.7)) lines.push(['Content-Type', random.pick(types)]);
  if (random.chance(0.05))
    lines.push(
      ...Array.from({ length: 200 }, (): Line => [`Access-Control-X${random.below(1000)}`, '\xc3\xa9']),
    );
  if (status >= 500 && random.chance(0.05))
    lines.push(['X-Intercept-Errors', random.pick(['off', 'OFF, off', 'on', '\xe9'])]);
  if (status >= 300 && status < 400)
    lines.push([
      'Location',
      random.pick(['/a', 'http://[bad', '//x', 'http://origin.example/gr\xc3\xbc\xdfe']),
    ]);
  return lines;
}
