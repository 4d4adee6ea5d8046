import { describe, expect, test } from 'vitest';
import { ERROR_CODES, ORIGIN_LOG } from '../../src/cli/lookup/failure-table.ts';
import { labelOf, verdictOn } from '../../src/cli/lookup/verdict.ts';

const REQUEST = {
  http: { request: { method: 'GET' } },
  server: { address: 'shop.example' },
  url: { path: '/checkout' },
};
const ASKED = 'GET shop.example/checkout';

/** The verdict on a record with these fields from Workers Logs. */
function verdict(source: string, type: string, fields: Record<string, unknown> = {}, body?: string) {
  const additions = body === undefined ? [] : [{ origin: { body } }];
  return verdictOn({ ...REQUEST, error: { source, type }, ...fields }, additions, false);
}

/** Source and type of each kind of failure: statuses, exceptions, and the error types of RFC 9209 §2.3. */
const kinds = [
  ...['500', '502', '503', '504', '599', 'TypeError'].flatMap((type) => [
    { source: 'origin', type },
    { source: 'application', type },
  ]),
  ...'connection_refused connection_timeout connection_terminated connection_read_timeout destination_unavailable destination_ip_unroutable dns_error dns_timeout http_protocol_error http_response_timeout tls_certificate_error tls_protocol_error'
    .split(' ')
    .map((type) => ({ source: 'network', type })),
  { source: 'interceptor', type: 'proxy_loop_detected' },
  { source: 'interceptor', type: 'proxy_internal_error' },
  { source: 'drill', type: 'drill' },
  { source: 'moon', type: 'eclipse' },
];
const status = (status_code: number, fields: Record<string, unknown> = {}) => ({
  origin: { status_code, duration_ms: 42, ...fields },
});
const threw = (message: string, type = 'Error') => ({ exception: { type, message } });

describe('the cause, in one sentence', () => {
  test.each<readonly [ReturnType<typeof verdict>, string]>([
    [verdict('origin', '503', status(503)), `The origin answered 503 to ${ASKED} after 42 ms.`],
    [
      verdict('origin', '503', { ...status(503), message: 'Origin answered 503 on purpose' }),
      `The origin answered 503 on purpose to ${ASKED} after 42 ms: it said X-Intercept-Errors: off.`,
    ],
    [
      verdict('origin', 'TypeError', threw('boom', 'TypeError')),
      `The Worker behind the binding ORIGIN threw on ${ASKED}: TypeError: boom.`,
    ],
    [
      verdict('network', 'http_protocol_error', status(101)),
      `The origin answered 101 to ${ASKED} after 42 ms, which asked for no other protocol.`,
    ],
    [
      verdict('network', 'connection_refused', status(521)),
      `The origin did not answer ${ASKED}: connection refused (Cloudflare answered 521 in its place after 42 ms).`,
    ],
    [
      verdict('network', 'http_response_timeout', status(524, { duration_ms: 125_000 })),
      `The origin did not answer ${ASKED}: no answer in time (Cloudflare answered 524 in its place after 2 minutes).`,
    ],
    [
      verdict('network', 'http_response_timeout', { origin: { duration_ms: 10_000 } }),
      `The origin timed out after 10 s on ${ASKED}.`,
    ],
    [
      verdict('network', 'dns_error', threw('ProxyError: dns_error')),
      `The origin did not answer ${ASKED}: DNS of the origin failed (Error: ProxyError: dns_error).`,
    ],
    [
      verdict('network', 'destination_unavailable', threw('Network connection lost.')),
      `The origin did not answer ${ASKED}: Error: Network connection lost.`,
    ],
    [
      verdict('application', 'RangeError', threw('too far', 'RangeError')),
      `The application threw on ${ASKED}: RangeError: too far.`,
    ],
    [verdict('application', '503'), `The application answered 503 to ${ASKED}.`],
    [
      verdict('interceptor', 'proxy_loop_detected'),
      `The Worker would have asked itself for ${ASKED}: what it takes for its origin is its own address.`,
    ],
    [
      verdict('interceptor', 'proxy_internal_error', threw('x is not a function\nand more', 'TypeError')),
      `The Worker's own code failed on ${ASKED}: TypeError: x is not a function.`,
    ],
    [verdict('drill', 'drill'), `This was a drill on ${ASKED}: nothing has failed.`],
    [
      verdict('origin', '503', { ...status(503), server: { address: 'shop.example', port: 8443 } }),
      'The origin answered 503 to GET shop.example:8443/checkout after 42 ms.',
    ],
    [verdict('moon', 'eclipse', { message: 'Something new' }), `Something new (${ASKED}).`],
  ])('%#', ({ cause }, sentence) => {
    expect(cause).toBe(sentence);
  });

  test('a record without any of the fields still gives a sentence', () => {
    const empty = 'The record does not say what failed (a request).';
    expect(verdictOn({}, [], false).cause).toBe(empty);
    expect(verdictOn({ message: {}, error: null, origin: [], url: { path: {} } }, [], false).cause).toBe(
      empty,
    );
  });
});

describe('of what Cloudflare answers no more is said than is known', () => {
  test.each([
    [520, 'http_protocol_error', /broke off/],
    [521, 'connection_refused', /is down/],
    [522, 'connection_timeout', /is down or overloaded/],
    [523, 'destination_ip_unroutable', /is down/],
    [524, 'http_response_timeout', /is slow/],
    [525, 'tls_protocol_error', /TLS/],
    [526, 'tls_certificate_error', /TLS certificate/],
    [530, 'destination_unavailable', /could not ask the origin/],
  ] as const)('%i', (code, type, words) => {
    const { cause, fault } = verdict('network', type, status(code));
    expect(fault).toMatch(words);
    expect(cause).toContain(String(code));
    expect(/is down/.test(fault)).toBe(code >= 521 && code <= 523);
  });

  test.each(['500', '502', '504'])('a %s with its Server header may be its own', (type) => {
    const own = verdict('origin', type, status(Number(type), { server: 'cloudflare' }));
    expect(own.cause).toContain('or Cloudflare did in its place');
    expect(own.fault).toContain('of the origin or of Cloudflare');
    expect(own.next.join()).not.toContain('gateway of yours');
    const other = verdict('origin', type, status(Number(type), { server: 'nginx' }));
    expect(other.cause + other.fault).not.toContain('Cloudflare');
  });

  test('its error code is explained, as a number, a text, or in the body', () => {
    for (const code of [1016, '1016']) {
      const { cause, next } = verdict('network', 'destination_unavailable', {
        ...status(530),
        cloudflare: { error_code: code },
      });
      expect(cause).toMatch(
        /answered 530 after 42 ms with error code 1016: the origin's host name cannot be/,
      );
      expect(next[0]).toContain('Look at the DNS record');
    }
    const inBody = (server: string) =>
      verdict('origin', '500', status(500, { server }), 'error code: 1101').cause;
    expect(inBody('cloudflare')).toContain('error code 1101: a Worker threw an exception');
    expect(inBody('nginx')).not.toContain('1101');
    const unknown = verdict('network', 'x', { ...status(530), cloudflare: { error_code: 1999 } });
    expect(unknown.cause).toMatch(/with error code 1999\.$/);
  });
});

describe('advice is given only where it can help', () => {
  const local = (source: string, type: string) =>
    verdictOn({ ...REQUEST, error: { source, type } }, [], true).next.join('\n');

  test('to roll the Worker back: where its code or configuration failed, and not on wrangler dev', () => {
    for (const [source, type] of [
      ['application', 'TypeError'],
      ['application', '503'],
      ['interceptor', 'proxy_internal_error'],
    ] as const) {
      expect(verdict(source, type).next.join()).toContain('npx wrangler rollback');
      expect(local(source, type)).not.toContain('wrangler rollback');
    }
    for (const { source, type } of kinds) {
      if (['application', 'interceptor'].includes(source)) continue;
      expect(verdict(source, type).next.join()).not.toContain('rollback');
    }
  });

  test('to look at the stack: where there is one', () => {
    const where = 'The stack below says where.';
    const stack = {
      exception: { ...threw('boom').exception, stacktrace: 'Error: boom\n at f (index.js:1:2)' },
    };
    expect(verdict('application', 'Error', stack).next).toContain(where);
    expect(verdict('application', '503', stack).next).toContain(where);
    expect(verdict('application', 'string', threw('boom', 'string')).next).not.toContain(where);
  });

  test('to end error handlers with onError: where an application answered and no exception is known', () => {
    expect(verdict('application', '500').next.join()).toContain('return onError(error, c)');
    expect(verdict('application', '503', threw('busy', 'HTTPException')).next.join()).not.toContain(
      'onError',
    );
    expect(verdict('application', 'Error', threw('boom')).next.join()).not.toContain('onError');
  });

  test('nothing of production to wrangler dev', () => {
    for (const { source, type } of kinds) {
      expect(local(source, type), `${source} ${type}`).not.toMatch(
        /wrangler (?:rollback|tunnel|deploy)|cloudflare\.com|--resolve/,
      );
    }
    expect(local('interceptor', 'proxy_loop_detected')).toContain('ORIGIN_URL');
  });

  test("to search the origin's log: only where the request may have reached it", () => {
    const reached = [520, 524].map((code) =>
      verdict('network', code === 520 ? 'http_protocol_error' : 'http_response_timeout', status(code)),
    );
    for (const { next } of reached) expect(next).toContain(ORIGIN_LOG);
    for (const [source, type, code] of [
      ['network', 'connection_refused', 521],
      ['network', 'connection_timeout', 522],
      ['network', 'destination_ip_unroutable', 523],
      ['network', 'tls_protocol_error', 525],
      ['network', 'tls_certificate_error', 526],
      ['network', 'destination_unavailable', 530],
      ['drill', 'drill', undefined],
      ['interceptor', 'proxy_loop_detected', undefined],
      ['application', '503', undefined],
    ] as const) {
      const { next } = verdict(source, type, code === undefined ? {} : status(code));
      expect(next.join(), type).not.toContain("the origin's log");
    }
  });

  test('X-Intercept-Errors: to a 503 that may be meant, not to one that had it', () => {
    expect(verdict('origin', '503', status(503)).next.join()).toContain('X-Intercept-Errors: off shows');
    const meant = verdict('origin', '503', { ...status(503), message: 'Origin answered 503 on purpose' });
    expect(meant.next.join()).not.toContain('X-Intercept-Errors: off');
    expect(verdict('application', '503').next.join()).not.toContain('X-Intercept-Errors');
  });
});

describe('the table', () => {
  test('labels name the kind in a list of many', () => {
    expect(labelOf({ error_source: 'origin', error_type: '503' })).toBe('origin answered 503');
    expect(labelOf({ error_source: 'network', error_type: 'http_response_timeout' })).toBe(
      'no answer in time',
    );
    expect(labelOf({ error_source: 'moon', error_type: 'eclipse' })).toBe('eclipse');
  });

  test('leaves no placeholder open', () => {
    for (const { source, type } of kinds) {
      const { cause, fault, next } = verdict(source, type);
      expect([cause, fault, ...next].join()).not.toMatch(/[{}]/);
    }
    expect(Object.values(ERROR_CODES).flat().join()).not.toMatch(/[{}]/);
  });
});
