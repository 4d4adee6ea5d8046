/** The requests of a hostile visitor on one connection, and the end of the visit. */
import { OF_VISITOR } from './canaries.ts';
import { hostileHeaders, hostileHost, hostileTarget } from './header-values.ts';
import type { Random } from './random.ts';

/** A visit: everything that a visitor does on one connection. */
export interface Visit {
  /** The text to write, in parts. Texts are bytes: one character each. */
  readonly parts: readonly string[];
  /** The methods of the requests, in order. */
  readonly methods: readonly string[];
  /** True if bytes follow the heads. If the server does not read them, the connection can end with a reset. */
  readonly hasBody: boolean;
  /** True if the requests are valid HTTP, so that each of them gets an answer. */
  readonly isWellFormed: boolean;
  /** True if there is a pause between the parts. */
  readonly isSlow: boolean;
  /** The end of the visit: the visitor waits for the server, closes their own side, or resets the connection. */
  readonly ending: 'waits' | 'closes' | 'resets';
}

interface Message {
  readonly method: string;
  readonly parts: readonly string[];
  readonly isWellFormed: boolean;
  /** True if a part of the body is missing. */
  readonly isCut: boolean;
}

/** The header that tells the origin, or the application, the number of the case. */
export const CASE_HEADER = 'X-Soak-Case';

/** The visit of one visitor. */
export function hostileVisit(random: Random, number: number): Visit {
  const count = random.chance(0.1) ? 2 + random.below(3) : 1;
  const messages = Array.from({ length: count }, (_, i) => message(random, number, i === count - 1));
  const isCut = messages.some((one) => one.isCut);
  const patience = random.weighted(
    [
      [20, 'waits'],
      [1, 'closes'],
      [1, 'resets'],
    ] as const,
    'waits',
  );
  return {
    parts: messages.flatMap(({ parts }) => parts),
    methods: messages.map(({ method }) => method),
    hasBody: messages.some(({ parts }) => parts.length > 1),
    // After an incomplete body no request can follow: the server would read it as the rest of the body.
    isWellFormed: messages.every((one, i) => one.isWellFormed && !(one.isCut && i < count - 1)),
    isSlow: random.chance(0.2),
    // A visitor does not wait for the end of a body that never comes.
    ending: isCut ? random.pick(['closes', 'resets']) : patience,
  };
}

const PATH =
  /^\/[\w\-.~!$&'()*+,;=:@/]*(?:%[\da-f]{2}[\w\-.~!$&'()*+,;=:@/]*)*(?:\?[\w\-.~!$&'()*+,;=:@/?%]*)?$/i;
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;
/** The methods that the runtime knows. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'] as const;

function message(random: Random, number: number, isLast: boolean): Message {
  const method = random.chance(0.4) ? 'GET' : random.pick(METHODS);
  const target = method === 'OPTIONS' && random.chance(0.2) ? '*' : hostileTarget(random);
  const host = hostileHost(random);
  const body = method === 'GET' || method === 'HEAD' ? NO_BODY : hostileBody(random);
  const headers = hostileHeaders(random);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `Host: ${host}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...body.lines,
    `${CASE_HEADER}: ${number}`,
    ...(isLast ? ['Connection: close'] : []),
  ];
  // A spoilt HEAD can be another method, whose answer has a body.
  const isSpoilt = method !== 'HEAD' && random.chance(0.06);
  const head = isSpoilt ? spoil(random, lines) : `${lines.join('\r\n')}\r\n\r\n`;
  const isPlain = headers.every(([name]) => !/^(?:expect|upgrade|connection|te)$/i.test(name));
  return {
    method,
    parts: [head, ...body.parts],
    isWellFormed: !isSpoilt && isPlain && body.isWellFormed && HOST.test(host) && PATH.test(target),
    isCut: body.isCut,
  };
}

interface Body {
  readonly lines: readonly string[];
  readonly parts: readonly string[];
  readonly isWellFormed: boolean;
  readonly isCut: boolean;
}

const NO_BODY: Body = { lines: [], parts: [], isWellFormed: true, isCut: false };

function hostileBody(random: Random): Body {
  const content = `{"password":"${OF_VISITOR}"}${'x'.repeat(random.below(random.chance(0.1) ? 40_000 : 500))}`;
  const length = content.length;
  const whole = { isWellFormed: true, isCut: false };
  const chunk = `${length.toString(16)}\r\n${content}\r\n`;
  const chunked = ['Transfer-Encoding: chunked'];
  const badSizes = ['zz', '-5', 'fffffffffffffffff', '5;', '', '0x5', '5 5', '\n5'] as const;
  return random.weighted<Body>(
    [
      [6, { lines: [`Content-Length: ${length}`], parts: [content], ...whole }],
      [4, { lines: chunked, parts: [chunk, '0\r\n\r\n'], ...whole }],
      [
        1,
        {
          lines: chunked,
          parts: [`5;a="b"\r\nhello\r\n`, `0\r\nX-Trailer: ${OF_VISITOR}\r\n\r\n`],
          ...whole,
        },
      ],
      [2, { lines: [`Content-Length: ${length + 1000}`], parts: [content], isWellFormed: true, isCut: true }],
      [1, { lines: chunked, parts: [chunk], isWellFormed: true, isCut: true }],
      [
        2,
        {
          lines: chunked,
          parts: [`${random.pick(badSizes)}\r\n${content}\r\n0\r\n\r\n`],
          isWellFormed: false,
          isCut: true,
        },
      ],
      [1, { lines: chunked, parts: [`3\r\n${content}\r\n0\r\n\r\n`], isWellFormed: false, isCut: true }],
      [
        1,
        {
          lines: [`Content-Length: ${length}`, 'Transfer-Encoding: chunked'],
          parts: [chunk, '0\r\n\r\n'],
          isWellFormed: false,
          isCut: true,
        },
      ],
      [
        1,
        {
          lines: [`Content-Length: ${length}`, `Content-Length: ${length - 1}`],
          parts: [content],
          isWellFormed: false,
          isCut: true,
        },
      ],
      [1, { lines: ['Content-Length: -1'], parts: [content], isWellFormed: false, isCut: true }],
      [1, { lines: ['Transfer-Encoding: gzip'], parts: [content], isWellFormed: false, isCut: true }],
      [1, { lines: ['Content-Length: 3'], parts: [content], isWellFormed: false, isCut: false }],
    ],
    NO_BODY,
  );
}

/** The head of a malformed request. CONNECT is left out, since no handler of a Worker ever gets it. */
function spoil(random: Random, [first = '', ...lines]: readonly string[]): string {
  const [method = '', target = '', version = ''] = first.split(' ');
  const end = (all: readonly string[], line = '\r\n') => `${all.join(line)}${line}${line}`;
  return random.weighted<() => string>(
    [
      [1, () => end([first, 'X-A: a\0b', ...lines])],
      [1, () => end([first, 'X-A: a\nX-B: b\rc', ...lines])],
      [1, () => end([first, 'X A: b', ...lines])],
      [1, () => end([first, 'X-A : b', ...lines])],
      [1, () => end([first, 'no colon', ...lines])],
      [1, () => end([first, ...lines, ' folded', '\tagain'])],
      [1, () => end([first, `: ${OF_VISITOR}`, ...lines])],
      [1, () => end([first, ...lines.filter((line) => !line.startsWith('Host'))])],
      [1, () => end([first, 'Host: other.example', ...lines])],
      [1, () => end([`${method} ${target} HTTP/1.0`, ...lines])],
      [1, () => end([`${method} ${target} HTTP/2.0`, ...lines])],
      [1, () => end([`${method} ${target}`, ...lines])],
      [1, () => end([`${method.toLowerCase()} ${target} ${version}`, ...lines])],
      [1, () => end([`BREW ${target} ${version}`, ...lines])],
      [1, () => end([`TRACE ${target} ${version}`, ...lines])],
      [1, () => end([first, ...lines], '\n')],
      [1, () => end([first, `X-Big: ${'b'.repeat(60_000)}`, ...lines])],
      [1, () => end([first, ...Array<string>(300).fill('X-Many: é'), ...lines])],
      [1, () => `\x16\x03\x01\x02\0${random.text(['\0', '\xff', 'a', '\r\n'], 60)}\r\n\r\n`],
      [1, () => `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`],
    ],
    () => '\r\n\r\n',
  )();
}
