import { describe, expect, test } from 'vitest';
import { adviceOn } from '../../src/cli/lookup/advice.ts';
import { causeOf } from '../../src/cli/lookup/cause.ts';

const REQUEST = {
  http: { request: { method: 'GET' } },
  server: { address: 'shop.example' },
  url: { path: '/checkout' },
};

describe('causeOf', () => {
  test.each([
    [
      {
        message: 'Origin did not answer',
        error: { source: 'network' },
        origin: { status_code: 101, duration_ms: 5 },
      },
      'The origin answered 101 to GET shop.example/checkout after 5 ms, which asked for no other protocol.',
    ],
    [
      {
        message: 'Origin answered 503',
        error: { source: 'origin' },
        origin: { status_code: 503, duration_ms: 42 },
      },
      'The origin answered 503 to GET shop.example/checkout after 42 ms.',
    ],
    [
      {
        message: 'Origin did not answer',
        error: { source: 'network' },
        origin: { duration_ms: 1234 },
        exception: { type: 'Error', message: 'Network connection lost.' },
      },
      'The origin did not answer GET shop.example/checkout after 1.2 s: Error: Network connection lost.',
    ],
    [
      { message: 'Origin timed out', error: { source: 'network' }, origin: { duration_ms: 10_000 } },
      'The origin timed out after 10 s on GET shop.example/checkout.',
    ],
    [
      {
        message: 'Origin did not answer',
        error: { source: 'network' },
        origin: { status_code: 521, duration_ms: 9 },
      },
      'The origin did not answer GET shop.example/checkout; Cloudflare answered 521 in its place after 9 ms: the origin refused the connection (its web server is down, or a firewall blocks Cloudflare).',
    ],
    [
      {
        message: 'Origin timed out',
        error: { source: 'network' },
        origin: { status_code: 524, duration_ms: 125_000 },
      },
      'The origin timed out on GET shop.example/checkout; Cloudflare answered 524 in its place after 2 minutes: the origin accepted the connection but sent no answer in time.',
    ],
    [
      {
        message: 'Interceptor failed',
        error: { source: 'interceptor' },
        exception: { type: 'TypeError', message: 'x is not a function\nand more' },
      },
      "The Worker's own code failed on GET shop.example/checkout: TypeError: x is not a function.",
    ],
    [
      {
        message: 'Origin did not answer',
        error: { source: 'network', type: 'dns_error' },
        exception: { type: 'Error', message: 'ProxyError: dns_error' },
      },
      "The origin did not answer GET shop.example/checkout: the origin's host name cannot be resolved (Error: ProxyError: dns_error).",
    ],
    [
      {
        message: 'Origin answered 503 on purpose',
        error: { source: 'origin', type: '503' },
        origin: { status_code: 503, duration_ms: 5 },
      },
      'The origin answered 503 on purpose to GET shop.example/checkout after 5 ms: it said X-Intercept-Errors: off.',
    ],
    [
      {
        message: 'Origin threw',
        error: { source: 'origin', type: 'TypeError' },
        exception: { type: 'TypeError', message: 'boom' },
      },
      'The Worker behind the binding ORIGIN threw on GET shop.example/checkout: TypeError: boom.',
    ],
    [
      {
        message: 'Application threw',
        error: { source: 'application', type: 'RangeError' },
        exception: { type: 'RangeError', message: 'too far' },
      },
      'The application threw on GET shop.example/checkout: RangeError: too far.',
    ],
    [
      { message: 'Application answered 503', error: { source: 'application', type: '503' } },
      'The application answered 503 to GET shop.example/checkout.',
    ],
    [
      { message: 'Worker asked itself', error: { source: 'interceptor', type: 'proxy_loop_detected' } },
      'The Worker would have asked itself for GET shop.example/checkout: what it takes for its origin is its own address.',
    ],
    [
      { message: 'Drill', error: { source: 'drill', type: 'drill' } },
      'This was a drill on GET shop.example/checkout: nothing has failed.',
    ],
    [
      {
        message: 'Origin answered 503',
        error: { source: 'origin', type: '503' },
        server: { address: 'shop.example', port: 8443 },
      },
      'The origin answered 503 to GET shop.example:8443/checkout.',
    ],
    [{ message: 'Something new', error: { source: 'moon' } }, 'Something new (GET shop.example/checkout).'],
  ])('%j', (fields, sentence) => {
    expect(causeOf({ ...REQUEST, ...fields }, [])).toBe(sentence);
  });

  test("Cloudflare's error code is explained, as a number or a text", () => {
    const record = {
      ...REQUEST,
      message: 'Origin did not answer',
      error: { source: 'network' },
      origin: { status_code: 530 },
    };
    for (const code of [1016, '1016']) {
      expect(causeOf(record, [{ cloudflare: { error_code: code } }])).toMatch(
        /answered 530 in its place with error code 1016: the origin's host name cannot be resolved/,
      );
    }
    expect(causeOf(record, [{ cloudflare: { error_code: 1999 } }])).toMatch(/with error code 1999\.$/);
  });

  test('a record without any of the fields still gives a sentence', () => {
    expect(causeOf({}, [])).toBe('The record does not say what failed (a request).');
    expect(causeOf({ message: {}, error: null, origin: [], url: { path: {} } }, [])).toBe(
      'The record does not say what failed (a request).',
    );
  });
});

describe('adviceOn', () => {
  const advise = (source: string, type: string, more: Record<string, unknown> = {}) =>
    adviceOn({ message: '', error: { source, type }, ...more }, []);

  test.each([
    ['origin', '503', 'the fault of the origin: it got the request'],
    ['origin', 'TypeError', 'the Worker behind the binding ORIGIN'],
    ['network', 'connection_refused', 'The origin is down, or what is between it and Cloudflare is'],
    ['network', 'http_response_timeout', 'within ORIGIN_TIMEOUT_MS'],
    ['application', 'TypeError', 'the fault of your application: its code threw'],
    ['application', '503', 'the fault of your application: it answered'],
    ['interceptor', 'proxy_loop_detected', 'the fault of the configuration'],
    ['interceptor', 'proxy_internal_error', 'the edge error interceptor itself'],
    ['drill', 'drill', 'DRILL_TOKEN'],
  ])('%s %s: says whose fault it is', (source, type, fault) => {
    expect(advise(source, type).fault).toContain(fault);
  });

  test('says what to do next, by cause', () => {
    expect(advise('network', 'connection_refused', { origin: { status_code: 521 } }).next[0]).toContain(
      'running',
    );
    expect(advise('network', 'tls_certificate_error', { origin: { status_code: 526 } }).next[0]).toContain(
      'Renew',
    );
    expect(advise('origin', '504').next[0]).toContain('gateway');
    expect(advise('application', '503').next.join()).not.toContain('overloaded');
    const record = {
      error: { source: 'network', type: 'destination_unavailable' },
      origin: { status_code: 530 },
    };
    expect(adviceOn(record, [{ cloudflare: { error_code: 1033 } }]).next[0]).toContain('cloudflared');
  });
});
