import { describe, expect, test } from 'vitest';
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
      'The origin did not answer GET shop.example/checkout: Error: Network connection lost (after 1.2 s).',
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
      "The Worker's own code failed: TypeError: x is not a function (GET shop.example/checkout).",
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
    expect(causeOf({ message: 7, error: null, origin: [], url: { path: {} } }, [])).toBe(
      'The record does not say what failed (a request).',
    );
  });
});
