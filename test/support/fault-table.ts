/**
 * The table of faults: each fault, the ways to provoke it, and its names in the log. The tests of the faults are made
 * from this table, and the table in src/log/README.md is compared with it.
 * `npx node test/support/fault-table.ts` prints that table.
 */
import { statusOf } from '../../src/answer/status.ts';
import { diagnose } from '../../src/diagnosis.ts';
import type { Failure } from '../../src/failure.ts';

/** One fault, which is a row of the table. */
export interface Fault {
  /** Completes "What happens when …". */
  readonly when: string;
  /** The record's `message`; `<status>` stands for the origin's status. */
  readonly message: string;
  /** The record's `error.type`; `<status>` stands for the origin's status. */
  readonly type: string;
  /** The record's `error.source`. */
  readonly source: 'origin' | 'network' | 'interceptor';
  /** The visitor's status with `ERROR_STATUS = "origin"`; without it, the status is 500. `<status>` as above. */
  readonly statusIfKept: string;
  readonly ways: readonly Way[];
}

/** The place at which a Worker finds its origin. */
export type Place =
  | 'the misbehaving origin'
  | 'the misbehaving origin, with a limit'
  | 'a port where nobody listens'
  | 'a TLS port, asked in plain HTTP'
  | 'a plain port, asked over TLS'
  | 'a TLS port with a self-signed certificate'
  | 'a TLS port that never answers'
  | 'a name that does not resolve'
  | 'itself';

/** One way to provoke a fault. */
export interface Way {
  readonly place: Place;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The number of bytes to upload. */
  readonly uploadBytes?: number;
  /** The status of the origin's answer, if it answers. */
  readonly status?: number;
  /** The time in milliseconds after which the origin fails. */
  readonly delayMs?: number;
  /** The 1xxx code in Cloudflare's answer, which gets a record of its own. */
  readonly cloudflareErrorCode?: number;
}

/** The time limit for an origin whose failure is a time-out (`ORIGIN_TIMEOUT_MS`). */
export const TIMEOUT_MS = 400;

/** The origin waits this long between its last bytes and a reset. Without the pause the bytes would get lost. */
const RESET_DELAY_MS = 20;

const webSocket = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
} as const;

const SMALL = 2_000;
const LARGE = 8_000_000;

function origin(path: string, way: Partial<Way> = {}): Way {
  return { place: 'the misbehaving origin', path, ...way };
}

function at(place: Place, way: Partial<Way> = {}): Way {
  return { place, path: '/', ...way };
}

function fromCloudflare(status: number, way: Partial<Way> = {}): readonly Way[] {
  return [origin(`/cloudflare/${status}`, { status, ...way }), origin(`/status/${status}`, { status })];
}

const unanswered = { message: 'Origin did not answer', source: 'network', statusIfKept: '503' } as const;
const late = { message: 'Origin timed out', source: 'network', statusIfKept: '503' } as const;
const answered = { message: 'Origin answered <status>', type: '<status>', source: 'origin' } as const;

const retired = [527, 528, 529];
const cloudflares = [520, 521, 522, 523, 524, 525, 526, 530];
// The registered statuses without 502 and 504: https://www.iana.org/assignments/http-status-codes. Cloudflare
// replaces these two when a Worker sends them.
const lasting = [500, 501, 503, 505, 506, 507, 508, 510, 511];
const passing = Array.from({ length: 100 }, (_, index) => 500 + index).filter(
  (status) => ![...lasting, ...retired, ...cloudflares].includes(status),
);

/** Every fault, in the order of the README. */
export const faults: readonly Fault[] = [
  {
    when: 'the origin answers 500, 501, 503, 505 to 508, 510 or 511',
    ...answered,
    statusIfKept: '<status>',
    ways: [
      ...lasting.map((status) => origin(`/status/${status}`, { status })),
      origin('/problem-503', { status: 503 }),
      origin('/endless-500', { status: 500 }),
      origin('/stalled-500', { status: 500 }),
      origin('/reset-500', { status: 500 }),
      origin('/gzip-500', { status: 500 }),
      origin('/corrupt-gzip-500', { status: 500 }),
      ...['/early-500', '/early-500-closing'].flatMap((path) =>
        [SMALL, LARGE].map((uploadBytes) => origin(path, { method: 'POST', uploadBytes, status: 500 })),
      ),
      origin('/websocket-refused', { headers: webSocket, status: 503 }),
    ],
  },
  {
    when: 'the origin answers 502, 504 or another 5xx (other than the statuses below)',
    ...answered,
    statusIfKept: '503',
    ways: passing.map((status) => origin(`/status/${status}`, { status })),
  },
  {
    when: 'the origin refuses the connection',
    ...unanswered,
    type: 'destination_unavailable',
    ways: [at('a port where nobody listens')],
  },
  {
    when: 'the origin closes or resets the connection before its headers are complete',
    ...unanswered,
    type: 'destination_unavailable',
    ways: [
      origin('/closed'),
      origin('/reset'),
      origin('/half-status-line'),
      origin('/reset-in-status-line', { delayMs: RESET_DELAY_MS }),
      origin('/reset-in-headers', { delayMs: RESET_DELAY_MS }),
      origin('/reset-upload', { method: 'POST', uploadBytes: SMALL }),
      origin('/reset-upload', { method: 'POST', uploadBytes: LARGE }),
      origin('/websocket-reset', { headers: webSocket }),
      origin('/websocket-wrong', { headers: webSocket }),
    ],
  },
  {
    when: 'the origin answers with something that is not HTTP',
    ...unanswered,
    type: 'destination_unavailable',
    ways: [
      origin('/garbage'),
      origin('/ssh-banner'),
      origin('/http-0.9'),
      origin('/bad-header-name'),
      origin('/header-without-colon'),
      origin('/bad-content-length'),
    ],
  },
  {
    when: 'the TLS handshake fails, or the certificate is not trusted',
    ...unanswered,
    type: 'destination_unavailable',
    ways: [
      at('a plain port, asked over TLS'),
      at('a TLS port, asked in plain HTTP'),
      at('a TLS port with a self-signed certificate'),
    ],
  },
  {
    when: 'the origin’s name does not resolve',
    ...unanswered,
    type: 'destination_unavailable',
    ways: [at('a name that does not resolve')],
  },
  {
    when: 'no response headers come within `ORIGIN_TIMEOUT_MS`',
    ...late,
    type: 'http_response_timeout',
    ways: [
      origin('/silent', { place: 'the misbehaving origin, with a limit', delayMs: TIMEOUT_MS }),
      at('a TLS port that never answers', { delayMs: TIMEOUT_MS }),
    ],
  },
  {
    when: 'the origin answers 101 to a request that asked for no other protocol',
    ...unanswered,
    type: 'http_protocol_error',
    ways: [origin('/unexpected-101', { status: 101 })],
  },
  {
    when: 'Cloudflare answers 520 (the origin’s answer was empty or not HTTP)',
    ...unanswered,
    type: 'http_protocol_error',
    ways: fromCloudflare(520),
  },
  {
    when: 'Cloudflare answers 521 (the origin refused the connection)',
    ...unanswered,
    type: 'connection_refused',
    ways: fromCloudflare(521),
  },
  {
    when: 'Cloudflare answers 522 (connecting to the origin took too long)',
    ...late,
    type: 'connection_timeout',
    ways: fromCloudflare(522),
  },
  {
    when: 'Cloudflare answers 523 (there is no route to the origin)',
    ...unanswered,
    type: 'destination_ip_unroutable',
    ways: fromCloudflare(523),
  },
  {
    when: 'Cloudflare answers 524 (the origin’s answer took too long)',
    ...late,
    type: 'http_response_timeout',
    ways: fromCloudflare(524),
  },
  {
    when: 'Cloudflare answers 525 (the TLS handshake failed)',
    ...unanswered,
    type: 'tls_protocol_error',
    ways: fromCloudflare(525),
  },
  {
    when: 'Cloudflare answers 526 (the origin’s certificate is not valid)',
    ...unanswered,
    type: 'tls_certificate_error',
    ways: fromCloudflare(526),
  },
  {
    when: 'Cloudflare answers 527, 528 or 529',
    ...answered,
    statusIfKept: '503',
    ways: retired.flatMap((status) => fromCloudflare(status)),
  },
  {
    when: 'Cloudflare answers 530 (a 1xxx error, such as 1016: the origin’s name does not resolve)',
    ...unanswered,
    type: 'destination_unavailable',
    ways: fromCloudflare(530, { cloudflareErrorCode: 1016 }),
  },
  {
    when: 'the Worker would ask itself',
    message: 'Worker asked itself',
    type: 'proxy_loop_detected',
    source: 'interceptor',
    statusIfKept: '500',
    ways: [at('itself', { headers: { 'CF-Worker': 'shop.example' } })],
  },
];

/** A text of the table, with the status of one way filled in. */
export function withStatus(text: string, { status }: Way): string {
  return text.replace('<status>', String(status));
}

/** Two answers and an exception. Each stands for all others in its row of the table. */
const lastingAnswer = new Response(null, { status: 511 });
const passingAnswer = new Response(null, { status: 502 });
const anyException = { name: '<exception>' };

/** Failures that are not the origin's. Tests of their own provoke them, and the names are taken from the code. */
const others: readonly (readonly [when: string, failure: Failure])[] = [
  ['the bound Worker `ORIGIN` throws', { kind: 'threw', source: 'origin', exception: anyException }],
  [
    'an application in the same Worker throws',
    { kind: 'threw', source: 'application', exception: anyException },
  ],
  [
    'an application in the same Worker answers 500, 501, 503, 505 to 508, 510 or 511',
    { kind: 'answered', source: 'application', response: lastingAnswer },
  ],
  [
    'an application in the same Worker answers another 5xx',
    { kind: 'answered', source: 'application', response: passingAnswer },
  ],
  ['a drill was asked for', { kind: 'drill' }],
  ["the interceptor's own code throws", { kind: 'interceptor', exception: anyException }],
];

/** The cells of a fault, apart from its cause, as the README shows them. */
function names({ message, type, source, statusIfKept }: Omit<Fault, 'when' | 'ways'>): readonly string[] {
  return [message, type, source, statusIfKept].map((name) => `\`${name}\``);
}

/** The same cells for a failure, with the names that the code gives it. */
function namesOf(failure: Failure): readonly string[] {
  const { message, type, source } = diagnose(failure);
  return [message, type, source, String(statusOf(failure))].map(
    (name) => `\`${name.replace(/511|502/, '<status>')}\``,
  );
}

/** The rows of the table, each as its cells: first the heading, then one row for all faults with the same names. */
export function tableRows(): readonly (readonly string[])[] {
  const heading = ['When', '`message`', '`error.type`', '`error.source`', 'Status'];
  const causes = new Map<string, { names: readonly string[]; when: string[] }>();
  const all = [
    ...faults.map((fault) => ({ when: fault.when, names: names(fault) })),
    ...others.map(([when, failure]) => ({ when, names: namesOf(failure) })),
  ];
  for (const { when, names } of all) {
    const cause = causes.get(names.join());
    if (cause === undefined) causes.set(names.join(), { names, when: [when] });
    else cause.when.push(when);
  }
  return [heading, ...Array.from(causes.values(), ({ names, when }) => [when.join('; '), ...names])];
}

function renderTable(): string {
  const [heading = [], ...rows] = tableRows();
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

if (import.meta.main) console.log(renderTable());
