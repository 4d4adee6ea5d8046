/** Values of the headers that the Worker reads: made by each header's grammar, and then spoilt. */
import { OF_VISITOR } from './canaries.ts';
import type { Random } from './random.ts';

type Pieces = readonly [string, ...string[]];

const types: Pieces = [
  'text/html',
  'application/json',
  'text/plain',
  'text/markdown',
  'image/png',
  'a/b',
  '*/*',
  'text/*',
  'application/x+json',
  'text/event-stream',
];
const tags: Pieces = [
  'de',
  'en-GB',
  'zh-Hant',
  'es-419',
  '*',
  'x-klingon',
  'sr_Latn',
  'yue-Hans',
  'pt-BR',
  'a-b-c-d',
];
const origins: Pieces = [
  'https://app.example',
  'https://shop.example',
  'null',
  'http://[::1]',
  'https://évil.example',
  '',
];
const paths: Pieces = ['/', '/checkout', '/a;b=1', '/%2e%2e/', '//', '/\\', '/reset/'];
/** Pieces that parsers stumble over. */
const junk: Pieces = [
  ',',
  ';',
  '=',
  '"',
  '\\',
  '/',
  '*',
  '-',
  '_',
  '.',
  ' ',
  '\t',
  'q=',
  'q=0',
  'q=1e9',
  '%',
  '%00',
  '&#0;',
  '<i>',
  '\x80',
  '\xe2\x80\xae',
  '\xe2\x80\xa8',
  '\xc3\xa9',
  '\xff',
  'a',
  '0',
  ':',
  '@',
  '(',
  '{',
  'x'.repeat(200),
];
/** Names of values that the log must not hold. */
const secretNames: Pieces = ['password', 'token', 'api_key', 'client_secret', 'sessionid', 'Authorization'];

type Grammar = (random: Random) => string;

const list =
  (items: Pieces, weights: Pieces): Grammar =>
  (random) =>
    random
      .some(12, () => random.pick(items) + random.pick(weights))
      .join(random.pick([',', ', ', ',,', ' ,\t']));
const oneOf =
  (...items: Pieces): Grammar =>
  (random) =>
    random.pick(items);
const hex =
  (length: number): Grammar =>
  (random) =>
    Array.from({ length }, () => random.below(16).toString(16)).join('');
const secret: Grammar = (random) =>
  random.pick(['Bearer ', 'Basic ', 'a=1; sid=', 'Digest username="u", response=', '']) + OF_VISITOR;
const url: Grammar = (random) =>
  `${random.pick(origins)}${random.pick(paths)}?${random.pick(secretNames)}=${OF_VISITOR}#${OF_VISITOR}`;

/** All headers that the Worker reads, and some that it must not read. */
const grammars: Readonly<Record<string, Grammar>> = {
  Accept: list(types, ['', ';q=0.5', ';q=0', ';q=1.0;v=b3', '; q="0.5"', ';a="x,y;q=1"', ';q=9']),
  'Accept-Language': list(tags, ['', ';q=0.8', ';q=0', '; q=1', ';q=', ';q=NaN']),
  'Content-Type': list(types, ['', '; charset=utf-8', ';charset="', '; boundary=x']),
  'Sec-Fetch-Dest': oneOf('document', 'empty', 'image', 'iframe', 'frame', 'x', ''),
  'Sec-Fetch-Mode': oneOf('navigate', 'cors', 'no-cors', 'websocket', ''),
  'X-Requested-With': oneOf('XMLHttpRequest', ''),
  'HX-Request': oneOf('true', 'false', ''),
  'HX-Boosted': oneOf('true', ''),
  'HX-History-Restore-Request': oneOf('true', ''),
  'X-Up-Version': oneOf('3.14.0', ''),
  'User-Agent': (random) =>
    random.pick(['git/2.50', 'Mozilla/5.0 (X11)', 'curl/8', '']) + random.text(junk, 4),
  'CF-Ray': hex(16),
  Traceparent: (random) => `00-${hex(32)(random)}-${hex(16)(random)}-01`,
  Origin: oneOf(...origins),
  'Access-Control-Request-Method': oneOf('PUT', 'DELETE', 'x y', '"', ''),
  'Access-Control-Request-Headers': list(['x-a', 'authorization', 'é', '*', '('], ['', ' ', '\t']),
  'X-Intercept-Errors': oneOf('off'),
  'X-Error-Drill': oneOf('wrong', 'd'.repeat(40), `${OF_VISITOR}${'d'.repeat(30)}`, ''),
  'CF-Worker': oneOf('shop.example', ''),
  Forwarded: (random) => `for=203.0.113.${random.below(256)}`,
  'CF-Connecting-IP': (random) => `203.0.113.${random.below(256)}`,
  Referer: url,
  Cookie: secret,
  Authorization: secret,
  'X-Api-Key': secret,
  'Accept-Encoding': oneOf('gzip', 'br', 'identity;q=0', ''),
  Range: oneOf('bytes=0-', 'bytes=9-1', 'x'),
  'If-None-Match': oneOf('"a"', '*'),
  Expect: oneOf('100-continue', 'x'),
  Upgrade: oneOf('websocket', 'h2c'),
  Connection: oneOf('upgrade', 'x-request-id', 'close, host', ''),
  'Sec-WebSocket-Key': oneOf('dGhlIHNhbXBsZSBub25jZQ==', 'x'),
  'Sec-WebSocket-Version': oneOf('13', '8'),
  TE: oneOf('trailers'),
  'X-Junk': (random) => random.text(junk, 12),
};

// A spoilt value may be in the log if it is no secret. These headers hold a secret.
const holdSecrets = new Set(['Referer', 'Cookie', 'Authorization', 'X-Api-Key', 'X-Error-Drill']);
// These headers frame the message, or decide about the connection.
const framing = new Set(['Expect', 'Upgrade', 'Connection', 'TE']);

const names = Object.keys(grammars);

/** Header lines, most of them as their grammar allows. */
export function hostileHeaders(random: Random): (readonly [name: string, value: string])[] {
  return random.some(10, () => {
    const name = names[random.below(names.length)] ?? 'Accept';
    const value = grammars[name]?.(random) ?? '';
    if (framing.has(name) && !random.chance(0.2)) return ['X-Nothing', ''];
    const isLeft = framing.has(name) || holdSecrets.has(name) || random.chance(0.6);
    return [random.chance(0.1) ? name.toLowerCase() : name, isLeft ? value : spoilt(random, value)];
  });
}

/** The same value, repeated, cut, or with something inserted. */
function spoilt(random: Random, value: string): string {
  switch (random.below(4)) {
    case 0:
      return value.repeat(1 + random.below(400)).slice(0, 8000);
    case 1:
      return random
        .pick(junk)
        .repeat(1 + random.below(4000))
        .slice(0, 8000);
    case 2:
      return value.slice(0, random.below(value.length + 1)) + random.text(junk, 5);
    default:
      return random.text(junk, 20) + value;
  }
}

/** A request target: path and query, made of everything that a URL may hold, or malformed. */
export function hostileTarget(random: Random): string {
  const segments: Pieces = [
    'a',
    'checkout',
    '..',
    '.',
    '',
    '%2e%2e',
    '%2F',
    '%00',
    '%zz',
    '%',
    '%E2%80%AE',
    '*',
    '@',
    ':80',
    `reset/${OF_VISITOR}`,
    `;sid=${OF_VISITOR}`,
    `a%3Ftoken=${OF_VISITOR}`,
    'x'.repeat(300),
  ];
  const path = `/${random.some(random.chance(0.05) ? 300 : 6, () => random.pick(segments)).join('/')}`;
  const query = random.chance(0.6)
    ? ''
    : `?${random.pick(secretNames)}=${OF_VISITOR}&${random.text(junk, 4).replace(/[\s<>"\\\x7f-\xff]/g, '')}`;
  const target = path + query;
  return random.weighted(
    [
      [20, target],
      [1, `http://other.example${target}`],
      [1, `https://u:${OF_VISITOR}@other.example:8080${target}`],
      [1, '*'],
      [1, `${target}#${OF_VISITOR}`],
      [1, target.slice(1)],
      [1, `/\\other.example${target}`],
      [1, `/gr\xc3\xbc\xdfe${target}`],
    ],
    target,
  );
}

/** A Host header, valid most of the time. */
export function hostileHost(random: Random): string {
  const pieces: Pieces = [
    'shop',
    '.example',
    '*',
    '?',
    '#',
    '@',
    '/',
    '\\',
    ':',
    ',',
    ' ',
    '%2F',
    '..',
    '\xc3\xbc',
    '[::1]',
    '127.0.0.1',
    ':99999',
    ':8a',
    '<i>',
  ];
  if (random.chance(0.75))
    return random.pick([
      'shop.example',
      'SHOP.example:8443',
      'xn--bcher-kva.example',
      '127.0.0.1',
      '[::1]:80',
      'localhost',
    ]);
  return random.text(pieces, 5);
}
